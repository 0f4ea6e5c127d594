#!/bin/sh
# tracefile_spellings.sh COVDB SOURCE_DIR - two spellings of one source are one source: lines, calls and branches
# add up, in a tracefile, in gcov's JSON, in one file and in several.
set -eu
# shellcheck source=tests/cli/lib.sh
. "$2/tests/cli/lib.sh"
# shellcheck source=tests/cli/tracefile_fixture.sh
. "$source/tests/cli/tracefile_fixture.sh"

take 0 "$cases/two-spellings.info"
check_records "two spellings" "SF:/src/a.c FN:1,f FNDA:7,f DA:1,7 DA:2,7"
expect said '^p w: ok; 2 lines found, 2 executed$'
expect kernel.said '^kernel k: 1 functions, 2 lines in 1 files$'
check_own_output "two spellings"

take 0 "$cases/absolute-and-relative.info"
check_records "absolute and relative" \
	"SF:/src/a.c FN:1,f FNDA:7,f DA:1,7 DA:2,0 SF:/src/b.c DA:1,1"
expect said '^p w: ok; 3 lines found, 2 executed$'
expect kernel.said '^kernel k: 1 functions, 3 lines in 2 files$'

# Branches too, and every spelling that there is.
spelled=1
: >many.info
for path in /src/a.c //src/a.c /src/./a.c /src//a.c /src/x/../a.c /src/x/y/../../a.c /../src/a.c; do
	printf 'SF:%s\nFN:3,f\nFNDA:%s,f\nBRDA:3,0,0,%s\nBRDA:3,0,1,0\nDA:3,%s\nend_of_record\n' \
		$path $spelled $spelled $spelled >>many.info
	spelled=$((2 * spelled))
done
printf 'SF:/src/b.c\nDA:1,0\nend_of_record\n' >>many.info
sum=$((spelled - 1))
take 0 many.info
check_records "many spellings" "SF:/src/a.c FN:3,f FNDA:$sum,f BRDA:3,0,0,$sum BRDA:3,0,1,0 DA:3,$sum SF:/src/b.c DA:1,0"
sed 's,SF:/src/a.c,SF:a.c,' many.info >relative.info
take 0 relative.info
check_records "relative ones" "SF:/src/a.c FN:3,f FNDA:$sum,f BRDA:3,0,0,$sum BRDA:3,0,1,0 DA:3,$sum SF:/src/b.c DA:1,0"

# gcov's JSON: against its working directory.
document() { # document PATH COUNT
	printf '{"current_working_directory": "/src/x", "files": [{"file": "%s", "functions":
		[{"name": "f", "start_line": 3, "end_line": 3, "execution_count": %s}], "lines":
		[{"line_number": 3, "count": %s, "branches": [{"count": %s}, {"count": 0}]}]}]}\n' "$1" "$2" "$2" "$2"
}
mkdir json
document ../a.c 1 >json/one.gcov.json
document /src/a.c 2 >json/two.gcov.json
document ./.././a.c 4 >json/three.gcov.json
take 0 json
check_records "JSON" "SF:/src/a.c FN:3,f FNDA:7,f BRDA:3,0,0,7 BRDA:3,0,1,0 DA:3,7"

# Another kernel's: a path that is relative and one below the root that was found are one file.
printf 'SF:/k/net/a.c\nFN:1,f\nFNDA:0,f\nDA:1,0\nDA:2,0\nend_of_record\nSF:/k/b.c\nDA:1,0\nend_of_record\n' >kernel.info
rm -f "$COVDB"
"$covdb" kernel add --info kernel.info --name k >/dev/null
printf '%s\n' SF:/w/net/a.c FN:1,f FNDA:1,f DA:1,1 DA:2,0 end_of_record SF:/w/b.c DA:1,1 end_of_record \
	SF:net/a.c FN:1,f FNDA:2,f DA:1,2 DA:2,4 end_of_record >mixed.info
"$covdb" import mixed.info --platform p --workload w --seconds 1 >/dev/null 2>said
expect said '^p w: ok; 3 lines found, 3 executed$'
"$covdb" export --trial p/w --lcov 1 2>/dev/null | grep -vE '^(TN:|[A-Z]+[FH]:[0-9]|end_of_record)' >out.info
check_records "of another kernel" "SF:/k/b.c DA:1,1 SF:/k/net/a.c FN:1,f FNDA:3,f DA:1,3 DA:2,4"
# A function without a line is the one that has it in the kernel.
printf '%s\n' SF:/w/net/a.c FNDA:5,f DA:1,5 DA:2,0 end_of_record SF:/w/b.c DA:1,1 end_of_record >unplaced.info
"$covdb" import unplaced.info --platform q --workload w --seconds 1 >/dev/null 2>said || fail "import: $(cat said)"
"$covdb" export --trial q/w --lcov 1 2>/dev/null >whole.info
check "its calls" "FN:1,f FNDA:5,f" "$(grep '^FN[D:]' whole.info | xargs)"

# Notes: one source under two names in one object, which the compiler keeps apart.
need gcc python3
mkdir tree notes-snapshot
printf '#line 1 "a.h"\nstatic int f(int x) { if (x > 1) return 2; return 3; }\n#line 1 "%s/tree/a.h"\nstatic int g(int x) { if (x > 5) return 1; return 0; }\n#line 1 "main.c"\nint main(int c, char **v) { return v && f(c) + g(c) == 3 ? 0 : 1; }\n' "$folder" >tree/main.c
(cd tree && gcc --coverage -c main.c -o main.o && gcc --coverage main.o -o main && ./main) || fail "the program"
mv tree/main.gcda notes-snapshot
"$covdb" decode notes-snapshot --notes tree 2>said >whole.tsv
"$covdb" decode notes-snapshot --notes tree --per-object 2>objects.said >objects.tsv
check "rows of the whole" "a.h 1 2 main.c 1 1" "$(xargs <whole.tsv)"
check "rows of the object" "$(cat whole.tsv)" "$(cut -f2- objects.tsv)"
# For each object all notes are looked at, also those that nothing ran of.
check "what is said" "$(cat said)" "$(sed 's/, 0 not linked//' objects.said)"
for options in "" --per-object; do
	# shellcheck disable=SC2086 # none, or one
	"$covdb" decode notes-snapshot --notes tree --format json $options >"as-json$options" 2>/dev/null
done
python3 - >got <<'END'
import json

whole, (one,) = json.load(open("as-json"))["files"], json.load(open("as-json--per-object"))["objects"]
for file in one["files"]:
    for line in file["lines"]:
        print(file["file"], line["line"], line["count"], line["state"], *sorted(branch["count"] for branch in line["branches"]))
assert [(file["file"], [(line["line"], line["count"], line["state"]) for line in file["lines"]]) for file in one["files"]] == [
    (file["file"], [(line["line"], line["count"], line["state"]) for line in file["lines"]]) for file in whole]
print(*sorted((function["name"], function["file"], function["calls"]) for function in one["functions"]))
END
check "JSON of the object" "a.h 1 2 partly executed 0 0 1 1
main.c 1 1 partly executed 0 0 1 1" "$(sed '$d' got)"
check "its functions" "('f', 'a.h', 1) ('g', 'a.h', 1) ('main', 'main.c', 1)" "$(tail -n 1 got)"
