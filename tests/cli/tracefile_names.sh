#!/bin/sh
# tracefile_names.sh COVDB SOURCE_DIR - a folder whose name is not UTF-8: gcov's JSON of it is read, and what is
# written as JSON is JSON and has every file.
set -eu
# shellcheck source=tests/cli/lib.sh
. "$2/tests/cli/lib.sh"
# shellcheck source=tests/cli/tracefile_fixture.sh
. "$source/tests/cli/tracefile_fixture.sh"
need gcc gcov python3
latin=$(printf 'caf\351')
other=$(printf 'caf\350')

for name in "$latin" "$other"; do
	mkdir "$name"
	printf 'int %s(int i)\n{\n\treturn i + 1;\n}\n' add >"$name/add.c"
	printf 'int add(int);\nint main(void)\n{\n\treturn add(-1);\n}\n' >"$name/main.c"
	gcc --coverage -c "$name/add.c" -o "$name/add.o"
	gcc --coverage -c "$name/main.c" -o "$name/main.o"
	gcc --coverage -o "$name/program" "$name/add.o" "$name/main.o"
	"./$name/program"
	for counters in "$name"/*.gcda; do
		gcov -b --json-format --stdout "$counters"
	done
done >gcov.json

# Four files, whose names are those of the four sources.
take 0 gcov.json
check "files of gcov's JSON" "$(printf '%s/%s\n' "$other" add.c "$other" main.c "$latin" add.c "$latin" main.c | od -c)" \
	"$(sed -n "s,^SF:$folder/,,p" out.info | LC_ALL=C sort | od -c)"
check "all lines" 8 "$(grep -c '^DA:.*,1$' out.info)"
for format in json syzkaller; do
	"$covdb" export --trial p/w --format $format >out.$format 2>export.said || fail "export --format $format: $(cat export.said)"
done
python3 - out.json out.syzkaller <<'END' || fail "exported names"
import json, sys

with open(sys.argv[1], encoding="utf-8") as file:
    paths = [entry["file"] for entry in json.load(file)["files"]]
assert sorted(paths) == ["caf\\xe8/add.c", "caf\\xe8/main.c", "caf\\xe9/add.c", "caf\\xe9/main.c"], paths
with open(sys.argv[2], encoding="utf-8") as file:
    assert {json.loads(line)["file_path"] for line in file} == set(paths)
END
"$covdb" export --trial p/w --format csv >out.csv 2>export.said || fail "export --format csv: $(cat export.said)"
check "files in CSV" 4 "$(LC_ALL=C sed 1d out.csv | LC_ALL=C cut -d, -f1 | LC_ALL=C sort -u | wc -l)"

# What is decoded.
"$covdb" decode . --notes . --format json >decoded.json 2>decode.said || fail "decode: $(cat decode.said)"
"$covdb" decode . --notes . --format json --per-object >objects.json 2>decode.said || fail "decode: $(cat decode.said)"
"$covdb" decode . --notes . --format info >decoded.info 2>/dev/null
python3 - decoded.json objects.json <<'END' || fail "decoded names"
import json, sys

wanted = {f"caf\\xe{digit}/{name}.c" for digit in "89" for name in ("add", "main")}
with open(sys.argv[1], encoding="utf-8") as file:
    assert {entry["file"] for entry in json.load(file)["files"]} == wanted
with open(sys.argv[2], encoding="utf-8") as file:
    objects = json.load(file)["objects"]
assert {entry["file"] for object in objects for entry in object["files"]} == wanted
assert {entry["file"] for object in objects for entry in object["functions"]} == wanted
assert {object["object"] for object in objects} == {name[:-2] + ".gcda" for name in wanted} or len(objects) == 4
END

# The bytes of a name are the same, whichever way it came: the JSON of gcov and the notes are one kernel's.
rm -f "$COVDB"
"$covdb" kernel add --notes . --name k --build-id abc >/dev/null
"$covdb" import gcov.json --platform p --workload w --seconds 1 >out 2>said || fail "import: $(cat said)"
expect said '^p w: ok; 4 lines found, 4 executed|^p w: ok; [0-9]+ lines found, [0-9]+ executed$'
check "nothing of it is unknown" 0 "$(grep -c 'not of the kernel' said)"
