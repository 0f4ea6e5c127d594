#!/bin/sh
# remove.sh COVDB SOURCE_DIR - trials and kernels are removed as if they had never been there.
set -eu
# shellcheck source=tests/cli/lib.sh
. "$2/tests/cli/lib.sh"
need gcc python3 sqlite3
sql() { sqlite3 db.sqlite "$1" | xargs; }
python3 "$source/tests/faults/study.py" .

# All that is in a database, apart from ids, which grow with time.
content() {
	for query in "SELECT name, build_id FROM kernel" "SELECT path, is_linked FROM object" \
		"SELECT path, found FROM directory" "SELECT line_id, file_id, line FROM line" \
		"SELECT name, driver, bit FROM platform" "SELECT name, kind FROM workload" \
		"SELECT platform, workload, trial, file, line, count FROM trial_line_named" \
		"SELECT platform, workload, trial, metric, labels, value FROM metric_named" \
		"SELECT rule, baseline, is_current FROM analysis" \
		"SELECT rule, baseline, platform, workload, directory, lines, found FROM footprint_directory" \
		"SELECT rule, baseline, platform, workload, file, line FROM footprint_line_named"; do
		sqlite3 db.sqlite "$query ORDER BY 1, 2, 3, 4, 5, 6" 2>/dev/null || sqlite3 db.sqlite "$query ORDER BY 1, 2"
	done
}
sound() { check "$1: integrity" ok "$(sql "PRAGMA integrity_check; PRAGMA foreign_key_check")"; }

"$covdb" kernel add --notes kernel --name k --build-id abc >/dev/null
"$covdb" import study >/dev/null 2>&1
content >with_study
check "names" "host/idle/1 host/observer/1 runc/w/1 gvisor/w/1" \
	"$("$covdb" trial list --format csv | tail -n +2 | cut -d, -f1 | xargs)"
check "as json" "host/idle/1 idle ok 10.0" "$("$covdb" trial list --format json | python3 -c '
import json, sys
row = json.load(sys.stdin)["rows"][0]
print(row["trial"], row["kind"], row["status"], row["seconds"])')"

# Trials that came with another platform and object: both go, and what diff makes is what it was.
"$covdb" import more >/dev/null 2>&1
check "more is there" "3 9" "$(sql "SELECT count(*) FROM object WHERE is_linked; SELECT count(*) FROM line")"
"$covdb" trial remove runc/w/2 microvm/w/1 runc/w/2 >out 2>err
check "said" "2 trials removed" "$(cat out)"
check "what to do" "kernel k: the footprints by rule rate against baseline host/idle lack those that had the trials; 'covdb diff --rule rate --baseline host/idle' makes them again" "$(cat err)"
sound "trials"
check "nothing stale is left in plain tables" "gvisor/* gvisor/w host/observer 0" \
	"$(sql "SELECT p.name || '/' || ifnull(w.name, '*') FROM footprint JOIN platform p USING (platform_id)
		LEFT JOIN workload w USING (workload_id) ORDER BY 1;
		SELECT count(*) FROM region WHERE workload_id = 0 OR workload_id = (SELECT workload_id FROM workload WHERE name = 'w')")"
check "no pattern is left without a tile that has it" "0 0" "$(sql "
	SELECT count(*) FROM line_pattern WHERE (tile, pattern) NOT IN
		(SELECT tile, pattern FROM trial_line_tile UNION SELECT tile, pattern FROM footprint_line_tile);
	SELECT count(*) FROM function_pattern WHERE (tile, pattern) NOT IN
		(SELECT tile, pattern FROM trial_function_tile UNION SELECT tile, pattern FROM footprint_function_tile)")"
refused 1 "since the footprints by rule rate against baseline host/idle were made, trials were imported or removed; 'covdb diff --rule rate" \
	"$covdb" venn
"$covdb" diff --rule rate --baseline host/idle >/dev/null
content >without_more
cmp with_study without_more || fail "removed trials leave something behind"

# One that failed has no counters, and no part in anything.
sql "INSERT INTO trial (kernel_id, platform_id, workload_id, number, status, failure, duration_ns, snapshot)
	SELECT kernel_id, platform_id, workload_id, 9, 'failed', 'why', 5, '' FROM trial WHERE trial_id = (SELECT max(trial_id) FROM trial)"
failed=$("$covdb" trial list --format csv | grep ',failed,' | cut -d, -f1)
check "one failed" "gvisor/w/9" "$failed"
check "it is removed" "1 trial removed" "$("$covdb" trial remove "$failed" 2>&1)"
content >without_failed
cmp with_study without_failed || fail "a failed trial leaves something behind"

# The next import brings the footprints back as well; what was removed can be imported again.
"$covdb" trial remove gvisor/w/1 >/dev/null 2>&1
"$covdb" import study >out 2>/dev/null
check "imported again" "1 trials imported, 3 known before" "$(sed 's/1 trial /1 trials /' out)"
check "footprints are current" "1" "$(sql "SELECT is_current FROM analysis")"
content | grep -v '^gvisor|oci|\|^runc|oci|' >again
grep -v '^gvisor|oci|\|^runc|oci|' with_study >before
cmp before again || fail "a trial that was removed and imported again"

# A name that was of the wrong kind is free again; a baseline that is gone is forgotten.
mkdir snapshot
tar -xf study/trials/runc-w-2.tar -C snapshot
"$covdb" import snapshot --platform typo --workload calm --seconds 10 >/dev/null 2>&1
refused 1 "calm is already the name of something of kind workload" \
	"$covdb" import snapshot --platform host --baseline --workload calm --seconds 10
"$covdb" trial remove typo/calm/1 >/dev/null 2>&1
check "the name and its platform" "0 0" \
	"$(sql "SELECT count(*) FROM workload WHERE name = 'calm'; SELECT count(*) FROM platform WHERE name = 'typo'")"
"$covdb" import snapshot --platform host --baseline --workload calm --seconds 10 >/dev/null 2>&1 || fail "as a baseline"
"$covdb" diff --baseline host/calm >/dev/null
"$covdb" trial remove host/calm/1 >/dev/null 2>err
check "of two baselines" "rate host/idle" "$(sqlite3 -separator ' ' db.sqlite "SELECT rule, baseline FROM analysis")"
sound "baseline"
"$covdb" diff >/dev/null || fail "diff takes the baseline that is left"

# Tracefiles: lines that only they list.
"$covdb" export --trial gvisor/w/1 >one.info 2>/dev/null
content >before
"$covdb" import one.info --platform lcov --workload w --seconds 10 >/dev/null 2>&1
"$covdb" trial remove lcov/w/1 >/dev/null 2>&1
"$covdb" diff >/dev/null
content >after
cmp before after || fail "a tracefile's trial leaves something behind"

# All or nothing, and reasons.
before=$(sha256sum <db.sqlite)
refused 1 "kernel k has no trial runc/w/9; 'covdb trial list' names those that it has" \
	"$covdb" trial remove runc/w/1 runc/w/9
refused 1 "no kernel x is registered, only k" "$covdb" trial remove --kernel x runc/w/1
refused 1 "no kernel x is registered, only k" "$covdb" kernel remove x
refused 1 "kernel k has 4 trials; 'covdb trial list' names them, 'covdb trial remove' removes them" "$covdb" kernel remove k
check "nothing has changed" "$before" "$(sha256sum <db.sqlite)"

# A kernel without trials goes with all that it had; another one keeps its own. It can be added again.
"$covdb" kernel add --notes other --name o >/dev/null 2>&1
content >both
refused 1 "there are several kernels" "$covdb" trial remove runc/w/1
cp db.sqlite kept.sqlite
check "said" "kernel o removed" "$("$covdb" kernel remove o)"
sound "kernel"
"$covdb" kernel add --notes other --name o >/dev/null 2>&1
content >again
cmp both again || fail "a kernel that was removed and added again"
# shellcheck disable=SC2046 # names are words
"$covdb" trial remove --kernel k $("$covdb" trial list --kernel k --format csv | tail -n +2 | cut -d, -f1) >out 2>/dev/null
check "all trials" "4 trials removed" "$(cat out)"
"$covdb" kernel remove k >/dev/null
sound "all"
"$covdb" kernel remove o >/dev/null
for table in $(sqlite3 db.sqlite "SELECT name FROM sqlite_schema WHERE type = 'table' AND name <> 'place'"); do
	check "nothing is left in $table" 0 "$(sql "SELECT count(*) FROM $table")"
done
