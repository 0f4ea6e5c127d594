#!/bin/sh
# fleet_store.sh COVDB SOURCE_DIR DATABASE - snapshots and dataset in a store of objects that speaks S3, through DuckDB: what SQLite has
# of the same trials, row by row, and nothing is made again. What a store does not have is said, and is no end of the job.
set -eu
# shellcheck source=tests/cli/lib.sh
. "$2/tests/cli/lib.sh"
# shellcheck source=tests/python/environment.sh
. "$source/tests/python/environment.sh"
need python3 flock gcc tar zstd sqlite3
recorded=$3
environment "$source/tests/python/fleet_requirements.txt" "$source/tests/python/store_requirements.txt"
install_wheel "$source/venn/fleet"

# Of the recorded study one workload on two platforms, one trial of which is cut short; all of another kernel.
# shellcheck source=tests/python/fleet_fixture.sh
. "$source/tests/python/fleet_fixture.sh"
tar --zstd -xf "$source/workloads/recorded/trials.tar.zst" --wildcards 'study/trials/baseline-idle-[1-5].*' \
	'study/trials/baseline-observer-[1-5].*' 'study/trials/runc-cpu-*' 'study/trials/gvisor-cpu-*' \
	'study/trials/baseline-idle-runc-*' 'study/trials/baseline-idle-gvisor-*'
# As collect leaves them, which is a sixth to send.
zstd -q -1 --rm study/trials/*.tar
sed -i 's/\.tar"/.tar.zst"/' study/trials/*.json
"$covdb" kernel add --kernel-file "dataset/kernel/$build_id.covkernel" --db study.sqlite >/dev/null
"$covdb" import --db study.sqlite study >/dev/null 2>&1
mkdir -p study/later
mv study/trials/runc-cpu-3.tar.zst study/later
head -c 500000 study/later/runc-cpu-3.tar.zst >study/trials/runc-cpu-3.tar.zst

mkfifo hold address
"$python" "$source/tests/python/store_server.py" coverage <hold >address 2>server.log &
server=$!
exec 8>hold
tidy_up() {
	exec 8>&-
	wait $server
}
read -r AWS_ENDPOINT_URL <address || fail "no store: $(cat server.log)"
export AWS_ENDPOINT_URL AWS_ACCESS_KEY_ID=key AWS_SECRET_ACCESS_KEY=secret AWS_DEFAULT_REGION=us-east-1 AWS_EC2_METADATA_DISABLED=true
copy() { # copy FROM TO - a folder, into the store or out of it
	"$python" -c 'import sys; from pyarrow.fs import copy_files; copy_files(*sys.argv[1:])' "$1" "$2"
}
copy "$PWD/dataset" s3://coverage/dataset
copy "$PWD/study/trials" s3://coverage/hosts/study/trials
copy "$PWD/other" s3://coverage/hosts/other
rm -r dataset/kernel
mkdir elsewhere

fleet() { # fleet OUT ARGUMENT...
	fleet_out=$1
	shift
	(cd elsewhere && "$python" -m covdb_fleet "$@" --dataset s3://coverage/dataset --covdb "$covdb") >"$fleet_out" 2>"$fleet_out.err"
}
fleet run.1 run s3://coverage/hosts --jobs 2 && fail "problems are status 1"
expect run.1 '"decoded": 44.*"problems": 1[,}]' "what was decoded: $(cat run.1 run.1.err)"
expect run.1.err '^covdb-fleet: s3://coverage/hosts/study/trials/runc-cpu-3.json: .*s3://coverage/hosts/study/trials/runc-cpu-3.tar' \
	"the snapshot that was cut short"
copy "$PWD/study/later" s3://coverage/hosts/study/trials
fleet run.2 run s3://coverage/hosts --jobs 2 || fail "second: $(cat run.2.err)"
expect run.2 '"decode": \{.*"decoded": 1[,}].*"footprint": \{.*"made": 1[,}]' "one is made again: $(cat run.2)"
fleet run.3 run s3://coverage/hosts/ --jobs 2 || fail "third: $(cat run.3.err)"
expect run.3 '"decode": \{"there": 45\}.*"footprint": \{"there": 4\}' "nothing is made again: $(cat run.3)"
copy s3://coverage/dataset "$PWD/dataset"
for database in study.sqlite other.sqlite; do
	"$python" "$source/tests/python/fleet_compare.py" dataset $database permutation || fail "differences to $database"
done

fleet database database --kernel abc -o "$PWD/back.sqlite" || fail "a database: $(cat database.err)"
for database in other.sqlite back.sqlite; do "$covdb" venn --db $database --rule permutation --depth 9 >$database.venn; done
cmp other.sqlite.venn back.sqlite.venn || fail "venn of the database"
find . -maxdepth 1 -name 's3:*' | grep . && fail "a folder by the name of a store"

# Each platform's own idle baseline: the second kernel has one on the host alone.
"$python" -m covdb_fleet run study --dataset dataset --covdb "$covdb" --rule rate --baseline own >run.own 2>run.own.err && fail "a platform without a baseline"
expect run.own '"footprint": \{.*"made": 3[,}].*"problems": 1[,}]' "footprints against own baselines: $(cat run.own run.own.err)"
expect run.own.err '^covdb-fleet: kernel abc, b/w: .*no platform has an idle baseline of its own' "a platform without a baseline"
"$covdb" diff --db study.sqlite --rule rate --baseline own >/dev/null
"$python" "$source/tests/python/fleet_compare.py" dataset study.sqlite rate || fail "differences to own baselines"

# What is not there is one line.
fleet none run s3://nowhere/hosts && fail "a store that is not there"
expect none.err '^covdb-fleet: .*nowhere' "a store that is not there"
[ "$(wc -l <none.err)" = 1 ] || fail "more than a line: $(cat none.err)"
"$python" -m covdb_fleet run nothing --dataset dataset --covdb "$covdb" 2>none.err && fail "a folder that is not there"
expect none.err "^covdb-fleet: .*nothing" "a folder that is not there"
[ "$(wc -l <none.err)" = 1 ] || fail "more than a line: $(cat none.err)"
