#!/bin/sh
# format.sh COVDB SOURCE_DIR - tests/lint/format.sh finds a line that is laid out otherwise, and files that are gone.
set -eu
parts='.clang-format differ workloads'
# shellcheck source=tests/lint/planted/lib.sh
. "$2/tests/lint/planted/lib.sh"
need clang-format
passes format.sh
echo 'int  planted;' | plant deep/down/planted.h
cp "$tree/workloads/programs/work.c" work.c
{
	cat work.c
	echo 'static void planted(void) { }'
} | plant workloads/programs/work.c
finds format.sh 'deep/down/planted.h:1:4: error: code should be clang-formatted'
expect said "workloads/programs/work.c:$(($(wc -l <work.c) + 1)):.* error: code should be clang-formatted"
restore deep/down/planted.h
restore workloads/programs/work.c
rm "$tree/differ/differ.h" # git still knows it
finds format.sh 'differ/differ.h: No such file or directory'
restore differ/differ.h
passes format.sh
expect said '^[1-9][0-9]* files$' "some are read"
finds_nothing_to_read format.sh
