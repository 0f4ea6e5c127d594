#!/bin/sh
# lists.sh COVDB SOURCE_DIR DATABASE - what is listed of the recorded study adds up to what is counted, by directory, group, rule and phase.
set -eu
# shellcheck source=tests/recorded/lib.sh
. "$2/tests/recorded/lib.sh"
need python3 sqlite3
# --depth shows of each directory what it shows on its own, and leaves out none that has lines.
"$covdb" venn --dir net --depth 2 --workload cpu --format json >depth
python3 - "$covdb" depth <<'END'
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
# Every list adds up to the count that it stands under. A rule is another analysis, which is asked in the same way: by the one that is
# not the default, all workloads and some.
"$source/tests/oracle/sums.py" "$covdb" permutation cpu paper stream.steady,ping
"$source/tests/oracle/sums.py" "$covdb" rate stream.steady,ping
# A group has what its members have together, whether it is stored or not; all of them are all.
for workloads in file-write,memory,cpu,stream paper; do
	"$covdb" venn --depth 2 --workload "$workloads" --format csv >"$workloads.csv"
done
cmp paper.csv file-write,memory,cpu,stream.csv
"$covdb" venn --depth 3 --format csv >all
"$covdb" venn --depth 3 --workload ping,llc,file-read,paper --format csv | cmp - all
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
done >left
"$covdb" functions --dir kernel/gcov --workload observer --rule rate --format csv | grep -q '^store_gcov_u64,'
[ ! -s left ] || {
	cat left
	exit 1
}
if grep -rn 'kernel/gcov\|gcov_seq\|store_gcov' "$source/venn" "$source/differ" --include='*.[ch]'; then exit 1; fi
