#!/bin/sh
# import.sh COVDB SOURCE_DIR - several trials, baselines and kernels; damaged objects; nothing stale.
set -eu
# shellcheck source=tests/cli/lib.sh
. "$2/tests/cli/lib.sh"
need gcc

# Two objects; each trial is a number of runs of the program, so every count is known.
mkdir tree
cp "$source"/tests/data/programs/inline.h tree
cat >tree/main.c <<'END'
int other(int n);
int main(int argc, char **argv)
{
	(void)argv;
	return other(argc) == 77;
}
END
cat >tree/other.c <<'END'
#include "inline.h"
int other(int n)
{
	if (n > 1)
		return sum_to(n);
	return clamp(n, 2, 3);
}
END
(cd tree && gcc -O1 --coverage -c main.c -o main.o && gcc -O1 --coverage -c other.c -o other.o &&
	gcc --coverage main.o other.o -o program)
trial() { # trial NAME RUNS [ARGUMENT] - a snapshot of so many runs
	rm -f tree/*.gcda
	runs=0
	while [ "$runs" -lt "$2" ]; do
		# shellcheck disable=SC2086 # no argument when there is none
		tree/program ${3:-} || true
		runs=$((runs + 1))
	done
	mkdir "$1"
	cp tree/*.gcda "$1"
}
trial idle 2
trial busy 10 more
trial again 30 more
trial quiet 2

"$covdb" kernel add --notes tree --name k --build-id abc >/dev/null
"$covdb" import idle --platform host --baseline --seconds 10 >/dev/null 2>&1
"$covdb" import busy --platform host --workload w --seconds 10 >/dev/null 2>&1
kept() { "$covdb" diff --format csv 2>/dev/null | grep "^rate,.*,$1,$2," | cut -d, -f11; }
check "venn is up to date after import" \
	"$(kept host w)" "$("$covdb" venn --format csv | sed -n 's/^host,//p' | cut -d, -f1)"

# A second trial is summed: 40 runs in 50 s are still more than 2 in 10 s.
before=$(kept host w)
"$covdb" import again --platform host --workload w --seconds 40 >/dev/null 2>&1
check "trials of one workload are one" "host,w,workload,2,50" "$("$covdb" diff --format csv | tail -n 1 | cut -d, -f3-7)"
check "the sum keeps the same lines" "$before" "$(kept host w)"

# The same rate as the idle machine: nothing is left.
"$covdb" import quiet --platform calm --workload w --seconds 10 >/dev/null 2>&1
check "a trial like the baseline leaves nothing" 0 "$(kept calm w)"

# An object damaged in one trial takes no part in the comparison, and it is said.
cp -r busy cut
truncate -s -8 cut/other.gcda
"$covdb" import cut --platform host --workload w --seconds 10 >/dev/null 2>&1 || true
"$covdb" diff --format csv >diff.csv 2>diff.err
check "a damaged object is left out" 1 "$(grep -c 'host w: 1 objects left out' diff.err)"
"$covdb" venn --dir other.c >venn.txt
check "none of its lines is kept" 0 "$(awk '$1 == "host" && $2 ~ /^[0-9]/ { print $2 }' venn.txt)"
check "venn says so" 1 "$(grep -c '1 objects were too damaged' venn.txt)"

# What became of each object is kept with the trial.
check "objects of a good trial" "host,idle,1,decoded,2" "$("$covdb" objects --format csv | sed -n 2p)"
check "objects of the trial with a damaged one" "host,w,3,decoded,1 host,w,3,truncated,1" \
	"$("$covdb" objects --format csv | grep '^host,w,3,' | xargs)"
check "which one, and why" 1 \
	"$("$covdb" objects --list --format csv | grep -c '^host,w,3,truncated,other.gcda,.*cut short')"
mkdir half
cp busy/main.gcda half
"$covdb" import half --platform half --workload w --seconds 10 >/dev/null 2>&1
check "an object that is not linked" "half,w,1,not linked,other.o" \
	"$("$covdb" objects --list --format csv | grep '^half' | cut -d, -f1-5)"

# A second baseline: the one in use stays in use, and a name that means two is refused.
"$covdb" import idle --platform other --baseline --seconds 1 >/dev/null 2>&1
status=0
"$covdb" diff --baseline idle 2>err || status=$?
check "an ambiguous baseline is refused" 1 "$status"
check "both are named" 1 "$(grep -c 'host/idle, other/idle' err)"
"$covdb" diff --baseline host/idle >/dev/null 2>&1
"$covdb" import busy --platform new --workload w --seconds 10 >/dev/null 2>err
check "import keeps the baseline" 0 "$(grep -c 'no footprints' err)"
check "the new platform is there" "host calm half new" \
	"$("$covdb" venn --format json | python3 -c 'import json,sys; print(*json.load(sys.stdin)["platforms"])')"

# What is idle on another platform gets a footprint of its own, which no union holds.
check "the other baseline is compared" "idle" \
	"$("$covdb" diff --format csv | grep '^rate,host/idle,other,idle,' | cut -d, -f5)"
check "under its own name" "other" \
	"$("$covdb" venn --workload idle --format json | python3 -c 'import json,sys; print(*json.load(sys.stdin)["platforms"])')"
"$covdb" diff --baseline own --format csv >own.csv 2>err
check "a platform without an idle baseline is left out" "1 0" \
	"$(grep -c 'calm: left out: it has no idle baseline of its own' err) $(grep -c ',calm,' own.csv)"
check "the host is not" "1" "$(grep -c '^rate,own,host,w,' own.csv)"
for platform in calm half new; do
	"$covdb" import idle --platform "$platform" --baseline --seconds 10 >/dev/null 2>&1
done
"$covdb" diff --baseline own >/dev/null 2>&1
rule_and_baseline() { "$covdb" venn --format json "$@" | python3 -c '
import json, sys
answer = json.load(sys.stdin)
print(answer["rule"], answer["baseline"])'; }
check "the footprints made last are used" "rate own" "$(rule_and_baseline)"
check "the others are still there" "rate host/idle" "$(rule_and_baseline --baseline host/idle)"
check "by a short name, too" "rate host/idle" "$(rule_and_baseline --baseline idle --rule rate)"
status=0
"$covdb" venn --baseline other/idle >/dev/null 2>err || status=$?
check "footprints that nobody made are not there" "1 1" \
	"$status $(grep -c "'covdb diff --baseline other/idle' makes them" err)"
"$covdb" import again --platform new --workload w --seconds 10 >/dev/null 2>&1
check "import brings all of them up to date" "rate own, rate host/idle" \
	"$(rule_and_baseline), $(rule_and_baseline --baseline host/idle)"
status=0
"$covdb" import busy --platform host --workload idle --seconds 10 >/dev/null 2>err || status=$?
check "a baseline's name is no workload's" "1 1" "$status $(grep -c 'idle is already the name of something of kind idle' err)"

# Object by object: the same from notes and database, and what it adds up to is the sum.
for format in tsv json; do
	"$covdb" decode busy --per-object --format "$format" >stored 2>/dev/null
	"$covdb" decode busy --notes tree --per-object --format "$format" >fresh 2>/dev/null
	cmp stored fresh || fail "per object as $format, from notes and database"
done
check "an object's own function has its branches" "10 0" "$(python3 -c '
import json
for o in json.load(open("stored"))["objects"]:
    for f in o["files"]:
        for l in f["lines"]:
            if f["file"] == "other.c" and l["line"] == 4:
                print(*(b["count"] for b in l["branches"]))')"
"$covdb" decode busy --per-object 2>/dev/null | awk -F'\t' '{ sum[$2 "\t" $3] += $4 }
	END { for (line in sum) print line "\t" sum[line] }' | sort >added
"$covdb" decode busy 2>/dev/null | sort >summed
cmp added summed || fail "objects do not add up to the sum"

# A flipped bit in what the database keeps of an object is found, and nothing is written.
cp db.sqlite damaged.sqlite
python3 - <<'END'
import sqlite3

database = sqlite3.connect("damaged.sqlite")
where = "FROM object WHERE path = 'other.o'"
plan = bytearray(database.execute(f"SELECT plan {where}").fetchone()[0])
plan[len(plan) // 2] ^= 1
database.execute("UPDATE object SET plan = ? WHERE path = 'other.o'", (bytes(plan),))
database.commit()
END
status=0
"$covdb" decode busy --db damaged.sqlite >damaged.tsv 2>err || status=$?
check "a damaged plan is an error" "1 1 0" "$status $(wc -l <err) $(wc -l <damaged.tsv)"
check "that names the object" 1 "$(grep -c 'other.o: its plan is damaged' err)"

# A kernel registered without a build id takes trials that name one, by the stamps of its objects.
export COVDB="$folder/second.sqlite"
"$covdb" kernel add --notes tree --name unknown >/dev/null 2>&1
mkdir -p collected/trials
manifest() { # manifest NAME WORKLOAD BASELINE SNAPSHOT START
	cat >"collected/trials/$1.json" <<END
{"format": "covdb-trial", "version": 1,
 "trial": {"platform": "host", "driver": "host", "workload": $2, "baseline": $3, "number": 1},
 "status": "ok", "failure": null, "exit_status": 0, "signal": null, "duration_ns": 10000000000,
 "started_at": "$5", "steps": [],
 "snapshot": {"file": "$4", "files": 2, "bytes": 1, "unreadable": []},
 "kernel": {"release": "6.1", "version": "1", "build_id": "abc", "config_sha256": null,
  "compiler": null, "cpus": 1, "boot_parameters": null, "clock_source": null, "emulated": false,
  "profile_update": "unknown", "gcov_persist": true},
 "versions": {"covdb": "0.1.0"}, "command": [], "output": "", "output_truncated": false}
END
}
tar -cf collected/trials/idle.tar -C idle .
tar -cf collected/trials/busy.tar -C busy .
manifest idle null '"idle"' idle.tar 2026-01-01T00:00:00Z
manifest broken '"w"' null gone.tar 2026-01-01T00:01:00Z
manifest busy '"w"' null busy.tar 2026-01-01T00:02:00Z
status=0
"$covdb" import collected >out 2>err || status=$?
check "a missing snapshot does not stop the others" "2 trials imported, 1 not imported" "$(cat out)"
check "but it is told by the exit status" 1 "$status"
check "and by name" 1 "$(grep -c 'not imported: .*gone.tar' err)"
status=0
"$covdb" import collected >out 2>err || status=$?
check "what was imported is known" "0 trials imported, 2 known before, 1 not imported" "$(cat out)"
"$covdb" venn >/dev/null || fail "venn afterwards"

# A whole study: the order of the experiment file, phases apart, metrics, the idle host as baseline.
export COVDB="$folder/third.sqlite"
"$covdb" kernel add --notes tree --name k --build-id abc >/dev/null
mkdir -p study/trials study/phases/trials
cat >study/experiment.yaml <<'END'
name: study
platforms:
  - {name: gvisor, driver: oci, runtime: runsc, rootfs: /r}
  - {name: runc, driver: oci, runtime: runc, rootfs: /r}
workloads:
  - {name: z, command: [z], duration: 1}
  - {name: a, command: [a], duration: 1}
END
python3 - <<'END'
import json, shutil

def trial(folder, platform, name, snapshot, start, **more):
    path = f"study/{folder}trials/{platform}-{name}-{start}"
    shutil.copy(f"collected/trials/{snapshot}.tar", path + ".tar")
    about = {"platform": platform, "driver": "host" if platform == "host" else "oci", "workload": name,
             "baseline": None, "kind": None, "phase": None, "number": 1}
    about.update(more)
    json.dump({"format": "covdb-trial", "version": 1, "trial": about, "status": "ok", "failure": None,
        "exit_status": 0, "signal": None, "duration_ns": 10**10, "started_at": f"2026-01-01T00:0{start}:00Z",
        "steps": [], "snapshot": {"file": path.rsplit("/", 1)[1] + ".tar", "files": 2, "bytes": 1, "unreadable": []},
        "kernel": {"release": "6.1", "version": "1", "build_id": "abc", "config_sha256": None, "compiler": None,
                   "cpus": 1, "boot_parameters": None, "clock_source": None, "emulated": True,
                   "profile_update": "unknown", "gcov_persist": True},
        "versions": {"covdb": "0.1.0"}, "command": [], "output": "", "output_truncated": False,
        "metrics": [{"metric": "rate", "value": v, "unit": "1/s", "labels": {"n": 1}, "emulated": True}
                    for v in ([] if more else [start * 10.0])]}, open(path + ".json", "w"))

trial("", "host", None, "idle", 0, baseline="idle", kind="idle")
trial("", "host", None, "idle", 1, baseline="observer", kind="observer")
trial("", "runc", None, "idle", 2, baseline="idle-runc", kind="idle")
trial("", "runc", "a", "busy", 3)
trial("", "runc", "a", "busy", 4)
trial("", "gvisor", "z", "busy", 5)
trial("phases/", "gvisor", "z.steady", "busy", 6, phase="steady")
END
"$covdb" import study study/phases >out 2>err || cat err
check "all of it" "7 trials imported" "$(cat out)"
check "platforms and workloads as in the file" "gvisor runc|z a" "$("$covdb" venn --format json | python3 -c '
import json, sys
print(*json.load(sys.stdin)["platforms"])')|$("$covdb" diff --format csv | grep ',workload,[12],' | cut -d, -f4 | uniq | xargs)"
check "the idle host is the baseline" "rate host/idle" "$(rule_and_baseline)"
check "a phase is apart from the whole" "gvisor" "$("$covdb" venn --workload z.steady --format json | python3 -c '
import json, sys
print(*json.load(sys.stdin)["platforms"])')"

check "metrics, with their spread" "a,rate,n=1,runc,2,35,30,40,0.5,1/s,true" \
	"$("$covdb" metrics --format csv | sed -n '/^a,/p')"
check "of one platform" "platform gvisor" \
	"$("$covdb" metrics rate --platforms gvisor --format csv | cut -d, -f4 | xargs)"
status=0
"$covdb" metrics bandwidth 2>err || status=$?
check "a metric that nobody printed" "1 1" "$status $(grep -c 'no trial has a metric .*, only ' err)"

# The same bytes whatever the number of threads; the same answers whatever the order of import.
for jobs in 1 3; do
	COVDB="$folder/jobs$jobs.sqlite" COVDB_JOBS=$jobs "$covdb" kernel add --notes tree --name k --build-id abc >/dev/null
	COVDB="$folder/jobs$jobs.sqlite" COVDB_JOBS=$jobs "$covdb" import study study/phases >/dev/null 2>&1
	cmp "jobs$jobs.sqlite" jobs1.sqlite || fail "another database with $jobs threads"
done
COVDB="$folder/order.sqlite" "$covdb" kernel add --notes tree --name k --build-id abc >/dev/null
for part in study/phases study; do
	COVDB="$folder/order.sqlite" "$covdb" import "$part" >/dev/null 2>&1
done
answers() { # answers DATABASE - of every command, rows sorted where they come in the order of import
	COVDB=$1 "$covdb" venn --platforms runc,gvisor --format json
	COVDB=$1 "$covdb" venn --platforms gvisor --workload z.steady --format csv
	for command in diff summary metrics objects claims; do
		COVDB=$1 "$covdb" "$command" --format csv | sort
	done
}
answers "$folder/jobs1.sqlite" >answers1
answers "$folder/order.sqlite" >answers2
check "answers are there" 1 "$([ "$(wc -l <answers1)" -gt 40 ] && echo 1)"
cmp answers1 answers2 || fail "other answers in another order of import"

# The same file twice in an archive is the file once; a link to a folder is the folder.
cp collected/trials/busy.tar twice.tar
tar -rf twice.tar -C busy .
"$covdb" decode twice.tar --notes tree >twice.tsv 2>err
ln -s busy link
ln -s tree tree_link
"$covdb" decode link --notes tree_link >link.tsv 2>/dev/null
"$covdb" decode busy --notes tree >once.tsv 2>/dev/null
cmp once.tsv twice.tsv || fail "a file that is twice in an archive"
cmp once.tsv link.tsv || fail "a link to a folder"
