#!/bin/sh
# sql.sh COVDB SOURCE_DIR - covdb sql answers queries with the shell of SQLite, and cannot write.
set -eu
# shellcheck source=tests/cli/lib.sh
. "$2/tests/cli/lib.sh"
need sqlite3 python3
"$covdb" kernel add --notes "$source/tests/data" --name k >/dev/null 2>&1
query='SELECT name, line_count FROM kernel'
expected=$(sqlite3 "$COVDB" "$query")
check "a table" "$expected" "$("$covdb" sql "$query" | sed -n 's/^| \(k\) *| \([0-9]*\) *|$/\1|\2/p')"
check "CSV, with its head" "name,line_count $(echo "$expected" | tr '|' ,)" \
	"$("$covdb" sql --format csv "$query" | tr -d '\r' | xargs)"
check "JSON" "$expected" "$("$covdb" sql --format json "$query" | python3 -c '
import json, sys
for row in json.load(sys.stdin):
    print(*row.values(), sep="|")')"
check "queries from stdin" "$("$covdb" sql --format csv "$query")" "$(echo "$query;" | "$covdb" sql --format csv)"
# A name that looks like an option, and one of another folder.
cp "$COVDB" ./-readonly.sqlite
check "a name that begins with a dash" "$("$covdb" sql --format csv "$query")" \
	"$("$covdb" sql --db=-readonly.sqlite --format csv "$query")"

# Nothing that is written gets there.
sum=$(sha256sum <"$COVDB")
for statement in 'DELETE FROM kernel' 'CREATE TABLE planted (x)' 'PRAGMA user_version = 1'; do
	status=0
	"$covdb" sql "$statement" >said 2>err || status=$?
	[ "$status" != 0 ] || fail "taken: $statement"
	expect err 'readonly database' "$statement"
	check "the database after: $statement" "$sum" "$(sha256sum <"$COVDB")"
done
status=0
"$covdb" sql 'SELECT 1 FROM nowhere' >said 2>err || status=$?
[ "$status" != 0 ] || fail "a table that is not there"
expect err 'no such table: nowhere'

# What covdb itself refuses, in one line.
refused 1 'there is no database' "$covdb" sql --db nowhere.sqlite "$query"
echo "not a database, just text that is long enough to be read as a header of one file" >text
refused 1 'text: ' "$covdb" sql --db text "$query"
refused 2 "takes one of text, json, csv, not 'svg'" "$covdb" sql --format svg "$query"
mkdir bin
refused 3 'cannot start sqlite3: .*apt-get install sqlite3' env PATH="$folder/bin" "$covdb" sql "$query"
