#!/bin/sh
# report_write.sh COVDB SOURCE_DIR - what covdb report refuses, writes, replaces, and never takes along.
set -eu
# shellcheck source=tests/cli/lib.sh
. "$2/tests/cli/lib.sh"
need gcc python3 sqlite3 flock
# shellcheck source=tests/cli/exchange_fixture.sh
. "$source/tests/cli/exchange_fixture.sh"

# What is in the way, or missing, is said; nothing of it is touched.
mkdir taken
echo mine >taken/notes.txt
refused 1 'taken has files and no covdb-report.txt, so .*name a new directory' "$covdb" report -o taken
check "and it is left alone" "notes.txt" "$(ls -A taken)"
# Another's page is never written over, whatever stands beside it; a report of an older covdb is so by command.
mkdir -p site/data
echo theirs >site/index.html
echo 'covdbPart("study","")' >site/data/study.js
cp -r site site.before
refused 1 'touch site/covdb-report.txt' "$covdb" report -o site
diff -r site.before site || fail "another's page was written over"
touch site/covdb-report.txt
"$covdb" report -o site --kernel-src tree >out
expect site/index.html 'report.js'
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
check "the files of the page" "LICENSES.txt charts.js covdb-report.txt data index.html report.css report.js syntax.js" "$(find page -mindepth 1 -maxdepth 1 -printf '%f\n' | sort | xargs)"
# Made again, it is the same, byte by byte, and what it did not write stays.
cp -r page page.before
echo mine >page/notes.txt
"$covdb" report -o page --kernel-src tree >out
rm page/notes.txt
diff -r page.before page || check "made again" same different
# What others put among the data stays among them.
mkdir page/data/folder
echo mine >page/data/notes.txt
"$covdb" report -o page --kernel-src tree >out 2>err
check "nothing is to be said" "" "$(cat err)"
check "it is there" mine "$(cat page/data/notes.txt)"
rm -r page/data/notes.txt page/data/folder
diff -r page.before page || check "made again with strange data" same different
# One that was interrupted, first or later, is made whole by the next.
mkdir -p half/report.new/data
echo 'covdbPart(' >half/report.new/data/study.js
cp page/covdb-report.txt half
echo half >half/report.new/report.js
"$covdb" report -o half --kernel-src tree >out
diff -r page.before half || check "after an interruption" same different
mkdir half/report.new
mv half/data half/report.new/data.old
rm half/index.html
"$covdb" report -o half --kernel-src tree >out
diff -r page.before half || check "after an interruption between two names" same different
# The page of another covdb goes with its data; while that is not done, nothing opens.
echo older >page/report.js
echo older >page/index.html
"$covdb" report -o page --kernel-src tree >out
diff -r page.before page || check "after a page of another covdb" same different
rm page/report.js
mkdir -p page/report.js/full
refused 1 'cannot rename page/report.new/report.js to page/report.js' "$covdb" report -o page --kernel-src tree
[ ! -e page/index.html ] || fail "a report of two halves opens"
rm -r page/report.js
"$covdb" report -o page --kernel-src tree >out
diff -r page.before page || check "after a failure in between" same different
# Of two at once one is refused.
exec 9<page
flock 9
refused 1 'another covdb writes a report to page' "$covdb" report -o page
exec 9<&-
diff -r page.before page || check "after another at once" same different
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
