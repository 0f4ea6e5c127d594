#!/bin/sh
# rows.sh COVDB SOURCE_DIR DATABASE - regions, agreement and bounds of the recorded study are what independent programs make of its rows.
set -eu
# shellcheck source=tests/recorded/lib.sh
. "$2/tests/recorded/lib.sh"
need python3 sqlite3
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
		WHERE workload_id IS NULL" | xargs >counted
grep -qx '0 0 1 1|0' counted || {
	echo "stored regions, and counts of united footprints, differ from the footprints' lines: $(cat counted)"
	exit 1
}
# Of whole trials there are five of each, of phases two: too few for a range over the trials, and it says so.
"$covdb" venn >said
grep -q '^OVER TRIALS: fewest and most lines in 5 studies ' said
"$covdb" venn --phase steady >said
grep -q '^OVER TRIALS: with fewer than 3 trials ' said
ranges=$(sqlite3 "$COVDB" "SELECT kind, count(low) > 0, count(*) = count(low) FROM region JOIN workload USING (workload_id)
	WHERE kind IN ('workload', 'phase') GROUP BY kind" | xargs)
[ "$ranges" = "phase|0|0 workload|1|1" ] || {
	echo "regions with ranges: $ranges"
	exit 1
}
# How far trials agree, and a lower bound of what all workloads united execute, from what the first, the second... trials of all did,
# which is the same by both rules: from the rows of trials and footprints by an independent program, which reads them once.
for rule in rate permutation; do
	"$covdb" stability --rule "$rule" --dir mm --format csv >"stability.$rule"
	"$covdb" summary --rule "$rule" --dir mm --format csv >"summary.$rule"
done
python3 - "$COVDB" <<'END'
import collections, csv, itertools, sqlite3, sys

database = sqlite3.connect(sys.argv[1])
first, count = database.execute("SELECT line_first, line_count FROM directory WHERE path = 'mm'").fetchone()
mm = (first, first + count)
kept, removed, trials = (collections.defaultdict(set) for _ in range(3))
for table, lines in ("line", kept), ("removed", removed):
    for rule, platform, workload, line in database.execute(
            f"SELECT rule, p.name, w.name, line_id FROM footprint_{table} JOIN footprint USING (footprint_id)"
            " JOIN analysis USING (analysis_id) JOIN platform p USING (platform_id) JOIN workload w USING (workload_id)"
            " WHERE line_id >= ? AND line_id < ?", mm):
        lines[rule, platform, workload].add(line)
# What ran without the observer, kept or not, is the same by each rule.
ran = {group: kept["rate", *group] | removed["rate", *group] for group in {key[1:] for key in (*kept, *removed)}}
assert all(lines | removed[key] == ran[key[1:]] for key, lines in kept.items())
for platform, workload, number, line in database.execute(
        "SELECT p.name, w.name, number, line_id FROM trial_line JOIN trial USING (trial_id)"
        " JOIN platform p USING (platform_id) JOIN workload w USING (workload_id)"
        " WHERE line_id >= ? AND line_id < ? AND state > 1", mm):
    trials[platform, workload, number].add(line)
for rule in ("rate", "permutation"):
    rows = list(csv.DictReader(open(f"stability.{rule}")))
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
# A lower bound of what all workloads united execute.
rows, others = (list(csv.DictReader(open(f"summary.{rule}"))) for rule in ("rate", "permutation"))
assert [row["at_least"] for row in rows] == [row["at_least"] for row in others]
workloads = {name for (name,) in database.execute("SELECT name FROM workload WHERE kind = 'workload'")}
seen = collections.defaultdict(set)
for (platform, workload, number), lines in trials.items():
    if workload in workloads:
        seen[platform, number] |= lines & ran[platform, workload]
for row, other in zip(rows, others):
    executed = collections.Counter(line for (name, _), lines in seen.items() if name == row["platform"] for line in lines)
    once, twice = (sum(1 for n in executed.values() if n == k) for k in (1, 2))
    expected = len(executed) + 0.8 * once ** 2 / 2 / twice
    assert abs(float(row["at_least"]) - expected) < 1e-6 * expected, (row, expected)
    assert expected > int(row["lines"]) > int(other["lines"]), (row, other, expected)
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
