#!/bin/sh
# shell.sh COVDB SOURCE_DIR - tests/lint/shell.sh finds a mistake in a script with any name, and files that are gone.
set -eu
# shellcheck source=tests/lint/planted/lib.sh
. "$2/tests/lint/planted/lib.sh"
need shellcheck
passes shell.sh
for path in planted.sh deep/down/planted .ci/planted; do
	printf '#!/bin/sh\nrm -rf $1/\n' | plant "$path"
	finds shell.sh "In $path line 2:"
	restore "$path"
done
printf '#!/usr/bin/env bash\nif [ $1 = x ]; then :; fi\n' | plant planted
finds shell.sh "In planted line 2:"
restore planted
rm "$tree/check.sh" # git still knows it
finds shell.sh 'check.sh.*(does not exist|No such file)'
restore check.sh
passes shell.sh
finds_nothing_to_read shell.sh
