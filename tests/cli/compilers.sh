#!/bin/bash
# compilers.sh COVDB SOURCE_DIR COMPILER - covdb equals the gcov of that compiler, one of those that Debian 12 has.
#
# Each program of tests/data/programs is compiled at several levels and run; then its counters are
# replaced by made-up ones (tests/oracle/made_data.py). covdb verify compares every line, function and
# branch with the compiler's own gcov. avr-gcc, the only GCC before 8, has no runtime here: its
# counters are all made up. gcc-12-as-5: its gcov also gets the notes of GCC 12 in its layout.
set -euo pipefail
# shellcheck source=tests/cli/lib.sh
. "$2/tests/cli/lib.sh"
compiler=$3
programs=(loops jumps macros parts)
clang_words=('402*' '407*' '408*' 'A73*' 'A83*' 'A93*' 'B13*')
# Above these words llvm-cov expects another layout than clang writes; see lies() below.
clang_lies=('B22*' 'B51*')
sets=0 objects=0 lines=0 functions=0 branches=0 differences=0

# Compare what is in the current folder with a gcov, and add up.
compare() { # GCOV
	local status=0 words
	"$covdb" verify . --notes . --gcov "$1" >"$folder/said" 2>"$folder/err" || status=$?
	read -ra words <<<"$(tail -n 1 "$folder/said")"
	if [ "${words[12]-}" != "differences" ] || [ "${words[0]}" != ${#programs[@]} ]; then
		echo "$PWD: covdb verify says nothing that is understood (status $status)"
		cat "$folder/said" "$folder/err"
		exit 1
	fi
	if [ "$status" != 0 ]; then
		differences=$((differences + words[11]))
		echo "$PWD:"
		cat "$folder/said" "$folder/err"
	fi
	sets=$((sets + 1)) objects=$((objects + words[0])) lines=$((lines + words[2]))
	functions=$((functions + words[4])) branches=$((branches + words[6]))
}

enter() { # NAME: a folder of its own, with the sources
	mkdir "$folder/$1"
	cd "$folder/$1"
	cp "$source"/tests/data/programs/*.[ch] .
}

build_and_run() { # COMPILER OPTION...
	local program
	for program in "${programs[@]}"; do
		"$@" -w --coverage -c "$program.c" -o "$program.o"
		"$1" --coverage "$program.o" -o "$program"
		"./$program" >/dev/null
	done
}

with_made_counters() { # GCOV MODE...
	local gcov=$1 mode
	shift
	for mode; do
		python3 "$source/tests/oracle/made_data.py" counters "$mode" 1 ./*.gcno
		compare "$gcov"
	done
}

# An llvm-cov that is given files whose version word clang should not have written.
lies() { # LLVM-COV: the name of a program
	cat >"$folder/$1-B13" <<-END
		#!/bin/sh
		# llvm-cov gcov -b -c -t DATA...
		for data; do
			case \$data in *.gcda) ;; *) continue ;; esac
			printf '*31B' | dd of="\$data" bs=1 seek=4 conv=notrunc status=none
			printf '*31B' | dd of="\${data%.gcda}.gcno" bs=1 seek=4 conv=notrunc status=none
		done
		exec $1 "\$@"
	END
	chmod +x "$folder/$1-B13"
	echo "$folder/$1-B13"
}

check_gcc() { # VERSION
	local level
	need "gcc-$1" "gcov-$1" python3
	for level in O0 O1 O2 Os; do
		enter "$level"
		build_and_run "gcc-$1" "-$level"
		compare "gcov-$1"
		with_made_counters "gcov-$1" walk random negative
	done
}

check_clang() { # VERSION
	local gcov level word
	need "clang-$1" "llvm-cov-$1" python3
	if [ ! -e "$("clang-$1" -print-file-name=libclang_rt.profile-x86_64.a)" ] &&
		[ ! -e "$("clang-$1" --print-runtime-dir)/libclang_rt.profile-x86_64.a" ]; then
		skip "clang-$1 has no runtime (package libclang-rt-$1-dev)"
	fi
	for word in "${clang_words[@]}" "${clang_lies[@]}"; do
		gcov=llvm-cov-$1
		if [[ " ${clang_lies[*]} " = *" $word "* ]]; then gcov=$(lies "$gcov"); fi
		for level in O0 O2; do
			enter "${word%?}-$level"
			build_and_run "clang-$1" "-$level" -Xclang "-coverage-version=$word"
			compare "$gcov"
			# Made-up counters are solved alike in all layouts: those of GCC 4.8 and 12 stand for all.
			if [[ $word = 408* || $word = B22* ]]; then
				with_made_counters "$gcov" walk random negative
			fi
		done
	done
}

check_avr() {
	local level program
	need avr-gcc avr-gcov python3
	for level in O0 O1 O2 Os; do
		enter "$level"
		for program in "${programs[@]}"; do
			avr-gcc -w -$level -std=gnu99 -fprofile-arcs -ftest-coverage -S "$program.c"
		done
		with_made_counters avr-gcov walk random negative
	done
}

check_rewritten() {
	local level program
	need gcc-12 avr-gcov python3
	for level in O0 O1 O2 Os; do
		enter "as-made-$level"
		build_and_run gcc-12 "-$level"
		enter "$level"
		for program in "${programs[@]}"; do
			python3 "$source/tests/oracle/made_data.py" as-gcc-5 "$folder/as-made-$level/$program.gcno" "$program.gcno"
		done
		with_made_counters avr-gcov walk random negative
	done
}

case $compiler in
gcc-12-as-5) check_rewritten ;;
gcc-*) check_gcc "${compiler#gcc-}" ;;
clang-*) check_clang "${compiler#clang-}" ;;
avr-gcc) check_avr ;;
*) exit 2 ;;
esac
echo "$compiler: ${#programs[@]} programs in $sets sets: $objects objects, $lines lines, $functions functions," \
	"$branches branches compared: $differences differences"
[ "$lines" -gt 0 ] && [ "$differences" = 0 ]
