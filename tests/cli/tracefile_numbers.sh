#!/bin/sh
# tracefile_numbers.sh COVDB SOURCE_DIR - counts beyond 64 bits, and functions on line 0, which other readers refuse.
set -eu
# shellcheck source=tests/cli/lib.sh
. "$2/tests/cli/lib.sh"
# shellcheck source=tests/cli/tracefile_fixture.sh
. "$source/tests/cli/tracefile_fixture.sh"
need gcc gcov sqlite3
largest=9223372036854775807

take 0 "$cases/large-counts.info"
check_records "large counts" "SF:/src/a.c DA:1,$largest DA:2,$largest"
expect said '/large-counts.info:3: the count is too large, it is cut to 9223372036854775807 \(2 such records\)$'
printf '%s\n' SF:/a.c FN:1,f FNDA:1e+400,f BRDA:1,0,0,9223372036854775808 BRDA:1,0,1,1e3 DA:1,$largest \
	DA:1,$largest DA:2,1.5e+1 DA:3,-1e30 end_of_record >forms.info
take 0 forms.info
check_records "numbers as Perl prints them" \
	"SF:/a.c FN:1,f FNDA:$largest,f BRDA:1,0,0,$largest BRDA:1,0,1,1000 DA:1,$largest DA:2,15 DA:3,0"
check_own_output "numbers as Perl prints them"
echo '{"files": [{"file": "/a.c", "functions": [{"name": "f", "start_line": 1, "end_line": 2,
	"execution_count": 1.8446744073709552e+19}], "lines": [{"line_number": 1, "count": 1e+3},
	{"line_number": 2, "count": 1.8446744073709552e+19}, {"line_number": 0, "count": 7}]}]}' >large.json
take 0 large.json
check_records "numbers in JSON" "SF:/a.c FN:1,f FNDA:$largest,f DA:1,1000 DA:2,$largest"
expect said '^large.json: the count is too large, .* \(2 such records\)$'
expect said '^large.json: line 0 is none, .* \(1 such record\)$'

# A function on line 0, of a compiler's own: known, but no other tool is told of it.
cp "$cases/function-at-line-0.c" zero.c
gcc --coverage -o zero zero.c
./zero
"$covdb" decode . --notes . --format info >decoded.info 2>decode.said
check "FN:0 is not written" 0 "$(grep -cE '^(FN:0|FNDA:1,z|FNL:[0-9]+,0)' decoded.info)"
check "its file is" 1 "$(grep -c '^SF:.*zero.c' decoded.info)"
expect decode.said '^left out, since a tracefile has no functions without a line: 1; the first: z of zero.c$'
take 0 decoded.info
check_silent "covdb's own tracefile"
rm -f "$COVDB"
"$covdb" kernel add --notes . --name k --build-id abc >/dev/null
"$covdb" import . --platform p --workload w --seconds 1 >/dev/null 2>&1
for style in 1 2; do
	"$covdb" export --trial p/w --lcov $style >exported.$style 2>export.said
	check "FN:0 is not exported ($style)" 0 "$(grep -cE '^(FN:0|FNL:[0-9]+,0)' exported.$style)"
	expect export.said '^left out, since a tracefile has no functions without a line: 1; the first: z of zero.c$'
done
gcov -b --json-format ./*.gcda >/dev/null
json=$(echo ./*.gcov.json.gz)
take 0 "$json"
check_silent "gcov's JSON"
check "the file of that function" "SF:zero.c BRDA:1,0,0,1 BRDA:1,0,1,0 DA:1,1" \
	"$(sed -n '/^SF:.*zero.c/,$p' out.info | sed 's,SF:.*/,SF:,' | xargs)"
check "calls of both functions are kept" "main 1 z 1" "$(sqlite3 "$COVDB" \
	"SELECT f.name || ' ' || calls FROM trial_function JOIN function f USING (function_id) ORDER BY 1" | xargs)"
