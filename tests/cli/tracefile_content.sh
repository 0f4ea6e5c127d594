#!/bin/sh
# tracefile_content.sh COVDB SOURCE_DIR - what a file of counts is, its content decides; all of it is read,
# members of gzip and documents in a row, and what is behind them or cut short is said.
set -eu
# shellcheck source=tests/cli/lib.sh
. "$2/tests/cli/lib.sh"
# shellcheck source=tests/cli/tracefile_fixture.sh
. "$source/tests/cli/tracefile_fixture.sh"
need gzip xz tar
# What documents-in-a-row has.
first="SF:/usr/src/two/t.c FN:2,f FN:3,main FNDA:10,f FNDA:1,main BRDA:2,0,0,4 BRDA:2,0,1,6"
first="$first BRDA:3,0,0,10 BRDA:3,0,1,1 DA:2,10 DA:3,11"
second="SF:/usr/src/two/u.c FN:2,g FN:3,main FNDA:2,g FNDA:1,main BRDA:2,0,0,1 BRDA:2,0,1,1 DA:2,2 DA:3,1"

# Whatever they are called.
take 0 "$cases/coverage.dat"
check_records "another suffix" "SF:/src/a.c DA:1,1"
take 0 "$cases/tracefile.info.gz"
check_records "compressed" "SF:/src/a.c FN:1,foo FNDA:3,foo DA:1,3 DA:2,0"
cp "$cases/tracefile.info.gz" coverage
take 0 coverage
check_records "compressed, without a suffix" "SF:/src/a.c FN:1,foo FNDA:3,foo DA:1,3 DA:2,0"
gzip -dc coverage | sed '1i # a comment' >commented.gcov.json
take 0 commented.gcov.json
check_records "with the suffix of JSON" "SF:/src/a.c FN:1,foo FNDA:3,foo DA:1,3 DA:2,0"
printf '\357\273\277\n' | cat - "$cases/documents-in-a-row.gcov.json" >report.info
take 0 report.info
check_records "JSON with the suffix of a tracefile, and a mark" "$first $second"
# A snapshot stays one, its first file called like a record.
mkdir 'SF:'
cp "$source/tests/data/sample.gcda" 'SF:'
tar -czf snapshot 'SF:'
"$covdb" import snapshot --platform q --workload w --seconds 1 >out 2>said || :
check "an archive is no tracefile" 0 "$(grep -c 'malformed\|unknown record\|NUL' said)"

# One after the other.
take 0 "$cases/documents-in-a-row.gcov.json"
check_records "documents in a row" "$first $second"
check_silent "documents in a row"
split -l 1 "$cases/documents-in-a-row.gcov.json" document.
gzip document.aa document.ab
cat document.aa.gz document.ab.gz >both.gcov.json.gz
take 0 both.gcov.json.gz
check_records "members in a row" "$first $second"
cat coverage coverage >twice.info.gz
take 0 twice.info.gz
check_records "members of a tracefile" "SF:/src/a.c FN:1,foo FNDA:6,foo DA:1,6 DA:2,0"

# Nothing may be behind them, nor may they be cut short.
rm -f "$COVDB"
{ cat both.gcov.json.gz && printf garbage; } >garbage.gcov.json.gz
{ cat both.gcov.json.gz && head -c 10240 /dev/zero; } >padded.gcov.json.gz
"$covdb" kernel add --db padded.db --info padded.gcov.json.gz --name k >padded.said 2>&1 || fail "zeros behind gzip's data: $(cat padded.said)"
"$covdb" kernel add --db whole.db --info both.gcov.json.gz --name k >whole.said 2>&1
check "zeros behind gzip's data" "$(cat whole.said)" "$(cat padded.said)"
{ cat both.gcov.json.gz && printf '\0\0x'; } >mixed.gcov.json.gz
refused 1 "mixed.gcov.json.gz: 3 bytes that are not gzip's behind its data" "$covdb" kernel add --info mixed.gcov.json.gz
refused 1 "garbage.gcov.json.gz: 7 bytes that are not gzip's behind its data" "$covdb" kernel add --info garbage.gcov.json.gz
{ gzip -dc both.gcov.json.gz && printf garbage; } >garbage.gcov.json
refused 1 'garbage.gcov.json:3: .* near .garbage' "$covdb" kernel add --info garbage.gcov.json
size=$(wc -c <both.gcov.json.gz)
head -c $((size - 20)) both.gcov.json.gz >cut.gcov.json.gz
refused 1 "cut.gcov.json.gz: cut short: gzip's data end too early" "$covdb" kernel add --info cut.gcov.json.gz
{ head -c 40 both.gcov.json.gz && printf 'XXXX' && tail -c +45 both.gcov.json.gz; } >damaged.gcov.json.gz
refused 1 'damaged.gcov.json.gz: ' "$covdb" kernel add --info damaged.gcov.json.gz
printf '\037\213 not gzip' >none.info
refused 1 "none.info: gzip's data are damaged" "$covdb" kernel add --info none.info
: >empty.gcov.json
refused 1 'empty.gcov.json:1: ' "$covdb" kernel add --info empty.gcov.json
: >empty.info
refused 1 'empty.info: no SF record in it' "$covdb" kernel add --info empty.info
printf '{"files": [{"file": "a.c", "functions": [], "lines": [{"line_number": 1, "count": 18446744073709551616}]}]}\n' >large.json
refused 1 'large.json:1: too big integer' "$covdb" kernel add --info large.json

# A folder: the others are imported, the bad one is named.
mkdir folder folder/below
cp document.aa.gz folder/t.gcov.json.gz
cp document.ab.gz folder/below/u.gcov.json.gz
take 0 folder
check_records "a folder" "$first $second"
head -c 100 document.aa.gz >folder/cut.gcov.json.gz
take 1 folder
check_records "a folder with one cut short" "$first $second"
expect kernel.said "^folder/cut.gcov.json.gz: truncated: cut short: gzip's data end too early\$"
expect said "^folder/cut.gcov.json.gz: truncated: cut short: gzip's data end too early\$"
expect import.out '^1 trial imported$'
echo '{"files": [{"file": "lost.c", "lines": [{"line_number": 1, "count": 1}], "functions": [{}]}]}' |
	gzip >folder/half.gcov.json.gz
take 1 folder
check_records "nothing of a bad one" "$first $second"
expect said '^folder/half.gcov.json.gz: damaged: function 1 of lost.c: it has no name$'
rm folder/t.gcov.json.gz folder/below/u.gcov.json.gz
rm -f "$COVDB"
refused 1 'folder: none of its 2 files can be used; folder/half.gcov.json.gz: function 1 of lost.c' \
	"$covdb" kernel add --info folder
mkdir unpacked
gzip -dc document.aa.gz >unpacked/t.gcov.json
take 0 unpacked
check_records "a folder of unpacked ones" "$first"
