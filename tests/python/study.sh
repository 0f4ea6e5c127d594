#!/bin/sh
# study.sh COVDB SOURCE_DIR DATABASE - the wheel of the module covdb answers what the command line does, and its types hold.
set -eu
# shellcheck source=tests/cli/lib.sh
. "$2/tests/cli/lib.sh"
# shellcheck source=tests/python/environment.sh
. "$source/tests/python/environment.sh"
need python3 flock
export COVDB="$3"
environment "$source/tests/python/requirements.txt"
install_wheel "$source/venn/python"
"$python" -c 'import covdb, sys; sys.exit("installed" not in covdb.__file__)' || fail "not the wheel that was built"
"$python" "$source/tests/python/study_test.py" "$covdb" "$COVDB" || fail "answers differ"
# As code that uses it is checked: a wrong use is found.
cp "$source/tests/python/use.py" .
MYPYPATH=$PYTHONPATH "$python" -m mypy --strict use.py >types || fail "mypy: $(cat types)"
echo 'covdb.open("x").venn(7)' >>use.py
! MYPYPATH=$PYTHONPATH "$python" -m mypy --strict use.py >types || fail "a number is no directory"
expect types 'use.py:[0-9]+: error: Argument 1 to "venn"' "a wrong use"
(cd "$source/venn/python" && "$python" -m mypy --strict covdb) >types || fail "mypy: $(cat types)"
