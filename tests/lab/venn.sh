#!/bin/sh
# venn.sh COVDB SOURCE_DIR RESULTS - the regions equal those that plain sets give.
set -eu
# shellcheck source=tests/lab/lib.sh
. "$2/tests/lab/lib.sh"
python3 "$source/tests/oracle/venn_oracle.py" "$covdb" "$results/covdb.sqlite" "$results/trials" "$tree" \
	. net mm fs kernel arch/x86
