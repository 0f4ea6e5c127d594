#!/bin/sh
# compilers.sh COVDB SOURCE_DIR RESULTS FORM GCOV - a whole kernel by the rules of another compiler, as that
# one's gcov has it: FORM is how tests/oracle/made_data.py rewrites notes.
#
# The lab's kernel is GCC 12's. Its notes are rewritten as the other would write them and get counters
# that contradict each other, the hardest to get equal.
set -eu
# shellcheck source=tests/lab/lib.sh
. "$2/tests/lab/lib.sh"
need python3 "$5"
in_memory
made_data=$source/tests/oracle/made_data.py
python3 "$made_data" "$4" "$tree" "$TMPDIR/notes"
python3 "$made_data" counters negative 1 "$TMPDIR/notes"
cd "$tree" # where llvm-cov finds the sources
"$covdb" verify "$TMPDIR/notes" --notes "$TMPDIR/notes" --gcov "$5" >"$folder/said" || fail "not as $5 has it"
tail -n 40 "$folder/said"
# Objects without functions have nothing to compare.
grep -qE '^[0-9]{4,} objects, [0-9]{6,} lines, [0-9]{5,} functions, .* 0 differences$' "$folder/said"
