#!/bin/sh
# import_set.sh COVDB SOURCE_DIR - sets of lines from elsewhere are platforms like any other, kept whole, in every
# workload; what syzkaller and syz-cover write is read, and addresses with the program that ran.
set -eu
# shellcheck source=tests/cli/lib.sh
. "$2/tests/cli/lib.sh"
need gcc python3 sqlite3 readelf strip
# shellcheck source=tests/cli/exchange_fixture.sh
. "$source/tests/cli/exchange_fixture.sh"

ran() { # ran PLATFORM: its lines that ran, of all its trials that are no baseline
	sqlite3 "$COVDB" "SELECT DISTINCT file, line FROM trial_line_named WHERE platform = '$1'
		AND kind = 'workload' AND count > 0" | sort
}
kept() { # kept PLATFORM: the lines of its footprint
	sqlite3 "$COVDB" "SELECT DISTINCT file, line FROM footprint_line_named WHERE platform = '$1'" | sort
}
called() { # called PLATFORM: functions
	sqlite3 "$COVDB" "SELECT DISTINCT function FROM function_calls WHERE platform = '$1' AND calls > 0" | sort
}
anew() { # anew - a database without sets
	cp "$folder/start.sqlite" "$COVDB"
}
cp "$COVDB" start.sqlite
"$covdb" summary --format csv >before.csv
"$covdb" venn --format csv >regions-before.csv
ran b >lines.b
called b >functions.b

# What covdb exports as syzkaller's is read again, as the same lines.
"$covdb" export --trial b/w/1 --format syzkaller -o cover.jsonl 2>err
"$covdb" import cover.jsonl --set fuzz >out 2>said || fail "import of cover.jsonl: $(cat said)"
check "what is printed" "1 trial imported" "$(cat out)"
expect said '^fuzz set: ok; [0-9]+ lines found, [0-9]+ executed, 0 of them since others of their block were(;|$)'
ran fuzz | cmp - lines.b || fail "lines of cover.jsonl"
called fuzz | cmp - functions.b || fail "functions of cover.jsonl"
kept fuzz | cmp - lines.b || fail "all lines of a set are kept"
check "what ran counts 1" 1 "$(sqlite3 "$COVDB" "SELECT max(count) FROM trial_line_named WHERE platform = 'fuzz'")"
"$covdb" summary --format csv >after.csv
grep -v '^fuzz,' after.csv | cmp - before.csv || fail "the other platforms are as before"
"$covdb" venn --platforms a,b --format csv | cmp - regions-before.csv || fail "regions of the others are as before"

# Set operations; whatever the workload, the set is there.
for scope in "" "--workload w"; do
	# shellcheck disable=SC2086 # two words
	"$covdb" venn 'a - fuzz' $scope --limit 0 --format csv | tail -n +2 | cut -d, -f1,2 | tr , '|' >got
	kept a | comm -23 - lines.b >expected
	sort got | cmp - expected || fail "a - fuzz $scope"
	[ -s expected ] || fail "a - fuzz has lines"
	# shellcheck disable=SC2086
	"$covdb" summary $scope --format csv | grep -q "^fuzz,$(wc -l <lines.b)," || fail "summary $scope has the set"
done
"$covdb" conditional --platforms a,fuzz --format csv >out 2>err || fail "conditional: $(cat err)"
refused 2 'fuzz is a set of lines, without rates' "$covdb" top a fuzz
"$covdb" report -o report >out 2>err || fail "report: $(cat err)"

# Another trial, of what was measured, beside it.
"$covdb" import second --platform b --workload w --seconds 10 >out 2>err || fail "a trial beside a set: $(cat err)"
kept fuzz | cmp - lines.b || fail "the set after another trial"
"$covdb" trial remove fuzz/set/1 >out 2>err || fail "removal: $(cat err)"
"$covdb" diff >out 2>&1 || fail "footprints after removal: $(cat out)"
refused 1 "there is no platform 'fuzz'" "$covdb" venn 'a - fuzz'

cp start.sqlite "$COVDB"
"$covdb" import cover.jsonl --set fuzz >out 2>said
"$covdb" diff --baseline own 2>/dev/null | grep -q '^fuzz ' || fail "a set needs no baseline of its own"

# Exports of syz-cover, and what programs covered; several files are one set.
anew
python3 - <<'PYTHON'
import json
rows = [json.loads(line) for line in open("cover.jsonl")]
files = {}
for row in rows:
    kind = "Covered" if row["hit_count"] else "Uncovered"
    files.setdefault(row["file_path"], {}).setdefault(kind, []).append(row["sl"])
first = next(iter(files))
files[first]["Both"] = [files[first]["Covered"].pop()]
export = [{"Filename": "/build/linux/" + name, **lines} for name, lines in files.items()]
json.dump(export, open("lines.json", "w"), indent="\t")
with open("programs.jsonl", "w") as out:
    for name in files:
        blocks = [
            {"func_name": row["func_name"], "covered_blocks": [
                {"from_line": row["sl"], "from_column": 0, "to_line": row["el"], "to_column": -1}]}
            for row in rows if row["file_path"] == name and row["hit_count"]
        ]
        print(json.dumps({"program": "open()", "coverage": [{"file_path": name, "functions": blocks}]}), file=out)
with open("rawcoverfiles", "w") as out, open("older", "w") as older:
    print("PC,Module,Offset,Filename,Inline,StartLine,EndLine", file=out)
    print("PC,Module,Offset,Filename,StartLine,EndLine", file=older)
    for row in rows:
        if row["hit_count"]:
            print(f"0x1,,0x1,{row['file_path']},false,{row['sl']},{row['el']}", file=out)
            print(f"0x1,mod,0x1,{row['file_path']},{row['sl']},{row['el']}", file=older)
with open("ci.jsonl", "w") as out:
    for row in rows:
        # Addresses of a kernel, which are beyond the integers of many readers of JSON.
        print(json.dumps({"version": 1, "fuzzing_minutes": 5, **row, "pc": 2**64 - 1}), file=out)
half = len(rows) // 2
for name, part in ("left.jsonl", rows[:half]), ("right.jsonl", rows[half:]):
    open(name, "w").write("".join(json.dumps(row) + "\n" for row in part))
PYTHON
gzip -c cover.jsonl >packed
for file in lines.json ci.jsonl packed; do
	"$covdb" import "$file" --set "$file" >out 2>said || fail "import of $file: $(cat said)"
	ran "$file" | cmp - lines.b || fail "lines of $file"
done
# These do not say what was not covered. A block goes on behind a call, and longjmp() in dive() does not come back.
printf '%s\n' 'jumps.c|15' 'jumps.c|16' | sort - lines.b >lines.more
for file in programs.jsonl rawcoverfiles older; do
	"$covdb" import "$file" --set "$file" >out 2>said || fail "import of $file: $(cat said)"
	ran "$file" | cmp - lines.more || fail "lines of $file"
done
for file in programs.jsonl ci.jsonl packed; do
	called "$file" | cmp - functions.b || fail "functions of $file"
done
"$covdb" import left.jsonl right.jsonl --set halves >out 2>said || fail "import of two files: $(cat said)"
check "two files" "2 trials imported" "$(cat out)"
kept halves | cmp - lines.b || fail "lines of two files"
called halves | cmp - functions.b || fail "functions of two files"

# Counters and tracefiles can be sets, too: then nothing is taken for idle.
"$covdb" import first --set whole >out 2>said || fail "counters as a set: $(cat said)"
ran whole >lines.whole
kept whole | cmp - lines.whole || fail "counters as a set"
check "some lines of it are taken for idle otherwise" yes "$(kept a | comm -13 - lines.whole | grep -q . && echo yes)"
"$covdb" export --trial b/w/1 -o b.info 2>err
"$covdb" import b.info --set info >out 2>said || fail "a tracefile as a set: $(cat said)"
kept info | cmp - lines.b || fail "a tracefile as a set"

# Addresses, each the begin of a block as KCOV has them.
anew
cat >trace.c <<'C'
#include <stdio.h>
void __sanitizer_cov_trace_pc(void);
void __sanitizer_cov_trace_pc(void)
{
	/* The call before it is five bytes long. */
	fprintf(stderr, "0x%lx\n", (unsigned long)__builtin_return_address(0) - 5);
}
C
gcc -O2 -c trace.c -o trace.o
trial third loops macros parts
"$covdb" import third --platform c --workload w --seconds 10 >out 2>err
cp "$COVDB" start.sqlite
"$covdb" summary --format csv >before.csv
ran c >lines.c
called c >functions.c
for program in jumps loops macros parts; do
	(cd tree && gcc -O2 -g -fno-pie -fsanitize-coverage=trace-pc -c "$program.c" -o "../$program.o")
	gcc -no-pie -Wl,--build-id "$program.o" trace.o -o "$program" 2>err || skip "no -fsanitize-coverage=trace-pc here"
	"./$program" >/dev/null 2>"$program.addresses" || fail "$program"
done
followed=0
for program in loops macros parts; do
	"$covdb" import "$program.addresses" --set fuzz --vmlinux "$program" --same-source >out 2>said ||
		fail "addresses of $program: $(cat said)"
	expect said '^fuzz set: ok; .* executed, [0-9]+ of them since others of their block were(;|$)'
	followed=$((followed + $(sed -n 's/^fuzz .* executed, \([0-9]*\) of.*/\1/p' said)))
done
[ "$followed" -gt 0 ] || fail "some lines follow from others of their block"
ran fuzz >lines.fuzz
check "no line that did not run" "" "$(comm -23 lines.fuzz lines.c)"
most=$(($(wc -l <lines.c) * 3 / 4))
[ "$(wc -l <lines.fuzz)" -ge "$most" ] || fail "three of four lines that ran: $(wc -l <lines.fuzz) of $(wc -l <lines.c)"
check "no function that was not called" "" "$(called fuzz | comm -23 - functions.c)"
# Of an inlined function its own lines ran, and the one that called it: not without its frames.
expect lines.fuzz '^part.h\|'
anew
"$covdb" import jumps.addresses --set fuzz --vmlinux jumps --same-source >out 2>said || fail "addresses: $(cat said)"
check "only behind calls that did not come back" "jumps.c|15 jumps.c|16 " \
	"$(ran fuzz | comm -23 - lines.b | tr '\n' ' ')"
anew
sed 's/^0x/  0000000000/; s/$/ a word/' jumps.addresses >perf
"$covdb" import perf --set fuzz --vmlinux jumps --same-source >out 2>said || fail "as perf prints them: $(cat said)"
ran fuzz >lines.perf
[ -s lines.perf ] || fail "as perf prints them: nothing ran"
anew
{
	echo '# a comment'
	cat jumps.addresses
	echo 0xffffffffc0001000
	echo
} >mixed
"$covdb" import mixed --set fuzz --vmlinux jumps --same-source >out 2>said || fail "a foreign address: $(cat said)"
expect said '^mixed: the address is in no code of the image .* \(1 such record\)$'
ran fuzz | cmp - lines.perf || fail "as perf prints them, and with a foreign address"

# What does not fit is said in one line, and nothing is lost.
anew
own=$(readelf -n jumps | sed -n 's/.*Build ID: //p')
refused 1 "jumps: it is of another build, with the build id $own, than the kernel, abc" \
	"$covdb" import jumps.addresses --set fuzz --vmlinux jumps
refused 1 'jumps.addresses: it has addresses, which only the program that ran can place' \
	"$covdb" import jumps.addresses --set fuzz
refused 1 'cannot open missing' "$covdb" import jumps.addresses --set fuzz --vmlinux missing --same-source
refused 1 'cover.jsonl: .*cannot be read' "$covdb" import jumps.addresses --set fuzz --vmlinux cover.jsonl --same-source
strip -g -o stripped jumps
refused 1 'stripped: its debug information .* cannot be read: no DWARF' "$covdb" import jumps.addresses --set fuzz --vmlinux stripped --same-source
echo 0xffffffff81000000 >elsewhere
refused 1 'elsewhere: none of its addresses is in the code of jumps: .*nokaslr' \
	"$covdb" import elsewhere --set fuzz --vmlinux jumps --same-source
printf '0x10\nfoo\n' >word
refused 1 "word:2: no address in 'foo'" "$covdb" import word --set fuzz --vmlinux jumps --same-source
printf '0x10\n0x12345678901234567\n' >long
refused 1 "long:2: no address in '0x12345678901234567'" "$covdb" import long --set fuzz --vmlinux jumps --same-source
refused 1 'cover.jsonl: it says which lines ran, not how often: import it with --set NAME' \
	"$covdb" import cover.jsonl --platform p --workload w --seconds 1
bad() { # bad PATTERN TEXT
	printf '%s\n' "$2" >bad
	refused 1 "^covdb import: bad:$1" "$covdb" import bad --set fuzz
}
record='"file_path": "jumps.c", "func_name": "f", "hit_count": 1'
bad '1: .*sl' "{$record, \"el\": 1}"
bad '1: .*no number' "{$record, \"sl\": \"1\", \"el\": 1}"
bad '1: .*out of range' "{$record, \"sl\": -1, \"el\": 1}"
bad '1: .*more than 65536 lines' "{$record, \"sl\": 1, \"el\": 4000000000}"
bad '2: .*of no file' "{$record, \"sl\": 1, \"el\": 1}
{\"file_path\": \".\", \"func_name\": \"f\", \"hit_count\": 1, \"sl\": 1, \"el\": 1}"
bad '[12]: ' "{$record, \"sl\": 1, \"el\":"
bad '1: .*without Filename' '[{"Covered": [1]}]'
bad '1: .*a line is no number' '[{"Filename": "jumps.c", "Covered": ["1"]}]'
bad '1: .*lines are no list' '[{"Filename": "jumps.c", "Both": 1}]'
bad '1: .*coverage is no list' '{"program": "", "coverage": 1}'
bad '1: .*without file_path' '{"program": "", "coverage": [{}]}'
bad '1: .*covered_blocks' '{"program": "", "coverage": [{"file_path": "jumps.c", "functions": [{"func_name": "f"}]}]}'
bad '1: .*from_line' '{"program": "", "coverage": [{"file_path": "jumps.c", "functions": [{"func_name": "f", "covered_blocks": [1]}]}]}'
bad '2: .*a row that' 'PC,Module,Offset,Filename,Inline,StartLine,EndLine
0x1,,0x1,jumps.c,true,1'
bad '2: .*a row that' 'PC,Module,Offset,Filename,StartLine,EndLine
0x1,,0x1,jumps.c,1,x'
refused 1 'none of its lines is in the kernel' "$covdb" import "$source/tests/data/cases/coverage.dat" --set fuzz
refused 2 '--set and --seconds exclude each other' "$covdb" import cover.jsonl --set fuzz --seconds 1
refused 2 '--vmlinux and --same-source go with --set' "$covdb" import first --vmlinux jumps
refused 2 "--set takes at most" "$covdb" import cover.jsonl --set 'a b'
refused 1 'a is already the name of a platform that was measured' "$covdb" import cover.jsonl --set a
"$covdb" summary --format csv | cmp - before.csv || fail "nothing is lost by what is refused"
"$covdb" import cover.jsonl --set fuzz >out 2>err
refused 1 'fuzz is already the name of a set' "$covdb" import first --platform fuzz --workload w --seconds 1
