#!/bin/sh
# damaged.sh COVDB SOURCE_DIR RESULTS - of a kernel with ten broken objects, exactly those ten.
set -eu
exec python3 "$2/tests/oracle/damaged_kernel.py" "$1" "$3/trials" "$(cat "$3/tree")"
