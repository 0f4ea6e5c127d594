#!/bin/sh
# concurrency.sh COVDB SOURCE_DIR - several programs on one database: waiting, and what each decides meanwhile.
set -eu
# shellcheck source=tests/cli/lib.sh
. "$2/tests/cli/lib.sh"
need gcc python3
sql() { sqlite3 db.sqlite "$1" | xargs; }
python3 "$source/tests/faults/study.py" .

# Hold the database locked until $folder/go is there; then change it.
hold() { # hold STATEMENT [CHANGES]
	rm -f go locked err # of an earlier wait
	python3 - "$1" "${2:-}" <<'END' &
import os, sqlite3, sys, time

database = sqlite3.connect("db.sqlite", isolation_level=None)
database.execute("PRAGMA foreign_keys = ON")
database.execute("ATTACH 'other.sqlite' AS other")
database.execute(sys.argv[1])
database.execute("SELECT count(*) FROM kernel").fetchall()
open("locked", "w").close()
while not os.path.exists("go"):
    time.sleep(0.01)
for change in filter(None, sys.argv[2].split(";")):
    database.execute(change)
database.execute("COMMIT")
END
	holder=$!
	while [ ! -e locked ]; do sleep 0.05; done
}
release() {
	: >go
	wait "$holder"
}

until_it_waits() { # until_it_waits PID - or has ended
	while kill -0 "$1" 2>/dev/null && ! grep -qs waiting err; do sleep 0.1; done
}

"$covdb" kernel add --db other.sqlite --notes other --name o >/dev/null 2>&1
"$covdb" kernel add --notes kernel --name k --build-id abc >/dev/null
"$covdb" import study >/dev/null 2>&1

# A limit, said in one line with what to do; nothing is written, nothing of SQLite's own words.
export COVDB_WAIT=0
before=$(sha256sum <db.sqlite)
hold "BEGIN EXCLUSIVE"
late="db.sqlite: another program has had it locked for 0 s; try again when that is done, or wait longer with COVDB_WAIT"
for command in "kernel list" "kernel add --notes other --name o --build-id def" "import more" diff venn claims objects \
	"export --trial runc/w/1"; do
	# shellcheck disable=SC2086 # words
	refused 1 "$late" "$covdb" $command
done
release
hold "BEGIN IMMEDIATE"
for command in "kernel add --notes other --name o --build-id def" "import more" diff; do
	# shellcheck disable=SC2086
	refused 1 "$late" "$covdb" $command
done
for command in "kernel list" venn objects; do
	# shellcheck disable=SC2086
	"$covdb" $command >/dev/null || fail "reads while another writes: $command"
done
release
check "nothing was written" "$before" "$(sha256sum <db.sqlite)"
refused 2 "COVDB_WAIT takes a number of seconds of at most 86400, not 'x'" env COVDB_WAIT=x "$covdb" venn

# Waiting is said once, after a second, and goes on when the other is done.
export COVDB_WAIT=600
hold "BEGIN EXCLUSIVE"
"$covdb" import more >out 2>err &
waiter=$!
until_it_waits "$waiter"
release
wait "$waiter" || fail "import after waiting: $(cat err)"
check "what was waited for" "waiting for another program that has $folder/db.sqlite locked" "$(grep waiting err || :)"
check "imported after waiting" "2 trials imported" "$(cat out)"

# Somebody who looks at what was printed keeps nobody from writing.
export COVDB_WAIT=0
cat >unread.py <<'END'
"""Run a command whose output nobody reads: true when it has answered and is stuck with the first byte of it."""
import fcntl, os, subprocess, sys, time

read_end, write_end = os.pipe()
fcntl.fcntl(write_end, fcntl.F_SETFL, os.O_NONBLOCK)
try:
    while True:
        os.write(write_end, b"x" * 4096)
except BlockingIOError:
    fcntl.fcntl(write_end, fcntl.F_SETFL, 0)
process = subprocess.Popen(sys.argv[2:], stdout=write_end, stderr=subprocess.DEVNULL)
def is_writing():
    with open(f"/proc/{process.pid}/syscall") as file:
        return file.read().split()[:2] in (["1", "0x1"], ["64", "0x1"])
while process.poll() is None and not is_writing():
    time.sleep(0.01)
status = subprocess.run([sys.argv[1], "diff"], stdout=subprocess.DEVNULL).returncode
print("stuck" if process.poll() is None else "ended", status)
process.kill()
END
for command in "kernel list" venn "venn runc --list lines" "venn runc --list functions" "venn runc --list files" \
	summary functions "annotate main.c" "top runc gvisor" "top runc gvisor --by lines" conditional stability \
	metrics objects claims "export --trial runc/w/1" "decode study/trials/runc-w-2.tar"; do
	# shellcheck disable=SC2086
	check "nobody reads what it prints: $command" "stuck 0" "$(python3 unread.py "$covdb" "$covdb" $command)"
done

# An answer of several queries is of one moment: here a trial goes while the second one runs.
cat >claims.yaml <<'END'
name: test
platforms: {runc: [runc]}
workloads: {w: [w]}
claims:
  - {name: before, place: here, claim: all, class: exact, query: SELECT count(*) AS trials FROM trial, expected: trials > 0}
  - name: long
    place: here
    claim: none
    class: exact
    query: >-
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000000) SELECT max(i) AS many FROM n
    expected: many > 0
  - {name: after, place: here, claim: all, class: exact, query: SELECT count(*) AS trials FROM trial, expected: trials > 0}
END
cp db.sqlite moment.sqlite
"$covdb" claims claims.yaml --db moment.sqlite --format csv --timeout 3600 >out 2>err &
reader=$!
sleep 0.5
sqlite3 -cmd ".timeout 600000" moment.sqlite "PRAGMA foreign_keys = ON; DELETE FROM trial WHERE trial_id = 1"
wait "$reader" || fail "claims: $(cat err)"
check "of one moment" "$(grep '^before,' out | cut -d, -f6)" "$(grep '^after,' out | cut -d, -f6)"

# Two first kernels at once: both are there, or the second is told that there is one.
export COVDB_WAIT=600
both() { # both STATUSES WHAT COMMAND OTHER_COMMAND - run at once; the statuses, sorted
	# shellcheck disable=SC2086
	{ "$covdb" $3 >out1 2>err1 && echo 0 >status1 || echo $? >status1; } &
	first=$!
	# shellcheck disable=SC2086
	"$covdb" $4 >out2 2>err2 && echo 0 >status2 || echo $? >status2
	wait "$first"
	check "$2: $(cat err1 err2)" "$1" "$(sort status1 status2 | xargs)"
	check "$2: integrity" "ok" "$(sql "PRAGMA integrity_check; PRAGMA foreign_key_check")"
}
round=0
while [ "$round" -lt 10 ]; do
	round=$((round + 1))
	rm -f db.sqlite
	both "0 0" "two kernels" "kernel add --notes kernel --name k" "kernel add --notes other --name o"
	check "two kernels" "k o" "$(sql "SELECT name FROM kernel ORDER BY name")"
	rm -f db.sqlite
	both "0 1" "one name twice" "kernel add --notes kernel --name k --build-id abc" \
		"kernel add --notes other --name k --build-id def"
	check "which is told" 1 "$(cat err1 err2 | grep -c 'there is another kernel k, build id')"

	# Two imports of one folder store each trial once, whoever comes first to each.
	rm -f db.sqlite
	"$covdb" kernel add --notes kernel --name k --build-id abc >/dev/null
	both "0 0" "two imports" "import study more" "import study more"
	check "each trial once" "6|6" "$(sql "SELECT count(*), count(DISTINCT started_at) FROM trial")"
	check "all are told of" "6" "$(cat out1 out2 | sed 's/ trials* imported.*//' | awk '{ n += $1 } END { print n }')"
	check "footprints of all trials" 1 "$(sql "SELECT is_current FROM analysis")"
done

# A trial that is refused leaves no transaction behind: those after it are imported.
rm -f db.sqlite
"$covdb" kernel add --notes kernel --name k --build-id abc >/dev/null
mkdir -p broken/trials
cp study/trials/* broken/trials
sed 's/"workload": "w"/"workload": "idle"/' study/trials/runc-w-2.json >broken/trials/runc-w-2.json
status=0
"$covdb" import broken >out 2>err || status=$?
check "one is refused" "1 3 trials imported, 1 not imported" "$status $(cat out)"
expect err "not imported: .*idle is already the name of something of kind idle"

# A kernel that another program removes, or replaces by one with the same id, while a snapshot is decoded.
cp study/trials/runc-w-2.tar snapshot.tar
meanwhile() { # meanwhile CHANGES - status of the import, how many trials there are
	rm -f db.sqlite
	"$covdb" kernel add --notes kernel --name k --build-id abc >/dev/null
	hold "BEGIN IMMEDIATE" "$1"
	"$covdb" import snapshot.tar --platform runc --workload w --seconds 10 >out 2>err &
	waiter=$!
	until_it_waits "$waiter"
	release
	status=0
	wait "$waiter" || status=$?
	echo "$status $(sql "SELECT count(*) FROM trial")"
	grep -v waiting err >why || :
}
check "a kernel removed meanwhile" "1 0" "$(meanwhile "DELETE FROM kernel")"
expect why "snapshot.tar: kernel k was removed or replaced meanwhile"
replace="DELETE FROM kernel"
for table in kernel object file line function directory; do
	replace="$replace; INSERT INTO $table SELECT * FROM other.$table"
done
check "a kernel replaced meanwhile" "1 0" "$(meanwhile "$replace")"
expect why "snapshot.tar: kernel k was removed or replaced meanwhile"
check "only a change beside it" "0 1" "$(meanwhile "UPDATE kernel SET source_root = source_root")"
