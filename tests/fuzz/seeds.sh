#!/bin/sh
# seeds.sh FUZZ_SEED OUT - small real inputs for each fuzz target, below the folder OUT.
set -eu
seed=$(realpath "$1")
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

for program in branch loop jumps calls parts; do
	for level in 0 1 2; do
		for compiler in gcc-12 clang-14; do
			name=$program-$compiler-$level
			"$compiler" -w -O$level --coverage -c $program.c -o "$name.o"
			"$compiler" --coverage "$name.o" -o "$name"
			"./$name" a bc || true
			[ -s "$name.gcda" ]
			# Notes tell the folder of the compilation: another of the same length.
			LC_ALL=C sed -i "s|$folder|/usr/src/fuzz-seeds|" "$name.gcno"
			cp "$name.gcno" "$out/gcno/$name"
			cp "$name.gcda" "$out/gcda/$name"
			[ "$compiler" = gcc-12 ] || continue
			"$seed" "$name.gcno" "$name.gcda" "$out/plan/$name" "$out/pair/$name"
		done
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
