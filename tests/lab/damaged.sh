#!/bin/sh
# damaged.sh COVDB SOURCE_DIR RESULTS - of a kernel with ten broken objects, exactly those ten.
set -eu
# shellcheck source=tests/lab/lib.sh
. "$2/tests/lab/lib.sh"
python3 "$source/tests/oracle/damaged_kernel.py" "$covdb" "$results/trials" "$tree"
