#!/bin/sh
# venn.sh COVDB SOURCE_DIR RESULTS - the regions equal those that plain sets give.
set -eu
exec python3 "$2/tests/oracle/venn_oracle.py" "$1" "$3/covdb.sqlite" "$3/trials" "$(cat "$3/tree")" \
	. net mm fs kernel arch/x86
