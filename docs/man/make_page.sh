#!/bin/sh
# make_page.sh COVDB COMMAND VERSION OUTPUT - the man page of a command, from its --help.
set -eu
summary=$("$1" help | sed -n "s/^  $2  *//p")
exec help2man --no-info --section 1 --version-string "$3" --source covdb --manual "covdb commands" \
	--name "$summary" --output "$4" "$1 $2"
