#!/bin/sh
# migrate.sh COVDB SOURCE_DIR - a database of schema version 4 is brought to the current one with all in it.
#
# tests/data/schema-4.sqlite.zst was made by the last covdb of version 4, of two objects and four trials
# with manifests: the idle host, the observer, runc with another argument, gVisor.
set -eu
# shellcheck source=tests/cli/lib.sh
. "$2/tests/cli/lib.sh"
sql() { sqlite3 "${2:-db.sqlite}" "$1" | xargs; }

zstd -qd "$source/tests/data/schema-4.sqlite.zst" -o old.sqlite
cp old.sqlite db.sqlite
chmod 640 db.sqlite

# Any command does it, and says so once; nothing that was measured is lost.
"$covdb" kernel list --format csv >listed 2>err
check "the kernel is there" "k,,abc,unknown,2,5,4" "$(tail -n 1 listed)"
check "it is said" 1 "$(grep -c 'migrated from schema version 4 to 6' err)"
"$covdb" kernel list >/dev/null 2>err
check "once" 0 "$(wc -l <err)"
check "mode of the file" 640 "$(stat -c %a db.sqlite)"
check "no file is left beside it" "db.sqlite" "$(echo db.sqlite*)"
"$covdb" kernel add --db new.sqlite --notes "$source/tests/data" >/dev/null 2>&1
for what in "SELECT type, name, sql FROM sqlite_schema ORDER BY name" "PRAGMA user_version" "PRAGMA application_id"; do
	check "as in a new database: $what" "$(sql "$what" new.sqlite)" "$(sql "$what")"
done
for table in kernel object file line function directory trial trial_object trial_line trial_function; do
	check "rows of $table" "$(sql "SELECT count(*) FROM $table" old.sqlite)" "$(sql "SELECT count(*) FROM $table")"
done
check "counters" "$(sql "SELECT hex(counters) FROM trial" old.sqlite)" "$(sql "SELECT hex(counters) FROM trial")"
check "kinds" "idle|idle observer|observer w|workload" "$(sql "SELECT name, kind FROM workload ORDER BY name")"
check "drivers" "gvisor|oci host|host runc|oci" "$(sql "SELECT name, driver FROM platform ORDER BY name")"
check "metrics" 'runc|rate|{n:1}|20.0|1/s|1 gvisor|rate|{n:1}|30.0|1/s|1' \
	"$(sql "SELECT platform, metric, labels, value, unit, is_emulated FROM metric_named")"
check "no dangling reference" "" "$(sql "PRAGMA foreign_key_check")"

# Footprints are made anew, and are what they were.
"$covdb" diff >/dev/null
check "regions" "$(sql "SELECT path, mask, lines FROM region JOIN directory USING (directory_id)
	WHERE workload_id = 0 ORDER BY 1, 2" old.sqlite)" \
	"$(sql "SELECT path, mask, lines FROM region JOIN directory USING (directory_id)
	WHERE workload_id = 0 ORDER BY 1, 2")"

# What cannot be brought along is refused, and stays as it is.
refuse() { # refuse WHAT SQL PATTERN
	cp old.sqlite wrong.sqlite
	sqlite3 wrong.sqlite "$2"
	sum=$(sha256sum <wrong.sqlite)
	status=0
	"$covdb" venn --db wrong.sqlite >out 2>err || status=$?
	check "$1" "1 1 0 $sum" "$status $(wc -l <err) $(wc -l <out) $(sha256sum <wrong.sqlite)"
	grep -q "$3" err || check "$1: message" "$3" "$(cat err)"
	check "$1: nothing is left beside it" "wrong.sqlite" "$(echo wrong.sqlite*)"
}
refuse "a newer schema" "PRAGMA user_version = 99" "schema version 99 is of a newer covdb"
refuse "too old a schema" "PRAGMA user_version = 3" "schema version 3, this covdb knows 4 and 6"
refuse "another program's database" "PRAGMA application_id = 1" "not a covdb database"
refuse "a table is missing" "DROP TABLE trial_line" "no such table: old.trial_line"
