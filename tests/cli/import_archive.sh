#!/bin/sh
# import_archive.sh COVDB SOURCE_DIR - studies in an archive give the database that the folders give; what is damaged is named.
set -eu
# shellcheck source=tests/cli/lib.sh
. "$2/tests/cli/lib.sh"
need gcc python3 sqlite3 zstd

# Two studies: the workload of one is described in a file beside the experiment, and platforms are not in the order of
# their trials. Between its trials are some of another kernel.
python3 - "$source" <<'END'
import shutil
import sys
from pathlib import Path

sys.path.insert(0, sys.argv[1] + "/tests/faults")
import study

study.make(".")
study.compile_tree("second/kernel", ["-O2"])
study.write_trial("second", "study", "host", None, 1, 3, baseline="idle", kind="idle")
study.write_trial("second", "study", "runc", "w", 2, 4)
for path in Path("second/study/trials").iterdir():
    if path.suffix == ".json":
        path.write_text(path.read_text().replace('"abc"', '"def"').replace(path.stem, f"second-{path.stem}"))
    shutil.move(path, f"study/trials/second-{path.name}")
described = Path("study/experiment.yaml")
described.write_text(described.read_text().replace("command: [w], duration: 1", "from: w.yaml"))
Path("study/w.yaml").write_text("summary: w\ncommand: [w]\nduration: 1\n")
END
"$covdb" kernel add --notes kernel --name k --build-id abc >/dev/null 2>&1
"$covdb" kernel add --notes second/kernel --name l --build-id def >/dev/null 2>&1
cp "$COVDB" kernels.sqlite
content() { sqlite3 "$1" .dump | sed "s,$2,',"; } # content DATABASE PREFIX-OF-PATHS
imports() { # imports WHAT ARCHIVE FOLDERS... - as the folders do
	what=$1 archive=$2
	shift 2
	cp kernels.sqlite folders.sqlite
	cp kernels.sqlite archive.sqlite
	"$covdb" import --db folders.sqlite "$@" >folders.out 2>folders.err
	"$covdb" import --db archive.sqlite "$archive" >archive.out 2>archive.err
	cmp folders.out archive.out || fail "$what: it prints something else"
	cmp folders.err archive.err || fail "$what: it says something else"
	content folders.sqlite "'${only:-}" >folders.dump
	content archive.sqlite "'$archive:" >archive.dump
	grep -q 'INSERT INTO trial VALUES(6,' archive.dump || fail "$what: fewer than six trials"
	cmp folders.dump archive.dump || fail "$what: another database"
}
mkdir among
echo unrelated >among/notes.txt
tar -cf among/all.tar kernel more study among/notes.txt
imports "two studies" among/all.tar more study
gzip -k among/all.tar
imports "compressed by gzip" among/all.tar.gz more study
zstd -q among/all.tar
imports "compressed by zstd" among/all.tar.zst more study
COVDB_JOBS=1 imports "by one thread" among/all.tar.zst more study
tar -C study -cf inside.tar .
only=study/ imports "of the folder itself" inside.tar study

# The order of the experiment file, although runc has begun first.
check "order of platforms" "gvisor runc host" \
	"$(sqlite3 archive.sqlite "SELECT name FROM platform ORDER BY platform_id" | xargs)"

# A study with an experiment file comes first, whatever its name.
cp -r more early
rm early/experiment.yaml
tar -cf order.tar early study
imports "the one with an experiment file first" order.tar study early

# Snapshots that are compressed as well.
cp -r study packed
zstd -q --rm packed/trials/*.tar
sed -i 's/\.tar"/.tar.zst"/' packed/trials/*.json
tar -cf packed.tar packed
imports "snapshots that are compressed" packed.tar packed

# Of a member that comes twice the last one counts, as after unpacking.
mkdir -p before/study/trials
echo damaged | tee before/study/trials/runc-w-2.tar >before/study/trials/gvisor-w-3.json
tar -cf twice.tar -C before study
tar -rf twice.tar study more
imports "members that come twice" twice.tar more study

# Two manifests that name the same snapshot.
cp -r study shared
sed 's/T00:03:00Z/T00:09:00Z/; s/"platform": "gvisor"/"platform": "other"/' shared/trials/gvisor-w-3.json >shared/trials/other.json
tar -cf shared.tar shared
imports "a snapshot of two trials" shared.tar shared

# A member that is damaged, or is not there, is named; all others are imported, and it is when it is whole.
partly() { # partly PATTERN - of bad.tar
	cp kernels.sqlite bad.sqlite
	status=0
	"$covdb" import --db bad.sqlite bad.tar >out 2>err || status=$?
	check "$1: status" 1 "$status"
	expect err "^covdb import: not imported: bad.tar:study/trials/$1|^not imported: bad.tar:study/trials/$1"
	check "$1: the others" "5 trials imported, 1 not imported" "$(cat out)"
	check "$1: afterwards" "1 trial imported, 5 known before" "$("$covdb" import --db bad.sqlite good.tar 2>/dev/null)"
	check "$1: again" "0 trials imported, 6 known before" "$("$covdb" import --db bad.sqlite good.tar 2>/dev/null)"
}
bad() { # bad - a copy of the study to damage
	rm -rf here
	mkdir here
	cp -r study here
}
pack() { tar -C here -cf bad.tar study; }
tar -cf good.tar study
bad
truncate -s 3000 here/study/trials/runc-w-2.tar
pack
partly 'runc-w-2.tar: damaged archive, behind main.gcda: '
bad
echo nonsense >here/study/trials/runc-w-2.tar
pack
partly 'runc-w-2.tar: not a tar archive'
bad
: >here/study/trials/runc-w-2.tar
pack
partly 'runc-w-2.tar: '
bad
rm here/study/trials/runc-w-2.tar
pack
partly 'runc-w-2.tar: no such member'
bad
echo '{' >here/study/trials/runc-w-2.json
pack
partly 'runc-w-2.json:2: '

# Of an archive that is damaged itself nothing is imported; the message has the member.
head -c 300000 /dev/urandom >among/noise
tar -cf long.tar more among/noise study
zstd -q long.tar
whole=$(stat -c %s long.tar.zst)
for cut in $((whole / 2)) $((whole - 5)); do
	head -c "$cut" long.tar.zst >cut.tar.zst
	cp kernels.sqlite cut.sqlite
	refused 1 '^covdb import: cut.tar.zst: cannot read (among|study)/[a-z0-9/.-]*: ' "$covdb" import --db cut.sqlite cut.tar.zst
	check "nothing of it" 0 "$(sqlite3 cut.sqlite 'SELECT count(*) FROM trial')"
done

head -c "$(($(stat -c %s good.tar) / 2))" good.tar >cut.tar
cp kernels.sqlite cut.sqlite
refused 1 '^covdb import: cut.tar: damaged archive, behind study/trials/[a-z0-9-]*.tar: ' "$covdb" import --db cut.sqlite cut.tar
check "nothing of it either" 0 "$(sqlite3 cut.sqlite 'SELECT count(*) FROM trial')"

# What is no archive of a study.
refused 1 'runc-w-2.tar: no trial in it, that is no member trials/NAME.json; for a single snapshot give --platform' \
	"$covdb" import study/trials/runc-w-2.tar
echo nonsense >text
refused 1 'text: not a tar archive: .*; for a single snapshot give --platform' \
	"$covdb" import text
# shellcheck disable=SC2016 # expanded by that shell
refused 1 '/dev/stdin: not a file' sh -c 'cat "$1" | "$2" import /dev/stdin' - among/all.tar "$covdb"
