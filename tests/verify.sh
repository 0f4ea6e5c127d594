#!/bin/sh
# verify.sh COVDB SOURCE_DIR - covdb verify agrees with gcov, and tells when it does not.
set -eu
covdb=$1
source=$2
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

command -v gcov >/dev/null || {
	echo "skipped: gcov is not installed"
	exit 77
}
cp "$source"/tests/data/programs/*.[ch] "$folder"
cd "$folder"
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
