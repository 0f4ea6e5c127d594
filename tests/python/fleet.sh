#!/bin/sh
# fleet.sh COVDB SOURCE_DIR DATABASE [MASTER] - two workloads of the recorded study and another kernel, through DuckDB, or Spark on
# MASTER, are what SQLite has, row by row: after the driver and a worker were killed, a snapshot cut short, and the job started twice at once.
set -eu
# shellcheck source=tests/cli/lib.sh
. "$2/tests/cli/lib.sh"
# shellcheck source=tests/python/environment.sh
. "$source/tests/python/environment.sh"
need python3 flock gcc tar zstd sqlite3 ps
recorded=$3
if [ $# -gt 3 ]; then
	need java
	environment "$source/tests/python/fleet_requirements.txt" "$source/tests/python/spark_requirements.txt"
	set -- --engine spark --master "$4"
else
	environment "$source/tests/python/fleet_requirements.txt"
	set -- --engine duckdb --jobs 2
fi
install_wheel "$source/venn/fleet"
(cd "$source/venn/fleet" && "$python" -m mypy --strict covdb_fleet) >types || fail "mypy: $(cat types)"
export PYSPARK_PYTHON="$python" SPARK_LOCAL_IP=127.0.0.1

# Two kernels, packed.
# shellcheck source=tests/python/fleet_fixture.sh
. "$source/tests/python/fleet_fixture.sh"
# Two workloads on all platforms: what they execute together is more than what each does, and a third would be decided as they are.
tar --zstd -xf "$source/workloads/recorded/trials.tar.zst" --wildcards 'study/trials/baseline-*' 'study/trials/*-cpu-[0-9]*' \
	'study/trials/*-stream-[0-9]*'
"$covdb" kernel add --notes "$source/workloads/recorded/notes.tar.zst" --build-id "$build_id" --db study.sqlite >/dev/null
"$covdb" import --db study.sqlite study >/dev/null 2>&1

# A program that kills the worker that starts it, once.
cat >killing <<END
#!/bin/sh
if [ "\$1" = decode ] && mkdir "$folder/killed" 2>/dev/null; then kill -9 \$PPID; fi
exec "$covdb" "\$@"
END
chmod +x killing
whole=study/trials/runc-cpu-3.tar
mv $whole kept.tar
head -c 1000000 kept.tar >$whole
echo '{"format": "covdb-trial", "version": 1}' >study/trials/broken.json

fleet() { # fleet OUT COVDB ARGUMENT...
	fleet_out=$1
	fleet_covdb=$2
	shift 2
	"$python" -m covdb_fleet run study other --dataset dataset --covdb "$fleet_covdb" "$@" >"$fleet_out" 2>"$fleet_out.err"
}
# The driver killed: its workers end, too. Spark sees to its own.
case $1$2 in
*duckdb)
	cat >murder <<END
#!/bin/sh
# The second worker, or what it started, may have another parent by now: the first process, or one that takes in what others leave.
if [ "\$1" = decode ]; then
	driver=\$(ps -o ppid= -p \$PPID)
	case \$(ps -o args= -p \${driver:-1}) in
	*"covdb_fleet run study other"*)
		echo \$PPID >>"$folder/workers"
		kill -9 \$driver
		;;
	esac
fi
exit 1
END
	chmod +x murder
	fleet run.0 "$folder/murder" "$@" && fail "a job whose driver was killed is done"
	[ -s workers ] || fail "no driver was killed"
	sort -u workers | while read -r worker; do
		for _ in 1 2 3 4 5 6 7 8 9 10; do
			! kill -0 "$worker" 2>/dev/null || sleep 1
		done
		! kill -9 "$worker" 2>/dev/null || fail "a worker outlives its driver"
	done
	;;
esac
fleet run.1 "$folder/killing" "$@" && fail "problems are status 1"
[ -d killed ] || fail "no worker was killed"
cat run.1
expect run.1 '"decoded": 99,?.*"problems": 2|"problems": 2.*"decoded": 99' "what was decoded"
expect run.1.err "runc-cpu-3.json: .*runc-cpu-3.tar" "the snapshot that was cut short"
expect run.1.err 'broken.json: its manifest cannot be read' "the manifest that is none"
case $1$2 in *duckdb) expect run.1.err 'decode: a worker died' "the worker that was killed" ;; esac

# As it should be, and twice at once: what there is is not made again.
mv kept.tar $whole
rm study/trials/broken.json
fleet run.2 "$covdb" "$@" &
fleet run.3 "$covdb" "$@" || fail "third: $(cat run.3.err)"
wait $! || fail "second: $(cat run.2.err)"
cat run.2 run.3
fleet run.4 "$covdb" "$@" || fail "fourth: $(cat run.4.err)"
expect run.4 '"decode": \{"there": 100\}.*"footprint": \{"there": 10\}' "nothing is made again"
for database in study.sqlite other.sqlite; do
	"$python" "$source/tests/python/fleet_compare.py" dataset "$database" permutation || fail "differences to $database"
done

# And back: a database that every command opens.
"$python" -m covdb_fleet database --dataset dataset --covdb "$covdb" --kernel abc -o back.sqlite || fail "a database"
for database in other.sqlite back.sqlite; do "$covdb" venn --db $database --rule permutation --depth 9 >$database.venn; done
cmp other.sqlite.venn back.sqlite.venn || fail "venn of the database"
find dataset -name '*.partial' | grep . && fail "something lies about"
du -sh dataset
