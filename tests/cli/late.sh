#!/bin/sh
# late.sh - libraries that few commands need are not loaded with the program, which takes longer than an answer.
set -eu
. "$2/tests/cli/lib.sh"

need readelf
readelf -d "$covdb" >needed
expect needed 'NEEDED.*libsqlite3'
for library in git2 xml2 archive; do
	check "program needs $library" 0 "$(grep -c "NEEDED.*lib$library" needed || :)"
done
