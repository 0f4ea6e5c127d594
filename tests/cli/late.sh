#!/bin/sh
# late.sh - libraries that few commands need are not loaded with the program, which takes longer than an answer.
set -eu
. "$2/tests/cli/lib.sh"

need readelf
readelf -d "$covdb" >needed
expect needed 'NEEDED.*libsqlite3'
for library in archive dw elf git2 http_parser nettle seccomp xml2 yaml; do
	check "program needs $library" 0 "$(grep -c "NEEDED.*lib$library" needed || :)"
done
