#!/bin/sh
# headers.sh ROOT - each header compiles alone, twice included.
cd "$1" || exit 2
flags=$(pkg-config --cflags smartcols sqlite3 jansson)
failures=0
for header in collector/*.h collector/base/*.h differ/*.h venn/*.h tests/*.h tests/fuzz/*.h; do
	[ -e "$header" ] || continue
	# shellcheck disable=SC2086 # the flags are several words
	printf '#include "%s"\n#include "%s"\n' "$header" "$header" |
		gcc -std=gnu11 -D_GNU_SOURCE -DCOVDB_SOURCE_DIR='"."' -I. $flags -Wall -Wextra -Werror \
			-fsyntax-only -x c - || {
		echo "$header does not compile alone"
		failures=$((failures + 1))
	}
done
[ "$failures" = 0 ]
