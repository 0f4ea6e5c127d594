#!/bin/sh
# shell.sh COVDB SOURCE_DIR - tests/lint/shell.sh finds a mistake in a script with any name, and files that are gone.
# shellcheck disable=SC2016 # of what is planted
set -eu
parts='.ci check.sh tests/cli/lib.sh tests/cli/sql.sh tests/python/environment.sh tests/lint'
# shellcheck source=tests/lint/planted/lib.sh
. "$2/tests/lint/planted/lib.sh"
need shellcheck
for path in planted.sh deep/down/planted .ci/planted; do
	echo '#!/bin/sh
rm -rf $1/' | plant "$path"
done
echo '#!/usr/bin/env bash
if [ $1 = x ]; then :; fi' | plant planted
rm "$tree/check.sh" # git still knows it
finds shell.sh 'check.sh.*(does not exist|No such file)'
for path in planted planted.sh deep/down/planted .ci/planted; do
	expect said "In $path line 2:"
	restore "$path"
done
restore check.sh
passes shell.sh
expect said '^[1-9][0-9]* scripts$' "some are read"
finds_nothing_to_read shell.sh
