#!/bin/sh
# report_write.sh COVDB SOURCE_DIR - what covdb report refuses, writes, replaces, and never takes along.
set -eu
# shellcheck source=tests/cli/lib.sh
. "$2/tests/cli/lib.sh"
need gcc python3 sqlite3
# shellcheck source=tests/cli/exchange_fixture.sh
. "$source/tests/cli/exchange_fixture.sh"

# What is in the way, or missing, is said; nothing of it is touched.
mkdir taken
echo mine >taken/notes.txt
refused 1 "has other files and no report" "$covdb" report -o taken
check "and it is left alone" "notes.txt" "$(ls taken)"
refused 1 "is not a directory" "$covdb" report -o taken/notes.txt
refused 1 "is not a directory" "$covdb" report -o page --kernel-src nowhere
refused 1 "poisson" "$covdb" report -o page --rule poisson
refused 1 "cannot create" "$covdb" report -o /proc/nowhere
status=0
"$covdb" report 2>err || status=$?
check "without -o: status" 2 "$status"
check "nothing was written" "" "$(ls -d page 2>/dev/null || true)"

"$covdb" report -o page --kernel-src tree >out
grep -q "files, .* MB; open page/index.html" out || check "what was written" "files, MB" "$(cat out)"
check "the files of the page" "LICENSES.txt charts.js data index.html report.css report.js" "$(find page -mindepth 1 -maxdepth 1 -printf '%f\n' | sort | xargs)"
# Made again, it is the same, byte by byte, and what it did not write stays.
cp -r page page.before
echo mine >page/notes.txt
"$covdb" report -o page --kernel-src tree >out
rm page/notes.txt
diff -r page.before page || check "made again" same different
# What others put among the data is not removed with it.
echo mine >page/data/notes.txt
refused 1 "cannot remove page/data.old" "$covdb" report -o page --kernel-src tree
check "it is there" mine "$(cat page/data.old/notes.txt)"
rm -r page/data.old
diff -r page.before page || check "made again with strange data" same different
# One that was interrupted, first or later, is made whole by the next.
mkdir -p half/data.new
echo 'covdbPart(' >half/data.new/study.js
"$covdb" report -o half --kernel-src tree >out
diff -r page.before half || check "after an interruption" same different
mv half/data half/data.old
"$covdb" report -o half --kernel-src tree >out
diff -r page.before half || check "after an interruption between two names" same different
# Of files outside of the tree no report takes the text, whatever the database says.
cp "$COVDB" leak.sqlite
sqlite3 leak.sqlite "UPDATE file SET path = '../secret.c' WHERE file_id = (SELECT min(file_id) FROM file);
	UPDATE file SET path = 'linked.c' WHERE file_id = (SELECT max(file_id) FROM file)"
for i in $(seq 300); do echo "secret $i"; done >secret.c
ln -s ../secret.c tree/linked.c
"$covdb" report --db leak.sqlite -o leak --kernel-src tree >out 2>err
grep -q "^2 of .* source files are not in tree" err || check "a file outside" "not in tree" "$(cat err)"
for part in leak/data/source-*.js; do
	sed 's/.*,"//; s/")$//' "$part" | base64 -d | gzip -dc
done >sources.json
grep -q 'main' sources.json || check "sources" "main" "none"
! grep -q secret sources.json || check "a file outside" "left out" "taken"
# Whatever a database says, each part of the data is one script of JSON.
cp "$COVDB" hostile.sqlite
"$source/tests/report/hostile.py" hostile.sqlite
"$covdb" report --db hostile.sqlite -o hostile >out
python3 - hostile/data/*.js <<'END'
import base64, gzip, json, re, sys

for path in sys.argv[1:]:
    name, text = re.fullmatch(r'covdbPart\("([a-z0-9-]+)","([A-Za-z0-9+/=]+)"\)\n', open(path).read()).groups()
    assert path.endswith(f"/{name}.js"), path
    json.loads(gzip.decompress(base64.b64decode(text)).decode())
assert len(sys.argv) > 10
END
