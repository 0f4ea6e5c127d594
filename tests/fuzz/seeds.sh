#!/bin/sh
# seeds.sh FUZZ_SEED OUT - small real inputs for each fuzz target, below the folder OUT.
set -eu
seed=$(realpath "$1")
made_data=$(realpath "$(dirname "$0")/../oracle/made_data.py")
out=$(mkdir -p "$2" && cd "$2" && pwd)
folder=$(mktemp -d /tmp/tmp.XXXXXXXXXX)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
mkdir -p "$out/gcno" "$out/gcda" "$out/pair" "$out/tree" "$out/plan"

cat >branch.c <<'END'
int main(int count, char **list)
{
	return count > 1 ? list[1][0] : 0;
}
END
cat >loop.c <<'END'
int main(int count, char **list)
{
	int sum = 0;
	for (int i = 0; i < count; i++) for (int j = 0; list[i][j]; j++) sum += list[i][j] == 'a' ? 2 : j;
	return sum & 1;
}
END
cat >jumps.c <<'END'
static int step(int i)
{
	switch (i) {
	case 0: return 3;
	case 1: case 5: return 2;
	case 3: goto out;
	default: i--;
	}
out:
	return i;
}
#define PAIR(name) static int name##_a(int i) { return i ? 1 : step(i); } static int name##_b(int i) { return step(i); }
PAIR(x)
int main(void)
{
	int i = 9;
again:
	i -= step(i) > 2 ? x_a(i) : x_b(i) & 1;
	if (i > 0) { i--; goto again; }
	return 0;
}
END
cat >calls.c <<'END'
#include <setjmp.h>
#include <stdlib.h>
static jmp_buf place;
static __attribute__((noinline)) void leave(int i) { if (i) longjmp(place, 1); }
static inline int
twice(int i)
{ return 2 * i; }
int main(int count, char **list)
{
	(void)list;
	if (setjmp(place)) exit(0);
	while (count--) leave(twice(count) > 3);
	leave(1);
	abort();
}
END
printf '#include "part.h"\nint main(int count, char **list)\n{\n(void)list;\n#include "part.h"\n#line 3 "other.c"\nreturn 0;\n}\n' >parts.c
printf '#ifdef PART\nif (count) count--;\n#else\n#define PART 1\n#endif\n' >part.h

# One object: its notes, data and packed plan. Notes tell the folder of the compilation: another of
# the same length.
keep() { # NAME
	LC_ALL=C sed -i "s|$folder|/usr/src/fuzz-seeds|" "$1.gcno"
	cp "$1.gcno" "$out/gcno/$1"
	cp "$1.gcda" "$out/gcda/$1"
	"$seed" "$1.gcno" "$1.gcda" "$out/plan/$1" "$out/pair/$1"
}
build_and_run() { # NAME COMPILER OPTION...
	name=$1
	shift
	"$@" -w --coverage -c "$program.c" -o "$name.o"
	"$1" --coverage "$name.o" -o "$name"
	"./$name" a bc || true
	[ -s "$name.gcda" ]
}
for program in branch loop jumps calls parts; do
	for level in 0 1 2; do
		for compiler in gcc-12 clang-14; do
			build_and_run "$program-$compiler-$level" "$compiler" -O$level
			# The same in the layout of GCC 5, with counters that contradict each other.
			if [ "$compiler" = gcc-12 ]; then
				python3 "$made_data" as-gcc-5 "$name.gcno" "$program-gcc-5-$level.gcno"
				python3 "$made_data" counters negative 1 "./$program-gcc-5-$level.gcno"
				keep "$program-gcc-5-$level"
			fi
			keep "$name"
		done
	done
	# The layouts that clang knows, and one that it does not.
	for version in 402 407 A83 A93 B22; do
		build_and_run "$program-clang-$version" clang-14 -O0 -Xclang "-coverage-version=$version*"
		keep "$name"
	done
done
mkdir net
cp branch-gcc-12-2.gcda net/branch.gcda
for format in gnu pax ustar v7; do
	tar --format $format --owner 0 --group 0 --numeric-owner -b 1 -cf "$out/tree/$format" net/branch.gcda branch.c
	gzip -nk9 -S .gz "$out/tree/$format"
	zstd -q19 "$out/tree/$format"
	xz -k9 "$out/tree/$format"
done
ln -s net/branch.gcda link.gcda
truncate -s 50000 sparse.gcda
printf 'end' >>sparse.gcda
tar -b 1 -cf "$out/tree/link" net/branch.gcda link.gcda
tar --sparse -b 1 -cf "$out/tree/sparse" link.gcda sparse.gcda
tar --format pax --sparse -b 1 -cf "$out/tree/pax-sparse" sparse.gcda
