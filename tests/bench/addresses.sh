#!/bin/bash
# addresses.sh COVDB FOLDER [SOURCE_DIR] - how many of the lines that gcov counts a set of traced addresses has.
#
# Compiles covdb twice in FOLDER: with --coverage, and with -fsanitize-coverage=trace-pc, as KCOV has a kernel compiled;
# lets both run the same commands; and has COVDB, a normal build, compare what it makes of the addresses
# with the counters. Takes a few minutes.
set -euo pipefail
if [ $# -lt 2 ]; then
	echo "usage: addresses.sh COVDB FOLDER [SOURCE_DIR]" >&2
	exit 2
fi
here=$(cd "$(dirname "$0")" && pwd)
covdb=$(realpath "$1")
folder=$(realpath -m "$2")
source=$(realpath "${3:-$here/../..}")
mkdir -p "$folder/work"
cat >"$folder/trace.c" <<'C'
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum { PLACES = 1 << 22 };
static uint64_t seen[PLACES];

/* Each address once; several threads may come. */
void __sanitizer_cov_trace_pc(void)
{
	/* The call before it is five bytes long. */
	uint64_t address = (uint64_t)__builtin_return_address(0) - 5, there;
	uint64_t place = address * 0x9e3779b97f4a7c15 >> 42;

	do {
		there = __atomic_load_n(&seen[place], __ATOMIC_RELAXED);
		if (!there)
			__atomic_compare_exchange_n(&seen[place], &there, address, 0, __ATOMIC_RELAXED, __ATOMIC_RELAXED);
		else
			place += there != address;
		place %= PLACES;
	} while (there != address);
}

__attribute__((destructor)) static void print(void)
{
	FILE *out = fopen(getenv("ADDRESSES"), "a");

	for (int i = 0; out && i < PLACES; i++) {
		if (seen[i])
			fprintf(out, "0x%lx\n", (unsigned long)seen[i]);
	}
	if (out)
		fclose(out);
}
C
gcc -O2 -fno-pie -c "$folder/trace.c" -o "$folder/trace.o"
build() { # build NAME FLAGS FLAGS_OF_LINKER
	cmake -S "$source" -B "$folder/$1" -G Ninja -DCMAKE_BUILD_TYPE=None -DBUILD_TESTING=OFF \
		-DCMAKE_C_FLAGS="-O2 -g $2" -DCMAKE_EXE_LINKER_FLAGS="$3" >/dev/null
	cmake --build "$folder/$1" --target covdb | tail -n 1 >&2
}
run() { # run PROGRAM - what it does does not matter, only that it is the same
	db=$folder/work/study.sqlite
	for arguments in "summary" "venn --dir net" "conditional --dir net/core" "functions --dir net" "trial list" \
		"stability --dir net" "export --trial runc/cpu/1 --dir net" "export --footprint runc --format json --dir fs" foo; do
		# shellcheck disable=SC2086 # words
		COVDB_JOBS=1 COVDB_CACHE=off COVDB=$db "$1" $arguments >"$folder/work/out" 2>&1 || :
	done
	COVDB_JOBS=1 "$1" venn --db "$db" 'gvisor - runc' --dir net >"$folder/work/out"
}
build counted --coverage ""
build traced "-fno-pie -fsanitize-coverage=trace-pc" "-no-pie -Wl,--build-id $folder/trace.o"
"$source/workloads/recorded/load.sh" "$covdb" "$folder/work/study.sqlite" >/dev/null
find "$folder/counted" -name '*.gcda' -delete
rm -f "$folder/addresses" "$folder/compared.sqlite"
run "$folder/counted/covdb"
ADDRESSES=$folder/addresses run "$folder/traced/covdb"
export COVDB=$folder/compared.sqlite
"$covdb" kernel add --notes "$folder/counted" --name covdb --build-id abc >/dev/null
"$covdb" import "$folder/counted" --set counted >/dev/null 2>&1
"$covdb" import "$folder/addresses" --set traced --vmlinux "$folder/traced/covdb" --same-source >/dev/null 2>"$folder/said"
grep '^traced set:' "$folder/said"
lines() { # lines PLATFORM
	sqlite3 "$COVDB" "SELECT DISTINCT file, line FROM trial_line_named WHERE platform = '$1' AND count > 0" | sort
}
lines counted >"$folder/counted.lines"
lines traced >"$folder/traced.lines"
echo "executed by gcov's counts: $(wc -l <"$folder/counted.lines")"
echo "by addresses and what follows: $(wc -l <"$folder/traced.lines")"
echo "of these not by gcov's counts: $(comm -13 "$folder/counted.lines" "$folder/traced.lines" | wc -l)"
