# golden_fixture.sh - for the tests of tables, which source it in a folder of their own: a database of four platforms
# with five trials each of two workloads, the same everywhere. Takes $covdb and $source; sets $COVDB.
# shellcheck shell=sh disable=SC2154
need python3 sqlite3
export COVDB="$PWD/db.sqlite"
python3 "$source/tests/cli/golden_fixture.py" "$PWD"
"$covdb" kernel add --info kernel.info --name k >/dev/null
for number in 1 2 3 4 5; do
	"$covdb" import "idle.$number.info" --platform host --workload idle --baseline --seconds 10 --trial "$number" >/dev/null 2>&1
	for platform in host runc gvisor microvm; do
		for workload in cpu stream; do
			"$covdb" import "$platform.$workload.$number.info" --platform "$platform" --workload "$workload" \
				--seconds 10 --trial "$number" >/dev/null 2>&1
		done
	done
done
sqlite3 "$COVDB" "INSERT INTO metric SELECT trial_id, 0, 'bandwidth_total', '{\"direction\": \"both\", \"instance\": \"1\", \"kib\": \"1024\", \"seconds\": \"1\"}',
	number * 1000.5 + platform_id, 'Gbit/s' FROM trial JOIN workload USING (workload_id) WHERE name = 'stream'"
