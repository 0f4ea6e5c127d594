# lib.sh - how a test of the recorded study begins: as one of the command line, with the database that the test recorded made.
# Takes COVDB SOURCE_DIR DATABASE.
# shellcheck shell=sh source=tests/cli/lib.sh
. "$2/tests/cli/lib.sh"
# shellcheck disable=SC2154 # tests/cli/lib.sh sets source
export COVDB="$3" COVDB_DATA="$source"
[ -e "$COVDB" ] || skip "$COVDB is made by the test recorded"
