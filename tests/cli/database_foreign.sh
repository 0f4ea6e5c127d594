#!/bin/sh
# database_foreign.sh COVDB SOURCE_DIR - a database that somebody else changed is refused with what is wrong, or answered.
set -eu
# shellcheck source=tests/cli/lib.sh
. "$2/tests/cli/lib.sh"
need gcc sqlite3
# shellcheck source=tests/cli/exchange_fixture.sh
. "$source/tests/cli/exchange_fixture.sh"
"$covdb" venn --format json >answer
sqlite3 "$COVDB" 'PRAGMA wal_checkpoint(TRUNCATE)' >/dev/null
changed() { # changed SQL - foreign.sqlite: the database after it
	rm -f foreign.sqlite
	cp "$COVDB" foreign.sqlite
	# shellcheck disable=SC2016 # of the shell of SQLite
	printf '%s\n' '.dbconfig defensive off' '.dbconfig trusted_schema on' 'PRAGMA writable_schema = ON;' "$1;" |
		sqlite3 -bail foreign.sqlite >/dev/null || fail "cannot be done: $1"
}

# The schema is exactly ours.
while IFS='|' read -r object change; do
	changed "$change"
	sum=$(sha256sum <foreign.sqlite)
	for command in venn "kernel list" "diff" "sql SELECT*FROM(line)" "import first --platform a --workload w --seconds 1"; do
		# shellcheck disable=SC2086 # a command is several words
		refused 1 "foreign.sqlite: (the $object is not one that covdb makes|a table, view or index is missing)" \
			"$covdb" $command --db foreign.sqlite
	done
	check "the file after: $change" "$sum" "$(sha256sum <foreign.sqlite)"
done <<'END'
table other|ALTER TABLE line RENAME TO other; CREATE VIEW line AS SELECT * FROM other
table footprint_directory|DROP VIEW footprint_directory; CREATE TABLE footprint_directory (analysis_id, platform, lines)
view function_calls|DROP VIEW function_calls; CREATE VIEW function_calls AS SELECT 1 AS calls
trigger t|CREATE TRIGGER t AFTER DELETE ON analysis BEGIN DELETE FROM kernel; END
trigger sqlite_t|CREATE TRIGGER t AFTER DELETE ON analysis BEGIN DELETE FROM kernel; END; UPDATE sqlite_schema SET name = 'sqlite_t', sql = replace(sql, 'TRIGGER t', 'TRIGGER sqlite_t') WHERE name = 't'
table mine|CREATE TABLE mine (x)
view mine|CREATE VIEW mine AS SELECT 1
index mine|CREATE INDEX mine ON line (line)
table platform|UPDATE sqlite_schema SET sql = replace(sql, ' CHECK (bit BETWEEN 0 AND 61)', '') WHERE name = 'platform'
table line|UPDATE sqlite_schema SET sql = replace(sql, ' STRICT,', '') WHERE name = 'line'
nothing|DROP INDEX function_name
nothing|DROP TABLE metric
END

# What SQLite itself adds, and a copy by way of its text, are ours.
changed "ANALYZE; VACUUM"
"$covdb" venn --format json --db foreign.sqlite >got
check "after ANALYZE and VACUUM" "$(cat answer)" "$(cat got)"
rm foreign.sqlite
{
	sqlite3 "$COVDB" .dump
	echo "PRAGMA application_id = $(sqlite3 "$COVDB" 'PRAGMA application_id');"
	echo "PRAGMA user_version = $(sqlite3 "$COVDB" 'PRAGMA user_version');"
} | sqlite3 foreign.sqlite
"$covdb" venn --format json --db foreign.sqlite >got
check "of a dump" "$(cat answer)" "$(cat got)"
# As docs/schema.md says: what is one's own is in a file of one's own.
sqlite3 mine.sqlite "CREATE TABLE mine (platform, note); INSERT INTO mine VALUES ('a', 'ours')"
check "two files together" "a|ours" "$(sqlite3 mine.sqlite "ATTACH '$COVDB' AS study;
	SELECT p.name, note FROM study.platform p JOIN mine ON platform = p.name")"

# Numbers that cannot be are named, whatever they are read for.
while IFS='|' read -r column change; do
	changed "PRAGMA ignore_check_constraints = ON; $change"
	told=0
	for command in venn summary "venn --dir loops.c" "annotate loops.c:1-9" "stability --workload w" functions diff "export --footprint a" \
		"venn a-b --list lines --limit 0" "noise --baseline a/idle"; do
		status=0
		# shellcheck disable=SC2086 # a command is several words
		"$covdb" $command --db foreign.sqlite >out 2>err || status=$?
		case $status in
		0) ;;
		1) ! grep -q "foreign.sqlite: is damaged: $column is " err || told=$((told + 1)) ;;
		*) fail "status $status of $command after: $change" ;;
		esac
	done
	check "it is told: $change" yes "$([ "$told" -gt 0 ] && echo yes)"
done <<'END'
line_count|UPDATE directory SET line_count = 1000000
line_first|UPDATE directory SET line_first = -1
line_count|UPDATE file SET line_count = 9223372036854775807
kernel_lines|UPDATE kernel SET line_count = -5
bit|UPDATE platform SET bit = 64 WHERE name = 'a'
bit|UPDATE platform SET bit = -1 WHERE name = 'b'
functions|UPDATE function SET function_id = function_id + 9000000000
lines|UPDATE region SET lines = 9223372036854775807
duration_ns|UPDATE footprint SET duration_ns = 9223372036854775807
duration_ns|UPDATE trial SET duration_ns = -1
object_count|UPDATE kernel SET object_count = 4294967295
END
