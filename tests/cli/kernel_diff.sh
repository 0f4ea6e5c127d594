#!/bin/sh
# kernel_diff.sh COVDB SOURCE_DIR - the lines and functions of one kernel in another.
set -eu
# shellcheck source=tests/cli/lib.sh
. "$2/tests/cli/lib.sh"
need gcc git python3 sqlite3

mkdir old
cat >old/same.c <<'END'
int first(int n)
{
	return n + 1;
}
int second(int n)
{
	if (n > 3)
		return first(n);
	return n * 2;
}
END
{
	echo 'int third(int n)'
	echo '{'
	for i in 1 2 3 4 5 6 7 8; do echo "	n = n * $i + (n ^ $i);"; done
	echo '	return n;'
	echo '}'
} >old/renamed.c
printf 'int gone(void)\n{\n\treturn 4;\n}\n' >old/gone.c
cp -r old new
(
	cd new || exit
	mv renamed.c other.c
	rm gone.c
	# A line before, one changed, a function more.
	sed -i -e '1i int planted;' -e 's/n > 3/n > 4/' same.c
	printf 'int added(int n)\n{\n\treturn n;\n}\n' >>same.c
)
for tree in old new; do (cd $tree && gcc -O0 --coverage -c ./*.c); done
"$covdb" kernel add --notes old --name old >/dev/null 2>&1
"$covdb" kernel add --notes new --name new >/dev/null 2>&1

"$covdb" kernel diff old new --list lines --format csv >lines.csv
check "lines of a file that is gone" "only here" "$(sed -n 's/^gone.c,[0-9]*,,,//p' lines.csv | sort -u)"
check "lines of one that was renamed" moved "$(sed -n 's/^renamed.c,\([0-9]*\),other.c,\1,//p' lines.csv | sort -u)"
check "all of them" "$(grep -c '^renamed.c,' lines.csv)" "$(grep -c '^renamed.c,[0-9]*,other.c,[0-9]*,moved$' lines.csv)"
check "a line that moved" "same.c,3,same.c,4,moved" "$(grep '^same.c,3,' lines.csv)"
check "a line that changed" "same.c,7,,,changed" "$(grep '^same.c,7,' lines.csv)"
check "what stands in its place" ",,same.c,8,changed" "$(grep '^,,same.c,8,' lines.csv)"
check "lines of the new kernel alone" ",,same.c,12,only here ,,same.c,14,only here" "$(grep '^,,.*only here' lines.csv | paste -sd' ')"
check "no other lines" "$("$covdb" sql --format csv "SELECT sum(line_count) FROM kernel" | tail -n 1)" \
	"$(awk -F, 'NR > 1 { lines += ($1 != "") + ($3 != "") } END { print lines }' lines.csv)"

"$covdb" kernel diff old new --list functions --format csv | tail -n +2 >functions.csv
check "functions" "gone.c,gone,only old renamed.c,third,same same.c,added,only new same.c,first,same same.c,second,changed" \
	"$(cut -d, -f1-3 functions.csv | sort | paste -sd' ')"

# All lines are counted once in each kernel.
"$covdb" kernel diff old new --format json >rows.json
python3 - rows.json <<'END' || fail "the fates of the lines do not add up"
import json
import sys

rows = json.load(open(sys.argv[1]))["rows"]
assert [row["directory"] for row in rows] == ["."], rows
row = rows[0]
assert row["old_lines"] == row["same"] + row["moved"] + sum(row["old_" + fate] for fate in ("without_code", "changed", "only", "without_source"))
assert row["new_lines"] == row["same"] + row["moved"] + sum(row["new_" + fate] for fate in ("without_code", "changed", "only", "without_source"))
assert row["old_changed"] == row["new_changed"] == 1 and row["new_only"] == 2 and row["old_without_source"] == 0, row
END
"$covdb" kernel diff old new >text
expect text '^1 files renamed; files without source: 0 old, 0 new$'

# Revisions of a repository are as good as trees; without sources nothing is guessed.
git init -q repository
commit() { # commit TREE
	find repository -name '*.c' -delete
	cp "$1"/*.c repository
	git -C repository add -A
	git -C repository -c user.name=a -c user.email=a@b commit -qm "$1"
}
commit old
commit new
"$covdb" kernel diff old new --from repository@HEAD~ --to repository@HEAD --list lines --format csv | cmp - lines.csv ||
	fail "two revisions are as the two trees"
mv old/same.c away.c
"$covdb" kernel diff old new --list lines --format csv >unknown
check "lines without source" "$(grep -c '^same.c' lines.csv)" "$(grep -c '^same.c,.*,,,without source' unknown)"
check "those of other files are as before" "$(grep '^renamed' lines.csv)" "$(grep '^renamed' unknown)"
mv away.c old/same.c

# Sources that are kept with the kernels make trees needless.
for tree in old new; do "$covdb" kernel add --db kept.sqlite --notes $tree --name $tree --sources $tree 2>&1; done >added
check "sources are kept" "sources of 3 files are kept, of 0 there is none sources of 2 files are kept, of 0 there is none" \
	"$(grep '^sources' added | paste -sd' ')"
rm old/*.c new/*.c
"$covdb" kernel diff --db kept.sqlite old new --list lines --format csv | cmp - lines.csv || fail "kept sources are as the trees"
sqlite3 kept.sqlite "UPDATE source SET text = x'00' WHERE file_id = 0"
refused 1 'kept.sqlite: the source of a file is damaged' "$covdb" kernel diff --db kept.sqlite old new
"$covdb" kernel remove --db kept.sqlite old >/dev/null
check "they go with their kernel" 2 "$(sqlite3 kept.sqlite "SELECT count(*) FROM source")"
git -C repository checkout -q HEAD~ && cp repository/*.c old && git -C repository checkout -q - && cp repository/*.c new

refused 1 'these are not its sources' "$covdb" kernel diff old new --from old --to old
refused 1 'none of [0-9]+ files of the kernel' "$covdb" kernel diff old new --from "$folder" --to new
refused 1 'repository at nothing' "$covdb" kernel diff old new --from repository@nothing
refused 1 'nowhere' "$covdb" kernel diff old new --from nowhere@HEAD
refused 1 'no kernel' "$covdb" kernel diff old other

# The independent program finds no exception among random changes of real sources.
mkdir a
cp -r "$source/collector" "$source/differ" "$source/venn" a/
cp -r a b
python3 - <<'END'
import os
import random

random.seed(18)
files = sorted(os.path.join(folder, name) for folder, _, names in os.walk("b") for name in names if name.endswith((".c", ".h")))
for path in files:
    lines = open(path, encoding="utf-8").read().split("\n")
    for _ in range(random.randrange(0, 8)):
        place = random.randrange(len(lines))
        kind = random.randrange(4)
        if kind == 0:
            del lines[place:place + random.randrange(1, 6)]
        elif kind == 1:
            lines[place:place] = [f"\tplanted({random.randrange(5)});" for _ in range(random.randrange(1, 4))]
        elif kind == 2:
            lines[place] += " /* changed */"
        else:
            other = random.randrange(len(lines))
            lines[place:place] = lines[other:other + 8]
        lines = lines or ["x"]
    open(path, "w", encoding="utf-8").write("\n".join(lines))
os.rename("b/collector/base/text.c", "b/collector/base/string.c")
END
python3 "$source/tests/oracle/join_oracle.py" "$covdb" a b >oracle || fail "exceptions: $(grep -v '^ ' oracle | head -n 3)"
cat oracle
expect oracle '^ +0 exceptions$'
expect oracle '^ +1 renamed files$'
[ "$(awk '/joined$/ { print $1 }' oracle)" -gt 20000 ] || fail "too few lines were compared"
