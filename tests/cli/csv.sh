#!/bin/sh
# csv.sh COVDB SOURCE_DIR - names in CSV are as they are, quoted; with --csv-safe none is a formula for a spreadsheet.
set -eu
# shellcheck source=tests/cli/lib.sh
. "$2/tests/cli/lib.sh"
need gcc python3

# Four functions whose names, in the notes, are written over by what begins a formula; one has a newline.
mkdir tree snapshot
cat >tree/main.c <<'END'
int f1_name(void) { return 1; }
int f2_name(void) { return 2; }
int f3_name(void) { return 3; }
int f4_name(void) { return 4; }
int main(void)
{
	return f1_name() + f2_name() + f3_name() + f4_name() - 10;
}
END
(cd tree && gcc -O0 --coverage -c main.c -o main.o && gcc --coverage main.o -o program && ./program && mv main.gcda ../snapshot)
LC_ALL=C sed -i 's/f1_name/=1+1+1"/g; s/f2_name/-2,name/g; s/f3_name/@3_name/g' tree/main.gcno
LC_ALL=C python3 - "tree/main.gcno" <<'END'
import sys
path = sys.argv[1]
data = open(path, "rb").read()
open(path, "wb").write(data.replace(b"f4_name", b"+4\n\x1b[m\x7f"))
END
"$covdb" kernel add --notes tree --name k >/dev/null 2>&1
"$covdb" import snapshot --platform host --baseline --seconds 10 >/dev/null 2>&1
"$covdb" import snapshot --platform runc --workload w --seconds 1 >/dev/null 2>&1

"$covdb" functions --format csv >plain.csv
"$covdb" functions --format csv --csv-safe >safe.csv
"$covdb" functions --format json >all.json
python3 - <<'END' || fail "the cells"
import csv, json
names = ["=1+1+1\"", "-2,name", "@3_name", "+4\n\x1b[m\x7f", "main"]
plain, safe = (list(csv.DictReader(open(name, newline=""))) for name in ("plain.csv", "safe.csv"))
assert sorted(row["function"] for row in plain) == sorted(names), plain
assert sorted(row["function"] for row in safe) == sorted("'" * (name != "main") + name for name in names), safe
assert sorted(row["function"] for row in json.load(open("all.json"))["rows"]) == sorted(names)
others = [[{key: row[key] for key in row if key != "function"} for row in rows] for rows in (plain, safe)]
assert others[0] == others[1], "numbers stay as they are"
assert '"+4\n\x1b[m\x7f"' in open("plain.csv", newline="").read(), "what is no character is quoted"
END

# Numbers are no formulas, though one is below 0; a file's name may be one.
mkdir records
printf 'TN:\nSF:=cmd.c\nDA:1,-3\nend_of_record\n' >records/a.info
export COVDB="$folder/other.sqlite"
"$covdb" kernel add --info records/a.info --name k >/dev/null 2>&1
"$covdb" import records/a.info --platform host --workload w --seconds 1 >/dev/null 2>&1 || :
for option in "" --csv-safe; do
	# shellcheck disable=SC2086 # no option when there is none
	"$covdb" export --trial host/w --format csv $option 2>/dev/null | tail -n 1 >"last$option"
done
check "a file's name" "=cmd.c,1, '=cmd.c,1," "$(sed 's/[^,]*$//' last | xargs -0 printf %s | tr -d '\n') $(
	sed 's/[^,]*$//' last--csv-safe)"

# Every command that prints CSV has the option, and it goes with CSV alone.
"$covdb" --help | sed -n 's/^  \([a-z][a-z-]*\( [a-z-]*\)\{0,1\}\)  .*/\1/p' >commands
count=0
while read -r command; do
	# shellcheck disable=SC2086 # a command may be two words
	"$covdb" $command --help >help
	grep -qE -- '--format=.*csv|json or csv' help || continue
	[ "$command" = sql ] || expect help '--csv-safe' "$command"
	count=$((count + 1))
done <commands
[ "$count" -ge 15 ] || fail "only $count commands print CSV"
refused 2 '--csv-safe goes with --format csv' "$covdb" functions --csv-safe
refused 2 '--csv-safe goes with --format csv' "$covdb" venn --csv-safe --format json
refused 2 '--csv-safe goes with --format csv' "$covdb" export --trial host/w --csv-safe
refused 2 '--csv-safe goes with --format csv' "$covdb" kernel check-config --csv-safe /dev/null
