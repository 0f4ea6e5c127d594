# collect_fixture.sh - for the tests of collect that need no counters but some: a folder that stands for the kernel's, and one
# for work folders. Root gets a /run of its own: see own_run in lib.sh. Sets $TMPDIR, $COVDB_GCOV_DIRECTORY.
# shellcheck shell=sh disable=SC2154
own_run
export TMPDIR="$folder/tmp" COVDB_GCOV_DIRECTORY="$folder/gcov"
mkdir tmp gcov
printf counters >gcov/main.gcda
: >gcov/reset
