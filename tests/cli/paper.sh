#!/bin/sh
# paper.sh COVDB SOURCE_DIR - covdb paper of a study with one platform; what it refuses, and what is wrong in a paper's data.
set -eu
# shellcheck source=tests/cli/lib.sh
. "$2/tests/cli/lib.sh"
need gcc python3

# A kernel of one file, and a host that runs one workload.
# shellcheck source=tests/cli/branch_fixture.sh
. "$source/tests/cli/branch_fixture.sh"
trial host 1 "" --baseline
refused 1 'no footprints|covdb diff' "$covdb" paper -o early
[ ! -e early ] || fail "a folder is made of nothing"
trial host 1 more "--workload cpu"

# What there is has a value, all else a reason; the page is well-formed.
"$covdb" paper -o page >said
expect said '^1 of 20 tables and figures have a value'
check "the others are named" 19 "$(grep -c ': not measured: ..*' said)"
expect said '^table-3: not measured: the study has no workload performance_ping$'
expect said '^figure-4: not measured: no trial of cpu$'
expect page/README.md '^figure-9: not measured: the study has no profiles$'
expect page/data/table-2.csv '^table-2,table-2,section 3.3,,Host,host,lines,63163,[0-9]'
expect page/data/table-2.csv '^table-2,table-2,section 3.3,,gVisor,,lines,91161,,.*,not measured,0,'
python3 - page <<'END'
import csv, glob, sys, xml.etree.ElementTree as tree
for path in glob.glob(sys.argv[1] + "/data/*.svg") + [sys.argv[1] + "/index.html"]:
    tree.parse(path)
for path in glob.glob(sys.argv[1] + "/data/*.csv"):
    widths = {len(row) for row in csv.reader(open(path))}
    assert len(widths) == 1, (path, widths)
END

# By one thread, and where writers go on while others read, it is the same.
cp "$COVDB" wal.sqlite
check "the journal is written ahead" wal "$(sqlite3 wal.sqlite 'PRAGMA journal_mode = WAL')"
"$covdb" paper --db wal.sqlite -o wal >/dev/null
COVDB_JOBS=1 "$covdb" paper -o one >/dev/null
diff -r page wal || fail "it depends on the journal"
diff -r page one || fail "it depends on threads"

# A series stands in the order of its numbers; what the paper has beyond it is not measured.
cp "$COVDB" series.sqlite
python3 - series.sqlite <<'END'
import sqlite3, sys
database = sqlite3.connect(sys.argv[1])
trial = database.execute("SELECT trial_id FROM trial JOIN workload USING (workload_id) WHERE name = 'cpu'").fetchone()[0]
for place, (name, n, value) in enumerate([("cpu_rate_total", 10, 50), ("cpu_rate_total", 2, 20), ("cpu_rate_total", 1, 30)]):
    database.execute("INSERT INTO metric (trial_id, place, name, labels, value, unit) VALUES (?, ?, ?, ?, ?, 'events/s')",
                     (trial, place, name, '{"instances": %d}' % n, value))
database.execute("UPDATE workload SET name = 'stream' WHERE name = 'cpu'")
database.execute("UPDATE metric SET name = 'bandwidth_total'")
database.commit()
END
"$covdb" paper --db series.sqlite -o series >said
expect said '^2 of 20 tables'
cut -d, -f4,5,8,9,14-16 series/data/figure-8.csv >got
cat >expected <<'END'
item,label,paper,here,ratio,verdict,trials
instances=1,Host,,30,,for information,1
instances=1,gVisor,0.805,,,not measured,0
instances=2,Host,,20,,for information,1
instances=10,Host,,50,,for information,1
instances=10,gVisor,3.294,,,not measured,0
END
cmp expected got || diff expected got || fail "the series"

# A flame graph is of one platform, and of the panel's workload; perf's own samples and other workloads are in none.
cp series.sqlite profiles.sqlite
sqlite3 profiles.sqlite "
	INSERT INTO profile (kernel_id, platform, workload, number, duration_ns, event, frequency_hz, samples, lost, is_emulated)
	VALUES (1, 'host', 'stream', 2, 2000000000, 'cpu-clock', 997, 205, 0, 0),
	(1, 'host', 'elsewhere', 1, 1, 'cpu-clock', 997, 300, 0, 0);
	INSERT INTO profile_stack VALUES (1, 'iperf3;[libc.so.6];ksys_write_[k];tcp_sendmsg_[k]', 150),
	(1, 'iperf3;[libc.so.6];ksys_write_[k];rare_[k]', 10), (1, 'iperf3;[libc.so.6];ksys_writev_[k]', 40),
	(1, 'perf;ksys_write_[k]', 5), (2, 'iperf3;ksys_write_[k];other_[k]', 300);"
"$covdb" paper --db profiles.sqlite -o flames >said
expect said '^3 of 20 tables'
expect said '^figure-10: not measured: the study has no platform firecracker$'
cut -d, -f4-9,15,16 flames/data/figure-9.csv >got
cat >expected <<'END'
item,label,platform,unit,paper,here,verdict,trials
ksys_write,Host,host,% of samples,,100,for information,1
tcp_sendmsg,Host,host,% of samples,,93.75,for information,1
END
cmp expected got || diff expected got || fail "the flame graph's rows"
expect flames/data/figure-9.svg 'rare .kernel.: 6.2 %' "what is too little for a row is in the picture"
expect flames/data/trials.csv '^host,stream,2,profile,ok,2,'
expect flames/index.html 'covdb profile --function ksys_write,[a-z_,]* --platform host --workload stream<'
sqlite3 profiles.sqlite "UPDATE profile SET is_emulated = 1"
"$covdb" paper --db profiles.sqlite -o flames >said
check "emulated" "not comparable" "$(sed 1d flames/data/figure-9.csv | cut -d, -f15 | sort -u)"
sqlite3 profiles.sqlite "DELETE FROM profile_stack WHERE profile_id = 1; DELETE FROM profile WHERE profile_id = 1"
"$covdb" paper --db profiles.sqlite -o flames >said
expect said '^figure-9: not measured: host has no profile of stream$'

# Its own folder is replaced, what others put there stays; another's is left alone.
cp -r page before
echo mine >page/notes.txt
echo stale >page/data/stale.csv
"$covdb" paper -o page >said
check "what others put there" mine "$(cat page/notes.txt)"
rm page/notes.txt
diff -r before page || fail "made again it differs"
mkdir taken
echo mine >taken/notes.txt
refused 1 'taken has files and no covdb-paper.txt' "$covdb" paper -o taken
check "and it is left alone" notes.txt "$(ls -A taken)"
mkdir report
"$covdb" report -o report >/dev/null
refused 1 'report has files and no covdb-paper.txt' "$covdb" paper -o report
refused 1 'is not a directory' "$covdb" paper -o taken/notes.txt
refused 1 'cannot create' "$covdb" paper -o /proc/nowhere
refused 1 'poisson' "$covdb" paper -o other --rule poisson
[ ! -e other ] || fail "a folder is made of nothing"
status=0
"$covdb" paper 2>err || status=$?
check "without -o: status" 2 "$status"

# What is wrong in the data is told with its line.
mkdir -p data/workloads
cp "$source/workloads/claims.yaml" data/workloads
wrong() { # wrong PATTERN SED
	sed "$2" "$source/workloads/paper.yaml" >data/workloads/paper.yaml
	! cmp -s "$source/workloads/paper.yaml" data/workloads/paper.yaml || fail "nothing was changed by $2"
	refused 1 "paper.yaml:[0-9]+: .*$1" env COVDB_DATA="$PWD/data" "$covdb" paper -o page
}
wrong "'value' is a number from 0 on, not many" 's/value: 63163/value: many/'
wrong "a value is of a platform, of only or of shared" 's/{shared: \[lxc, gvisor\], value: 1426}/{value: 1426}/'
wrong "'kind' is lines, coverage, .*, not chart" 's/kind: coverage/kind: chart/'
wrong "panel table-3 has no 'metric'" '/metric: rtt_mean/d'
wrong "panel figure-9 has no 'platform'" '/name: figure-9/s/ platform: host,//'
wrong "panel figure-9 has no 'function'" '/name: figure-9/s/ function: "[^"]*",//'
wrong "panel table-1 has no 'threads'" 's/threads: \[container\], //'
wrong "'factor' of panel table-2-coverage is below 1" 's/factor: 1.25/factor: 0.5/'
wrong "'where' of panel figure-15 is not" 's/where: \[unmap, "false"\]/where: [unmap]/'
diff -r before page || fail "a refused command changed the folder"
