#!/bin/sh
# migrate.sh COVDB SOURCE_DIR - a database of schema version 4 or 6 to 10 is brought to the current one with all in it.
#
# tests/data/schema-4.sqlite.zst was made by the last covdb of version 4, of two objects and four trials
# with manifests: the idle host, the observer, runc with another argument, gVisor. schema-6.sqlite.zst is
# what the last one of version 6 made of it, with footprints, schema-7.sqlite.zst what the last one of version 7 made of that,
# schema-10.sqlite.zst what the last one of version 10 made of that one, with footprints.
set -eu
# shellcheck source=tests/cli/lib.sh
. "$2/tests/cli/lib.sh"
need sqlite3 zstd python3 setpriv
sql() { sqlite3 "${2:-db.sqlite}" "$1" | xargs; }

zstd -qd "$source/tests/data/schema-4.sqlite.zst" -o old.sqlite
cp old.sqlite db.sqlite
chmod 640 db.sqlite

# Any command does it, and says so once; nothing that was measured is lost. It is the same file all the time.
ln db.sqlite linked.sqlite
ln -s db.sqlite link.sqlite
inode=$(stat -c '%i %U %h' db.sqlite)
"$covdb" kernel list --db link.sqlite --format csv >listed 2>err
check "the kernel is there" "k,,abc,unknown,2,5,4" "$(tail -n 1 listed)"
check "it is said" 1 "$(grep -c 'migrated from schema version 4 to 11' err)"
"$covdb" kernel list >/dev/null 2>err
check "once" 0 "$(wc -l <err)"
check "mode of the file" 640 "$(stat -c %a db.sqlite)"
check "file, owner and links" "$inode" "$(stat -c '%i %U %h' db.sqlite)"
check "a link to it is still one" db.sqlite "$(readlink link.sqlite)"
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

# From version 6: all rows that were measured are the same, though lines and functions are stored otherwise.
zstd -qd "$source/tests/data/schema-6.sqlite.zst" -o six.sqlite
cp six.sqlite new6.sqlite
"$covdb" kernel list --db new6.sqlite >/dev/null 2>err
check "version 6: it is said" 1 "$(grep -c 'migrated from schema version 6 to 11' err)"
for what in "SELECT type, name, sql FROM sqlite_schema ORDER BY name" "PRAGMA user_version"; do
	check "version 6: as in a new database: $what" "$(sql "$what" new.sqlite)" "$(sql "$what" new6.sqlite)"
done
for table in kernel object file line function directory platform workload trial metric trial_object trial_tracefile \
	trial_line trial_function trial_line_named trial_line_agreement function_calls metric_named; do
	# But for what is packed otherwise; new columns are those of the same trials, brought from version 4.
	columns=$(sql "SELECT group_concat(name) FROM pragma_table_info('$table') WHERE '$table' || '.' || name NOT IN
		('kernel.lines', 'object.functions', 'object.lines', 'object.plan')" six.sqlite)
	sqlite3 six.sqlite "SELECT $columns FROM $table" | sort >six.rows
	sqlite3 new6.sqlite "SELECT $columns FROM $table" | sort >new6.rows
	cmp six.rows new6.rows || fail "version 6: rows of $table"
	[ -s six.rows ] || [ "$table" = trial_object ] || [ "$table" = trial_tracefile ] || fail "version 6: no rows of $table"
done
check "version 6: no dangling reference" "ok" "$(sql "PRAGMA integrity_check; PRAGMA foreign_key_check" new6.sqlite)"
"$covdb" diff --db new6.sqlite >/dev/null
for table in kernel object trial footprint_line footprint_removed footprint_function footprint_line_named region agreement; do
	sqlite3 db.sqlite "SELECT * FROM $table" | sort >four.rows
	sqlite3 new6.sqlite "SELECT * FROM $table" | sort >new6.rows
	cmp four.rows new6.rows || fail "version 6: rows of $table, as from version 4"
done
[ "$(sql "SELECT count(*) FROM footprint_line" new6.sqlite)" -gt 0 ] || fail "version 6: no footprint"

# From version 7: what was measured stays as it is stored, footprints are made anew.
zstd -qd "$source/tests/data/schema-7.sqlite.zst" -o seven.sqlite
cp seven.sqlite new7.sqlite
"$covdb" kernel list --db new7.sqlite >/dev/null 2>err
check "version 7: it is said" 1 "$(grep -c 'migrated from schema version 7 to 11' err)"
for what in "SELECT type, name, sql FROM sqlite_schema ORDER BY name" "PRAGMA user_version"; do
	check "version 7: as in a new database: $what" "$(sql "$what" new.sqlite)" "$(sql "$what" new7.sqlite)"
done
for table in kernel object file line function directory platform workload workload_member trial metric trial_object \
	trial_tracefile line_pattern function_pattern trial_line_tile trial_function_tile place trial_line; do
	sqlite3 seven.sqlite "SELECT * FROM $table" | sort >seven.rows
	sqlite3 new7.sqlite "SELECT * FROM $table" | sort >new7.rows
	cmp seven.rows new7.rows || fail "version 7: rows of $table"
done
check "version 7: no footprint yet" "0 0" "$(sql "SELECT count(*) FROM analysis; SELECT count(*) FROM region" new7.sqlite)"
check "version 7: no dangling reference" "ok" "$(sql "PRAGMA integrity_check; PRAGMA foreign_key_check" new7.sqlite)"
"$covdb" diff --db new7.sqlite >/dev/null
for table in footprint_line footprint_removed footprint_function region agreement; do
	sqlite3 new6.sqlite "SELECT * FROM $table" | sort >six.rows
	sqlite3 new7.sqlite "SELECT * FROM $table" | sort >new7.rows
	cmp six.rows new7.rows || fail "version 7: rows of $table, as from version 6"
done
check "version 7: regions are as they were" "$(sql "SELECT directory_id, workload_id, mask, lines FROM region" seven.sqlite)" \
	"$(sql "SELECT directory_id, workload_id, mask, lines FROM region" new7.sqlite)"

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
refuse "too old a schema" "PRAGMA user_version = 3" "schema version 3, this covdb knows 4, 6 to 11"
refuse "another program's database" "PRAGMA application_id = 1" "not a covdb database"
refuse "a table is missing" "DROP TABLE trial_line" "the table trial_line is missing"
refuse "a table of somebody else" "CREATE TABLE mine (x)" "the table mine is not covdb's"
refuse "a view of somebody else" "CREATE VIEW mine AS SELECT 1" "the view mine is not covdb's"
refuse "a row without its kernel" "PRAGMA foreign_keys = OFF; UPDATE file SET kernel_id = 9 WHERE file_id = 0" \
	"it is damaged: a row of file refers to one of kernel that is missing"

# Several commands at once: one does it, the others go on with what it made.
round=0
while [ "$round" -lt 20 ]; do
	round=$((round + 1))
	cp old.sqlite many.sqlite
	for number in 1 2 3 4; do
		{
			"$covdb" kernel list --db many.sqlite --format csv >out$number 2>err$number || echo "status $?" >>err$number
		} &
	done
	wait
	# On a busy machine some say that they wait.
	check "many: said once, and nothing else" "1 1" "$(cat err? | grep -c migrated) $(cat err? | grep -vc '^waiting for another program that has')"
	check "many: the kernel" "k,,abc,unknown,2,5,4" "$(cat out? | grep -v '^kernel,' | sort -u)"
	check "many: integrity" "ok" "$(sql "PRAGMA integrity_check; PRAGMA foreign_key_check" many.sqlite)"
	check "many: trials" "$(sql "SELECT count(*) FROM trial_line" old.sqlite)" "$(sql "SELECT count(*) FROM trial_line" many.sqlite)"
done

# Another program that has it open: in WAL mode it reads on what it began with, and nothing becomes malformed;
# what it writes is there afterwards; one that keeps it locked is waited for, up to the limit.
cp old.sqlite wal.sqlite
cp old.sqlite busy.sqlite
export COVDB_WAIT=0
python3 - "$covdb" <<'END' || fail "with another program that has it open"
import os, sqlite3, subprocess, sys, threading, time

def covdb(database, **environment):
    done = subprocess.run([sys.argv[1], "kernel", "list", "--db", database, "--format", "csv"], capture_output=True,
                          text=True, env={**os.environ, **environment})
    return done.returncode, done.stdout, done.stderr

reader = sqlite3.connect("wal.sqlite", isolation_level=None)
reader.execute("PRAGMA journal_mode = WAL")
reader.execute("BEGIN")
count = "SELECT count(*) FROM trial"
before = reader.execute(count).fetchone()
assert reader.execute("PRAGMA user_version").fetchone() == (4,)
status, out, err = covdb("wal.sqlite")
assert status == 0 and "migrated" in err, err
assert reader.execute(count).fetchone() == before and reader.execute("PRAGMA user_version").fetchone() == (4,)
reader.execute("COMMIT")
assert reader.execute("PRAGMA user_version").fetchone() == (11,)
assert reader.execute("PRAGMA integrity_check").fetchone() == ("ok",)
assert reader.execute(count).fetchone() == before
reader.close()

writer = sqlite3.connect("busy.sqlite", isolation_level=None, check_same_thread=False)
writer.execute("BEGIN IMMEDIATE")
writer.execute("UPDATE kernel SET name = 'renamed'")
status, out, err = covdb("busy.sqlite")
assert status == 1 and err.count("\n") == 1 and "another program has had it locked for 0 s" in err, err
threading.Timer(2, lambda: writer.execute("COMMIT")).start()
status, out, err = covdb("busy.sqlite", COVDB_WAIT="600")
assert status == 0 and "migrated" in err and out.splitlines()[1].startswith("renamed,"), (out, err)
END

# A file or folder that may not be written to: said so, with which.
mkdir shelf
cp old.sqlite shelf
cp "$covdb" program
chmod 755 "$test_folder" .
as_reader() { # as_reader COMMAND... - as somebody who may not write here
	if [ "$(id -u)" = 0 ]; then
		setpriv --reuid 65534 --regid 65534 --clear-groups "$@"
	else
		"$@"
	fi
}
chmod 444 shelf/old.sqlite
refused 1 "shelf/old.sqlite: its schema version 4 has to be brought to 11 first, and .*/shelf/old.sqlite cannot be written to: Permission denied" \
	as_reader ./program venn --db shelf/old.sqlite
chmod 666 shelf/old.sqlite
chmod 555 shelf
refused 1 "shelf/old.sqlite: its schema version 4 has to be brought to 11 first, and .*/shelf cannot be written to: Permission denied" \
	as_reader ./program venn --db shelf/old.sqlite
chmod 755 shelf
cmp old.sqlite shelf/old.sqlite || fail "what could not be migrated is as it was"

# From version 8, which has the tables of profiles besides those of version 7: they stay.
zstd -qdf "$source/tests/data/schema-7.sqlite.zst" -o eight.sqlite
for table in profile profile_stack; do
	sqlite3 new.sqlite "SELECT sql FROM sqlite_schema WHERE name = '$table'" | sqlite3 eight.sqlite
done
sqlite3 eight.sqlite "INSERT INTO profile VALUES (1, 1, 'p', 'w', 1, NULL, 5, 'cycles', 99, 7, 0, 0); PRAGMA user_version = 8"
"$covdb" kernel list --db eight.sqlite >/dev/null 2>err
expect err 'migrated from schema version 8 to 11; ' "version 8"
check "version 8: as in a new database" "$(sql "SELECT type, name, sql FROM sqlite_schema ORDER BY name" new.sqlite)" \
	"$(sql "SELECT type, name, sql FROM sqlite_schema ORDER BY name" eight.sqlite)"
check "version 8: the profile stays" "1|1|p|w|1||5|cycles|99|7|0|0" "$(sql "SELECT * FROM profile" eight.sqlite)"

# From version 9, all stays, footprints as well.
cp new7.sqlite nine.sqlite
"$covdb" venn --db nine.sqlite --format csv >before 2>/dev/null
for view in trial_line_agreement metric_named; do
	sqlite3 nine.sqlite "DROP VIEW $view; CREATE VIEW $view AS SELECT 1"
done
for table in compiled_object compiled_file source object_option cve_line cve_git cve_file cve_fix cve_version cve syscalls_program syscalls_thread syscalls_filter syscalls_call syscalls; do sqlite3 nine.sqlite "DROP TABLE $table"; done
sqlite3 nine.sqlite "DROP VIEW footprint_line_any; DROP VIEW trial_line_any; PRAGMA user_version = 9"
"$covdb" venn --db nine.sqlite --format csv >after 2>err
check "version 9: it is said" "nine.sqlite: migrated from schema version 9 to 11" "$(sed 's/^covdb[a-z ]*: //' err)"
cmp before after || fail "version 9: footprints are not as they were"
[ -s before ] || fail "version 9: no regions"
check "version 9: as in a new database" "$(sql "SELECT type, name, sql FROM sqlite_schema ORDER BY name" new.sqlite)" \
	"$(sql "SELECT type, name, sql FROM sqlite_schema ORDER BY name" nine.sqlite)"

# From version 10, all stays; its views are written otherwise and have the same rows.
zstd -qdf "$source/tests/data/schema-10.sqlite.zst" -o ten.sqlite
cp ten.sqlite new10.sqlite
"$covdb" kernel list --db new10.sqlite >/dev/null 2>err
check "version 10: it is said" "new10.sqlite: migrated from schema version 10 to 11" "$(sed 's/^covdb[a-z ]*: //' err)"
check "version 10: as in a new database" "$(sql "SELECT type, name, sql FROM sqlite_schema ORDER BY name" new.sqlite)" \
	"$(sql "SELECT type, name, sql FROM sqlite_schema ORDER BY name" new10.sqlite)"
for table in $(sql "SELECT name FROM sqlite_schema WHERE type <> 'index'" ten.sqlite); do
	sqlite3 ten.sqlite "SELECT * FROM $table" | sort >ten.rows
	sqlite3 new10.sqlite "SELECT * FROM $table" | sort >new10.rows
	cmp ten.rows new10.rows || fail "version 10: rows of $table"
done
for view in $(sql "SELECT name FROM sqlite_schema WHERE type = 'view'" ten.sqlite); do
	[ "$(sql "SELECT count(*) FROM $view" ten.sqlite)" -gt 0 ] || fail "version 10: no rows of $view"
done

cp seven.sqlite other.sqlite
sqlite3 other.sqlite "CREATE TABLE other (a)"
refused 1 'other.sqlite: .*other' "$covdb" kernel list --db other.sqlite
check "version 7 with another table is left alone" 7 "$(sql "PRAGMA user_version" other.sqlite)"
