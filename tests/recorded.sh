#!/bin/sh
# recorded.sh COVDB SOURCE_DIR DATABASE - the recorded study loads whole, says what an independent program
# makes of it, and is what the pages in docs/ show.
set -eu
covdb=$1
source=$2
export COVDB="$3" COVDB_DATA="$2"
size=$(cat "$source"/workloads/recorded/*.tar.zst | wc -c)
echo "the recording has $size bytes"
[ "$size" -lt 12582912 ]
"$source/workloads/recorded/load.sh" "$covdb" "$COVDB"
failed=$(sqlite3 "$COVDB" "SELECT count(*) FROM trial WHERE status <> 'ok' OR objects_bad")
[ "$failed" = 0 ] || {
	echo "$failed trials failed or have objects that were not decoded"
	exit 1
}
# Every platform ran every workload as often as the experiment says.
sqlite3 "$COVDB" "SELECT p.name, count(*), count(DISTINCT workload_id) FROM trial
	JOIN platform p USING (platform_id) JOIN workload USING (workload_id)
	WHERE kind = 'workload' GROUP BY platform_id" >"$COVDB.trials"
printf 'host|14|7\nrunc|14|7\ngvisor|14|7\nmicrovm|14|7\n' | cmp - "$COVDB.trials"
# The regions of all directories, counted anew from the footprints' lines by SQL alone.
sqlite3 "$COVDB" "
	CREATE TEMP TABLE mask AS SELECT line_id, sum(DISTINCT 1 << bit) AS mask FROM footprint
		JOIN footprint_line USING (footprint_id) JOIN platform USING (platform_id)
		JOIN workload USING (workload_id) WHERE kind = 'workload' GROUP BY line_id;
	CREATE TEMP TABLE counted AS SELECT directory_id, mask, count(*) AS lines FROM directory
		JOIN mask ON line_id >= line_first AND line_id < line_first + line_count GROUP BY 1, 2;
	SELECT count(*) FROM (SELECT directory_id, mask, lines FROM region WHERE workload_id = 0
		EXCEPT SELECT * FROM counted);
	SELECT count(*) FROM (SELECT * FROM counted EXCEPT
		SELECT directory_id, mask, lines FROM region WHERE workload_id = 0);
	SELECT count(*) > 300 FROM counted" | xargs >"$COVDB.regions"
grep -qx '0 0 1' "$COVDB.regions" || {
	echo "stored regions differ from the footprints' lines: $(cat "$COVDB.regions")"
	exit 1
}
# --depth shows of each directory what it shows on its own, and leaves out none that has lines.
"$covdb" venn --dir net --depth 2 --workload cpu --format json >"$COVDB.depth"
python3 - "$covdb" "$COVDB.depth" <<'END'
import json, sqlite3, os, subprocess, sys

rows = json.load(open(sys.argv[2]))
for row in rows:
    command = [sys.argv[1], "venn", "--dir", row["dir"], "--workload", "cpu", "--format", "json"]
    assert json.loads(subprocess.check_output(command)) == row, row["dir"]
listed = {row["dir"].rstrip("/") for row in rows[1:]}
database = sqlite3.connect(os.environ["COVDB"])
below = {path for (path,) in database.execute(
    "SELECT DISTINCT directory FROM footprint_directory WHERE directory LIKE 'net/%' AND directory NOT LIKE 'net/%/%/%'"
    " AND workload = 'cpu' AND lines > 0")}
assert listed == below and len(listed) > 10, listed ^ below
END
# The pictures in docs/ are those of this study.
"$covdb" venn --dir net --workload cpu --platforms host,runc,gvisor --format svg | cmp - "$source/docs/pictures/net.svg"
"$covdb" venn --dir net --workload cpu --format svg | cmp - "$source/docs/pictures/net-upset.svg"
exec "$source/tests/doc_examples.py" "$covdb" "$source/docs/claims.md" "$source/docs/queries.md"
