#!/bin/sh
# verify.sh COVDB SOURCE_DIR - covdb verify agrees with gcov, and tells when it does not.
set -eu
# shellcheck source=tests/cli/lib.sh
. "$2/tests/cli/lib.sh"
need gcov

cp "$source"/tests/data/programs/*.[ch] "$folder"
for program in *.c; do
	name=${program%.c}
	gcc -O2 --coverage -c "$program" -o "$name.o"
	gcc --coverage "$name.o" -o "$name"
	"./$name" >/dev/null
done
"$covdb" verify . --notes . >agrees
cat agrees
grep -qE '^4 objects, [1-9][0-9]+ lines, [1-9][0-9]* functions, [1-9][0-9]+ branches .* 0 differences$' agrees

# A gcov that miscounts one kind of thing each: the difference is found and named.
for change in 's/"count": 40,/"count": 41,/' 's/"execution_count": 40,/"execution_count": 39,/' \
	's/"fallthrough": true/"fallthrough": false/' 's/"blocks_executed": 3,/"blocks_executed": 4,/'; do
	cat >liar <<END
#!/bin/sh
gcov "\$@" | sed '$change'
END
	chmod +x liar
	status=0
	"$covdb" verify . --notes . --gcov ./liar >differs || status=$?
	if [ "$status" != 1 ] || ! grep -q 'only gcov: ' differs || grep -q ' 0 differences' differs; then
		echo "not told: $change"
		cat differs
		exit 1
	fi
	tail -n 1 differs
done
status=0
"$covdb" verify . --notes . --gcov /bin/true 2>err || status=$?
[ "$status" = 3 ] && [ "$(wc -l <err)" = 1 ]

# The text of other gcovs: a false count of each kind is found as well.
liars_are_found() { # GCOV CHANGE...: what is in this folder agrees, and does not with a liar
	gcov=$1
	shift
	"$covdb" verify . --notes . --gcov "$gcov"
	for change; do
		cat >liar <<-END
			#!/bin/sh
			# What is not printed is written, beside this.
			$gcov "\$@" | sed '$change'
			for file in *.gcov; do [ ! -e "\$file" ] || sed -i '$change' "\$file"; done
		END
		chmod +x liar
		status=0
		"$covdb" verify . --notes . --gcov ./liar >differs || status=$?
		if [ "$status" != 1 ] || ! grep -q 'only gcov: ' differs || grep -q ' 0 differences' differs; then
			echo "not told: $gcov, $change"
			cat differs
			exit 1
		fi
		tail -n 1 differs
	done
}
if command -v clang-14 llvm-cov-14 >/dev/null; then
	mkdir clang && cd clang
	cp ../*.[ch] .
	clang-14 -O0 --coverage -c loops.c -o loops.o
	clang-14 --coverage loops.o -o loops && ./loops
	liars_are_found llvm-cov-14 's/ 40: / 41: /' 's/called 40 /called 39 /' 's/taken 40$/taken 41/'
	cd ..
else
	echo "not compared with llvm-cov: clang-14 or llvm-14 is not installed"
fi
if command -v avr-gcc avr-gcov >/dev/null; then
	mkdir avr && cd avr
	cp ../loops.c ../inline.h .
	avr-gcc -O1 -std=gnu99 -fprofile-arcs -ftest-coverage -S loops.c
	python3 "$source/tests/oracle/made_data.py" counters walk 7 loops.gcno
	liars_are_found avr-gcov '/:   [0-9]*:/s/ 1:/ 2:/' 's/called 1 /called 3 /' 's/taken 1\( \|$\)/taken 4\1/'
	cd ..
else
	echo "not compared with gcov 5.4: gcc-avr is not installed"
fi
