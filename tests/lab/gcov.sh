#!/bin/sh
# gcov.sh COVDB SOURCE_DIR RESULTS - whole-kernel snapshots decode to what gcov says, on every line.
set -eu
# shellcheck source=tests/lab/lib.sh
. "$2/tests/lab/lib.sh"
in_memory
for snapshot in "$results"/trials/*.tar.zst; do
	"$covdb" decode "$snapshot" --notes "$tree" -o "$results/notes.tsv" 2>/dev/null
	"$covdb" decode "$snapshot" --db "$results/covdb.sqlite" -o "$results/db.tsv" 2>/dev/null
	cmp "$results/notes.tsv" "$results/db.tsv"
	echo "${snapshot##*/}:"
	"$covdb" verify "$snapshot" --notes "$tree"
	case ${snapshot##*/} in
	# Without covdb's word for it, of the trial that executes the most lines. Each comparison runs gcov over the whole kernel.
	runc-cpu-1.*)
		python3 "$source/tests/oracle/gcov_oracle.py" "$tree" "$snapshot" "$results/db.tsv"
		touch "$folder/compared"
		;;
	esac
done
[ -e "$folder/compared" ] || fail "no decoded snapshot was compared with gcov itself"
