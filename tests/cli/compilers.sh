#!/bin/bash
# compilers.sh COVDB SOURCE_DIR - covdb equals the gcov of every compiler that Debian 12 has.
#
# Each program of tests/data/programs is compiled at several levels and run; then its counters are
# replaced by made-up ones (tests/oracle/made_data.py). covdb verify compares every line, function and
# branch with the compiler's own gcov. avr-gcc, the only GCC before 8, has no runtime here: its
# counters are all made up, and its gcov also gets the notes of GCC 12 in its layout.
set -euo pipefail
# shellcheck source=tests/cli/lib.sh
. "$2/tests/cli/lib.sh"
programs=(loops jumps macros parts)
clang_words=('402*' '407*' '408*' 'A73*' 'A83*' 'A93*' 'B13*')
# Above these words llvm-cov expects another layout than clang writes; see lies() below.
clang_lies=('B22*' 'B51*')
sets=0 compilers=0 objects=0 lines=0 functions=0 branches=0 differences=0
missing=()

need() { # COMMAND PACKAGE: whether it is there; noted if not
	command -v "$1" >/dev/null && return 0
	missing+=("$1 is not installed (package $2)")
	return 1
}

# Compare what is in the current folder with a gcov, and add up.
compare() { # GCOV
	local status=0 words
	"$covdb" verify . --notes . --gcov "$1" >"$folder/said" 2>"$folder/err" || status=$?
	read -ra words <<<"$(tail -n 1 "$folder/said")"
	if [ "${words[12]-}" != "differences" ] || [ "${words[0]}" != ${#programs[@]} ]; then
		echo "compilers: $PWD: covdb verify says nothing that is understood (status $status)"
		cat "$folder/said" "$folder/err"
		exit 1
	fi
	if [ "$status" != 0 ]; then
		differences=$((differences + words[11]))
		echo "compilers: $PWD:"
		cat "$folder/said" "$folder/err"
	fi
	sets=$((sets + 1)) objects=$((objects + words[0])) lines=$((lines + words[2]))
	functions=$((functions + words[4])) branches=$((branches + words[6]))
}

# What was compared since the last call.
report() { # COMPILER LEVELS GCOV
	printf '%-26s x %d programs x %-18s %3d objects, %5d lines, %4d functions, %5d branches, %s: %d differences\n' \
		"$1" ${#programs[@]} "$2" $((objects - old_objects)) $((lines - old_lines)) \
		$((functions - old_functions)) $((branches - old_branches)) "$3" $((differences - old_differences))
	compilers=$((compilers + 1))
}
start() {
	old_objects=$objects old_lines=$lines old_functions=$functions old_branches=$branches
	old_differences=$differences
}

enter() { # NAME: a folder of its own, with the sources
	mkdir -p "$folder/$1"
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

for version in 11 12; do
	need "gcc-$version" "gcc-$version" || continue
	start
	for level in O0 O1 O2 Os; do
		enter "gcc-$version-$level"
		build_and_run "gcc-$version" "-$level"
		compare "gcov-$version"
		with_made_counters "gcov-$version" walk random negative
	done
	report "gcc-$version" "-O0 -O1 -O2 -Os" "gcov-$version"
done

# An llvm-cov that is given files whose version word clang should not have written.
lies() { # LLVM-COV: the name of a program
	cat >"$folder/$1-B13" <<-END
		#!/bin/sh
		# llvm-cov gcov -b -c -t DATA
		if [ "\$1" = gcov ]; then
			for data; do :; done
			printf '*31B' | dd of="\$data" bs=1 seek=4 conv=notrunc status=none
			printf '*31B' | dd of="\${data%.gcda}.gcno" bs=1 seek=4 conv=notrunc status=none
		fi
		exec $1 "\$@"
	END
	chmod +x "$folder/$1-B13"
	echo "$folder/$1-B13"
}

for version in 14 16 19; do
	need "clang-$version" "clang-$version" || continue
	need "llvm-cov-$version" "llvm-$version" || continue
	if [ ! -e "$(clang-$version -print-file-name=libclang_rt.profile-x86_64.a)" ] &&
		[ ! -e "$(clang-$version --print-runtime-dir)/libclang_rt.profile-x86_64.a" ]; then
		missing+=("clang-$version has no runtime (package libclang-rt-$version-dev)")
		continue
	fi
	for word in "${clang_words[@]}" "${clang_lies[@]}"; do
		gcov=llvm-cov-$version
		if [[ " ${clang_lies[*]} " = *" $word "* ]]; then gcov=$(lies "$gcov"); fi
		start
		for level in O0 O2; do
			enter "clang-$version-${word%?}-$level"
			build_and_run "clang-$version" "-$level" -Xclang "-coverage-version=$word"
			compare "$gcov"
			# Made-up counters are solved alike in all layouts: those of GCC 4.8 and 12 stand for all.
			if [[ $word = 408* || $word = B22* ]]; then
				with_made_counters "$gcov" walk random negative
			fi
		done
		report "clang-$version as $word" "-O0 -O2" "${gcov##*/}"
	done
done

if need avr-gcc gcc-avr; then
	start
	for level in O0 O1 O2 Os; do
		enter "avr-$level"
		for program in "${programs[@]}"; do
			avr-gcc -w -$level -std=gnu99 -fprofile-arcs -ftest-coverage -S "$program.c"
		done
		with_made_counters avr-gcov walk random negative
	done
	report "avr-gcc 5.4" "-O0 -O1 -O2 -Os" avr-gcov
	start
	for level in O0 O1 O2 Os; do
		[ -d "$folder/gcc-12-$level" ] || continue
		enter "avr-gcc-12-$level"
		for program in "${programs[@]}"; do
			python3 "$source/tests/oracle/made_data.py" as-gcc-5 "$folder/gcc-12-$level/$program.gcno" "$program.gcno"
		done
		with_made_counters avr-gcov walk random negative
	done
	report "gcc-12 rewritten as 504*" "-O0 -O1 -O2 -Os" avr-gcov
fi

echo "compilers: $compilers compilers and version words x ${#programs[@]} programs in $sets sets: $objects objects," \
	"$lines lines, $functions functions, $branches branches compared: $differences differences"
for reason in "${missing[@]}"; do
	echo "compilers: not compared: $reason"
done
if [ "$compilers" = 0 ]; then exit 77; fi
[ "$differences" = 0 ]
