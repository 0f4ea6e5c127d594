#!/bin/sh
# recorded.sh COVDB SOURCE_DIR DATABASE - the recorded study loads whole, into the database that other tests ask.
set -eu
# shellcheck source=tests/cli/lib.sh
. "$2/tests/cli/lib.sh"
COVDB=$3
export COVDB_DATA="$source"
size=$(cat "$source"/workloads/recorded/*.tar.zst | wc -c)
echo "the recording has $size bytes"
[ "$size" -le 25165824 ]
"$source/workloads/recorded/load.sh" "$covdb" "$COVDB"
failed=$(sqlite3 "$COVDB" "SELECT count(*) FROM trial WHERE status <> 'ok' OR objects_bad")
[ "$failed" = 0 ] || {
	echo "$failed trials failed or have objects that were not decoded"
	exit 1
}
# Every platform ran every workload as often as the experiment says.
sqlite3 "$COVDB" "SELECT p.name, count(*), count(DISTINCT workload_id) FROM trial
	JOIN platform p USING (platform_id) JOIN workload USING (workload_id)
	WHERE kind = 'workload' AND counters IS NOT NULL GROUP BY platform_id" >trials
printf 'host|35|7\nrunc|35|7\ngvisor|35|7\nmicrovm|35|7\n' | cmp - trials
# And the series of the paper once, for performance alone.
sqlite3 "$COVDB" "SELECT p.name, count(*), count(DISTINCT workload_id), min(is_emulated) FROM trial
	JOIN platform p USING (platform_id) WHERE counters IS NULL GROUP BY platform_id" >trials
printf 'host|29|29|1\nrunc|29|29|1\ngvisor|29|29|1\nmicrovm|29|29|1\n' | cmp - trials
# Of the first two of each there are the phases, which belong to groups as their workloads do.
phases=$(sqlite3 "$COVDB" "SELECT count(*), count(DISTINCT w.name), count(DISTINCT platform_id), max(number) FROM trial
	JOIN workload w USING (workload_id) WHERE kind = 'phase'")
[ "$phases" = '168|21|4|2' ]
# Trials of system calls of two workloads on seven platforms.
calls=$(sqlite3 "$COVDB" "SELECT count(*), count(DISTINCT platform), sum(lost), (SELECT count(*) FROM syscalls_program) FROM syscalls")
[ "$calls" = '14|7|0|12' ] || {
	echo "system calls: $calls"
	exit 1
}
# Two profiles of each platform, all samples of which are in their stacks.
profiles=$(sqlite3 "$COVDB" "SELECT count(*), count(DISTINCT f.platform), sum(f.samples), (SELECT sum(samples) FROM profile_stack)
	FROM profile f")
[ "$profiles" = '8|4|33964|33964' ] || {
	echo "profiles: $profiles"
	exit 1
}
# Footprints by both rules, of which commands use the newest.
rules=$(sqlite3 "$COVDB" "SELECT rule FROM analysis ORDER BY analysis_id" | xargs)
[ "$rules" = "rate permutation" ]
