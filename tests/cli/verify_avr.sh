#!/bin/sh
# verify_avr.sh COVDB SOURCE_DIR - covdb verify agrees with gcov 5.4, and tells when it does not.
set -eu
# shellcheck source=tests/cli/lib.sh
. "$2/tests/cli/lib.sh"
need avr-gcc avr-gcov python3
# shellcheck source=tests/cli/liars.sh
. "$source/tests/cli/liars.sh"

cp "$source"/tests/data/programs/loops.c "$source"/tests/data/programs/inline.h .
avr-gcc -O1 -std=gnu99 -fprofile-arcs -ftest-coverage -S loops.c
python3 "$source/tests/oracle/made_data.py" counters walk 7 loops.gcno
liars_are_found avr-gcov '/:   [0-9]*:/s/ 1:/ 2:/' 's/called 1 /called 3 /' 's/taken 1\( \|$\)/taken 4\1/'
