#!/bin/sh
# recorded.sh COVDB SOURCE_DIR DATABASE - the recorded study loads whole, says what an independent program
# makes of it, and is what the pages in docs/ show.
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
	WHERE kind = 'workload' AND counters IS NOT NULL GROUP BY platform_id" >"$COVDB.trials"
printf 'host|35|7\nrunc|35|7\ngvisor|35|7\nmicrovm|35|7\n' | cmp - "$COVDB.trials"
# And the series of the paper once, for performance alone.
sqlite3 "$COVDB" "SELECT p.name, count(*), count(DISTINCT workload_id), min(is_emulated) FROM trial
	JOIN platform p USING (platform_id) WHERE counters IS NULL GROUP BY platform_id" >"$COVDB.trials"
printf 'host|29|29|1\nrunc|29|29|1\ngvisor|29|29|1\nmicrovm|29|29|1\n' | cmp - "$COVDB.trials"
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
# By SQL alone, from the lines of the footprints of workloads and of united ones: the regions of all directories by each rule, and
# that a united footprint counts what the workloads' count together, kept or removed.
sqlite3 "$COVDB" "
	CREATE TEMP TABLE wanted AS SELECT footprint_id, f.analysis_id, f.platform_id, f.workload_id FROM footprint f LEFT JOIN workload
		USING (workload_id) WHERE workload_id IS NULL OR kind = 'workload';
	CREATE TEMP TABLE every AS SELECT w.*, line_id, count, 1 AS is_kept FROM wanted w CROSS JOIN footprint_line USING (footprint_id)
		UNION ALL SELECT w.*, line_id, count, 0 FROM wanted w CROSS JOIN footprint_removed USING (footprint_id);
	CREATE TEMP TABLE mask AS SELECT analysis_id, line_id, sum(DISTINCT 1 << bit) AS mask FROM every JOIN platform USING (platform_id)
		WHERE is_kept AND workload_id IS NOT NULL GROUP BY analysis_id, line_id;
	CREATE INDEX temp.line ON mask (line_id);
	CREATE TEMP TABLE counted AS SELECT analysis_id, directory_id, mask, count(*) AS lines FROM directory
		JOIN mask ON line_id >= line_first AND line_id < line_first + line_count GROUP BY 1, 2, 3;
	SELECT count(*) FROM (SELECT analysis_id, directory_id, mask, lines FROM region WHERE workload_id = 0 AND lines > 0
		EXCEPT SELECT * FROM counted);
	SELECT count(*) FROM (SELECT * FROM counted EXCEPT
		SELECT analysis_id, directory_id, mask, lines FROM region WHERE workload_id = 0 AND lines > 0);
	SELECT count(*) > 600 FROM counted;
	WITH member AS (SELECT analysis_id, platform_id, line_id, sum(count) AS total FROM every WHERE workload_id IS NOT NULL
		GROUP BY analysis_id, platform_id, line_id)
	SELECT count(*) > 400000, sum(count <> total) FROM every JOIN member USING (analysis_id, platform_id, line_id)
		WHERE workload_id IS NULL" | xargs >"$COVDB.counted"
grep -qx '0 0 1 1|0' "$COVDB.counted" || {
	echo "stored regions, and counts of united footprints, differ from the footprints' lines: $(cat "$COVDB.counted")"
	exit 1
}
# Of whole trials there are five of each, of phases two: too few for a range over the trials, and it says so.
"$covdb" venn >"$COVDB.venn"
grep -q '^OVER TRIALS: fewest and most lines in 5 studies ' "$COVDB.venn"
"$covdb" venn --phase steady >"$COVDB.venn"
grep -q '^OVER TRIALS: with fewer than 3 trials ' "$COVDB.venn"
ranges=$(sqlite3 "$COVDB" "SELECT kind, count(low) > 0, count(*) = count(low) FROM region JOIN workload USING (workload_id)
	WHERE kind IN ('workload', 'phase') GROUP BY kind" | xargs)
[ "$ranges" = "phase|0|0 workload|1|1" ] || {
	echo "regions with ranges: $ranges"
	exit 1
}
# How far trials agree, from the rows of trials and footprints by an independent program.
for rule in rate permutation; do
	"$covdb" stability --rule "$rule" --dir mm --format csv >"$COVDB.stability.$rule"
done
python3 - "$COVDB" <<'END'
import collections, csv, itertools, sqlite3, sys

database = sqlite3.connect(sys.argv[1])
first, count = database.execute("SELECT line_first, line_count FROM directory WHERE path = 'mm'").fetchone()
mm = (first, first + count)
kept, ran, trials = (collections.defaultdict(set) for _ in range(3))
for rule, platform, workload, line in database.execute(
        "SELECT rule, p.name, w.name, line_id FROM footprint_line JOIN footprint USING (footprint_id)"
        " JOIN analysis USING (analysis_id) JOIN platform p USING (platform_id) JOIN workload w USING (workload_id)"
        " WHERE line_id >= ? AND line_id < ?", mm):
    kept[rule, platform, workload].add(line)
    ran[platform, workload].add(line)
for platform, workload, line in database.execute(
        "SELECT p.name, w.name, line_id FROM footprint_removed JOIN footprint USING (footprint_id)"
        " JOIN analysis USING (analysis_id) JOIN platform p USING (platform_id) JOIN workload w USING (workload_id)"
        " WHERE line_id >= ? AND line_id < ? AND rule = 'rate'", mm):
    ran[platform, workload].add(line)
for platform, workload, number, line in database.execute(
        "SELECT p.name, w.name, number, line_id FROM trial_line JOIN trial USING (trial_id)"
        " JOIN platform p USING (platform_id) JOIN workload w USING (workload_id)"
        " WHERE line_id >= ? AND line_id < ? AND state > 1", mm):
    trials[platform, workload, number].add(line)
for rule in ("rate", "permutation"):
    rows = list(csv.DictReader(open(f"{sys.argv[1]}.stability.{rule}")))
    assert len(rows) == 33, len(rows)
    for row in rows:
        group = (row["platform"], row["workload"])
        sets = [lines & kept[rule, *group] for where, lines in trials.items() if where[:2] == group]
        pairs = [len(a & b) / len(a | b) for a, b in itertools.combinations(sets, 2)]
        seen = collections.Counter(line for lines in sets for line in lines)
        # The lower bound is that of all that ran without the observer, kept or not.
        executed = collections.Counter(line for where, lines in trials.items() if where[:2] == group for line in lines & ran[group])
        once, twice = (sum(1 for n in executed.values() if n == k) for k in (1, 2))
        m = len(sets)
        chao2 = len(executed) + (m - 1) / m * (once ** 2 / 2 / twice if twice else once * (once - 1) / 2)
        expected = [len(sets), len(seen), sum(n >= m - 1 for n in seen.values()), sum(n == m for n in seen.values()),
                    sum(pairs) / len(pairs), chao2]
        got = [float(row[key]) for key in ("trials", "lines_any", "lines_most", "lines_all", "jaccard", "chao2")]
        assert all(abs(a - b) <= 1e-6 * max(1, a) for a, b in zip(expected, got)), (row, expected)
END
# The functions in which trials differ add up to what they executed, but not all of them.
python3 - "$covdb" <<'END'
import collections, csv, io, json, subprocess, sys

command = [sys.argv[1], "stability", "--dir", "net", "--workload", "stream,ping"]
rows = json.loads(subprocess.check_output(command + ["--format", "json"]))["executed"]
listed = collections.Counter()
for row in csv.DictReader(io.StringIO(subprocess.check_output(command + ["--list", "--limit", "0", "--format", "csv"], text=True))):
    listed[row["platform"], row["workload"]] += int(row["differ"])
assert len(rows) == 8 and listed == {(r["platform"], r["workload"]): r["lines_any"] - r["lines_all"] for r in rows}, (rows, listed)
END
# --depth shows of each directory what it shows on its own, and leaves out none that has lines.
"$covdb" venn --dir net --depth 2 --workload cpu --format json >"$COVDB.depth"
python3 - "$covdb" "$COVDB.depth" <<'END'
import json, sqlite3, os, subprocess, sys

rows = json.load(open(sys.argv[2]))["rows"]
for row in rows:
    command = [sys.argv[1], "venn", "--dir", row["dir"], "--workload", "cpu", "--format", "json"]
    assert json.loads(subprocess.check_output(command)).items() >= row.items(), row["dir"]
listed = {row["dir"].rstrip("/") for row in rows[1:]}
database = sqlite3.connect(os.environ["COVDB"])
below = {path for (path,) in database.execute(
    "SELECT DISTINCT directory FROM footprint_directory WHERE directory LIKE 'net/%' AND directory NOT LIKE 'net/%/%/%'"
    " AND workload = 'cpu' AND rule = 'permutation' AND lines > 0")}
assert listed == below and len(listed) > 10, listed ^ below
END
# A lower bound of what all workloads united execute, from what the first, the second... trials of all did; the same by both rules.
for rule in rate permutation; do
	"$covdb" summary --rule "$rule" --dir mm --format csv >"$COVDB.summary.$rule"
done
python3 - "$COVDB" <<'END'
import collections, csv, sqlite3, sys

database = sqlite3.connect(sys.argv[1])
rows, others = (list(csv.DictReader(open(f"{sys.argv[1]}.summary.{rule}"))) for rule in ("rate", "permutation"))
assert [row["at_least"] for row in rows] == [row["at_least"] for row in others]
first, count = database.execute("SELECT line_first, line_count FROM directory WHERE path = 'mm'").fetchone()
mm = (first, first + count)
ran = collections.defaultdict(set)
for kind in ("line", "removed"):
    for platform, workload, line in database.execute(
            f"SELECT platform_id, workload_id, line_id FROM footprint_{kind} JOIN footprint USING (footprint_id)"
            " JOIN analysis USING (analysis_id) JOIN workload USING (workload_id)"
            " WHERE rule = 'rate' AND kind = 'workload' AND line_id >= ? AND line_id < ?", mm):
        ran[platform, workload].add(line)
seen = collections.defaultdict(set)
for platform, workload, name, number, line in database.execute(
        "SELECT platform_id, workload_id, p.name, number, line_id FROM trial_line JOIN trial USING (trial_id)"
        " JOIN platform p USING (platform_id) WHERE state > 1 AND line_id >= ? AND line_id < ?", mm):
    if line in ran[platform, workload]:
        seen[name, number].add(line)
for row, other in zip(rows, others):
    executed = collections.Counter(line for (name, _), lines in seen.items() if name == row["platform"] for line in lines)
    once, twice = (sum(1 for n in executed.values() if n == k) for k in (1, 2))
    expected = len(executed) + 0.8 * once ** 2 / 2 / twice
    assert abs(float(row["at_least"]) - expected) < 1e-6 * expected, (row, expected)
    assert expected > int(row["lines"]) > int(other["lines"]), (row, other, expected)
END
# Every list adds up to the count that it stands under.
for rule in rate permutation; do
	"$source/tests/oracle/sums.py" "$covdb" "$rule" cpu paper stream.steady,ping
done
# A group has what its members have together, whether it is stored or not; all of them are all.
for workloads in file-write,memory,cpu,stream paper; do
	"$covdb" venn --depth 2 --workload "$workloads" --format csv >"$COVDB.$workloads"
done
cmp "$COVDB.paper" "$COVDB.file-write,memory,cpu,stream"
"$covdb" venn --depth 3 --format csv >"$COVDB.all"
"$covdb" venn --depth 3 --workload ping,llc,file-read,paper --format csv | cmp - "$COVDB.all"
# No line of what reads the counters is left in any footprint but that of observers, whatever the platform, the workload, the
# phase or the rule; and nothing that decides it knows what that is called.
left=$(sqlite3 "$COVDB" "SELECT group_concat(rule || ' ' || platform || '/' || ifnull(workload, 'all'), ', ') FROM footprint_directory
	WHERE directory = 'kernel/gcov' AND lines > 0 AND kind IS NOT 'observer'")
[ -z "$left" ] || {
	echo "lines of kernel/gcov are left: $left"
	exit 1
}
for phase in all start-up steady tear-down; do
	for rule in rate permutation; do
		"$covdb" functions --dir kernel/gcov --phase "$phase" --rule "$rule" --limit 0 --format csv | sed 1d
	done
done >"$COVDB.left"
"$covdb" functions --dir kernel/gcov --workload observer --rule rate --format csv | grep -q '^store_gcov_u64,'
[ ! -s "$COVDB.left" ] || {
	cat "$COVDB.left"
	exit 1
}
if grep -rn 'kernel/gcov\|gcov_seq\|store_gcov' "$source/venn" "$source/differ" --include='*.[ch]'; then exit 1; fi
# The pictures in docs/ are those of this study.
"$covdb" venn --dir net --workload cpu --platforms host,runc,gvisor --format svg | cmp - "$source/docs/pictures/net.svg"
"$covdb" venn --dir net --workload cpu --format svg | cmp - "$source/docs/pictures/net-upset.svg"
# covdb tour runs every command of the tour, and one of its questions alone.
[ "$("$covdb" tour --db "$COVDB" | grep -c '^\$ covdb ')" = "$(grep -c '^\$ covdb ' "$source/docs/tour.md")" ]
"$covdb" tour --db "$COVDB" 1 | grep -q '^host     39,468 '
"$covdb" tour --db "$COVDB" 99 2>&1 | grep -q 'no question 99 .*, which has 1 to [0-9]*$'
"$source/tests/oracle/doc_examples.py" "$covdb" "$source/docs/tour.md" "$source/docs/claims.md" "$source/docs/queries.md" \
	"$source/docs/kconfig.md" "$source/docs/rules.md" "$source/docs/tasks.md" "$source/README.md"
