#!/bin/sh
# compilers.sh COVDB SOURCE_DIR RESULTS - a whole kernel by the rules of GCC 5 and of clang.
#
# The lab's kernel is GCC 12's. Its notes are rewritten as others would write them and get counters
# that contradict each other, the hardest to get equal.
set -eu
# shellcheck source=tests/lab/lib.sh
. "$2/tests/lab/lib.sh"
made_data=$source/tests/oracle/made_data.py
count=0

compare() { # FORM GCOV PACKAGE
	command -v "$2" >/dev/null || {
		echo "not compared: $2 is not installed (package $3)"
		return 0
	}
	rm -rf "$folder/notes"
	python3 "$made_data" "$1" "$tree" "$folder/notes"
	python3 "$made_data" counters negative 1 "$folder/notes"
	# Objects without functions have nothing to compare.
	"$covdb" verify "$folder/notes" --notes "$folder/notes" --gcov "$2" >"$folder/said" || {
		tail -n 40 "$folder/said"
		return 1
	}
	cat "$folder/said"
	grep -qE '^[0-9]{4,} objects, [0-9]{6,} lines, [0-9]{5,} functions, .* 0 differences$' "$folder/said"
	count=$((count + 1))
}
cd "$tree" # where llvm-cov finds the sources
compare as-gcc-5 avr-gcov gcc-avr
compare as-clang llvm-cov-19 llvm-19
[ "$count" -gt 0 ] || exit 77
