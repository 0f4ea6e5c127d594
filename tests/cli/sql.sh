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
"$covdb" sql --format json "$query WHERE 0" >said 2>err
check "JSON of no row" '[] no row' "$(cat said err | xargs)"
for format in text csv; do
	"$covdb" sql --format $format "$query WHERE 0" >said 2>err
	check "no row as $format" 'no row' "$(cat said err | xargs)"
done
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
	check "the status of: $statement" 1 "$status"
	expect err 'readonly database' "$statement"
	check "the database after: $statement" "$sum" "$(sha256sum <"$COVDB")"
done
status=0
"$covdb" sql 'SELECT 1 FROM nowhere' >said 2>err || status=$?
check "the status where a table is not there" 1 "$status"
expect err 'no such table: nowhere'

# Nothing reaches beyond the database, neither as an operand nor in a script.
echo "beside" >beside
sqlite3 other.sqlite 'CREATE TABLE other (x)'
listing=$(ls -A)
while read -r beyond; do
	for way in operand script; do
		status=0
		if [ "$way" = operand ]; then
			"$covdb" sql "$beyond" >"$test_folder/said" 2>"$test_folder/err" </dev/null || status=$?
		else
			printf '%s\nSELECT 12345;\n' "$beyond" |
				"$covdb" sql >"$test_folder/said" 2>"$test_folder/err" || status=$?
		fi
		check "the status of $beyond as $way" 1 "$status"
		expect "$test_folder/err" 'in safe mode' "$beyond as $way"
		if grep -qE 'beside|12345' "$test_folder/said"; then
			fail "$beyond as $way went on"
		fi
		check "files after $beyond as $way" "$listing" "$(ls -A)"
	done
done <<'END'
.shell touch planted
.system touch planted
SELECT writefile('planted', 'x');
SELECT readfile('beside');
SELECT edit('x', 'touch planted');
SELECT load_extension('planted');
ATTACH 'other.sqlite' AS other;
ATTACH 'planted.sqlite' AS other;
VACUUM INTO 'planted.sqlite';
.output planted
.once planted
.once |touch planted
.excel
.save planted.sqlite
.backup planted.sqlite
.clone planted.sqlite
.open planted.sqlite
.read beside
.import beside kernel
.load planted
.log planted
.cd /
END
check "the database after all that" "$sum" "$(sha256sum <"$COVDB")"

# A script ends at the first query that fails.
status=0
printf 'SELECT 1 AS first;\nSELECT 2 FROM nowhere;\nSELECT 3 AS third;\n' |
	"$covdb" sql --format csv >said 2>err || status=$?
check "a script that fails" "1 first 1" "$status $(tr -d '\r' <said | xargs)"
expect err 'no such table: nowhere'
# A comment is no option of the shell.
check "a comment before the query" "$("$covdb" sql --format csv "$query")" \
	"$("$covdb" sql --format csv -- "-- of kernels
$query")"

# Another program that locks the file when the shell has begun is waited for.
mkdir lock
cat >lock/sqlite3 <<END
#!/bin/sh
if [ "\$1" != -version ]; then
	python3 $folder/lock.py "\$COVDB" &
	until [ -e $folder/locked ]; do sleep 0.01; done
fi
$(command -v sqlite3) "\$@"
END
chmod +x lock/sqlite3
cat >lock.py <<'END'
import os, sqlite3, sys, time

database = sqlite3.connect(sys.argv[1], isolation_level=None)
database.execute("BEGIN EXCLUSIVE")
open("locked", "w").close()
time.sleep(0.5)
database.execute("COMMIT")
END
status=0
PATH="$folder/lock:$PATH" "$covdb" sql --format csv "$query" >said 2>err || status=$?
check "while it is locked" "0 name,line_count $(echo "$expected" | tr '|' ,)" "$status $(tr -d '\r' <said | xargs)"
rm locked
status=0
PATH="$folder/lock:$PATH" COVDB_WAIT=0 "$covdb" sql "$query" >said 2>err || status=$?
check "without waiting" 1 "$status"
expect err 'database is locked'

# What covdb itself refuses, in one line.
refused 1 'there is no database' "$covdb" sql --db nowhere.sqlite "$query"
echo "not a database, just text that is long enough to be read as a header of one file" >text
refused 1 'text: ' "$covdb" sql --db text "$query"
refused 2 "takes one of text, json, csv, not 'svg'" "$covdb" sql --format svg "$query"
mkdir bin
refused 3 'cannot start sqlite3.*apt-get install sqlite3' env PATH="$folder/bin" "$covdb" sql "$query"
# A shell from before -safe, and something else of that name.
for version in '3.34.1 2021-01-20 14:10:07 10e20c0b' 'another sqlite3' '2.8.17'; do
	printf '#!/bin/sh\necho "%s"\n' "$version" >bin/sqlite3
	chmod +x bin/sqlite3
	refused 3 'sqlite3 is too old.* 3\.37' env PATH="$folder/bin:$PATH" "$covdb" sql "$query"
done
