#!/bin/sh
# tracefile_records.sh COVDB SOURCE_DIR - tracefiles as other tools and systems write them are read: ends of
# lines, marks, records that lcov takes in any order or passes over; and what is not is refused with its reason.
set -eu
# shellcheck source=tests/cli/lib.sh
. "$2/tests/cli/lib.sh"
# shellcheck source=tests/cli/tracefile_fixture.sh
. "$source/tests/cli/tracefile_fixture.sh"

# Ends of lines and marks.
take 0 "$cases/crlf.info"
check_records "carriage returns" "SF:/src/a.c FN:1,foo FNDA:3,foo DA:1,3 DA:2,0"
check_silent "carriage returns"
take 0 "$cases/byte-order-mark.info"
check_records "a byte order mark" "SF:/src/a.c DA:1,1"
check_silent "a byte order mark"
take 0 "$cases/no-final-newline.info"
check_records "no newline at the end" "SF:/src/a.c DA:1,1"
check_silent "no newline at the end"
# One after the other, each with its mark and its carriage returns.
{
	cat "$cases/crlf.info"
	sed 's/$/\r/' "$cases/byte-order-mark.info"
	printf ' \t\r\n'
	cat "$cases/no-final-newline.info"
} >together.info
take 0 together.info
check_records "files that were put together" "SF:/src/a.c FN:1,foo FNDA:3,foo DA:1,5 DA:2,0"
check_silent "files that were put together"

# What lcov passes over is passed over, and said with its place.
take 0 "$cases/line-0.info"
check_records "line 0" "SF:/src/a.c BRDA:1,0,0,1 DA:1,3"
expect said '/line-0.info:3: line 0 is none, .* \(2 such records\)$'
take 0 "$cases/branch-block-none.info"
check_records "a block without a number" "SF:/src/a.c DA:1,3"
expect said "/branch-block-none.info:4: the branch's block has no number, .* \\(1 such record\\)\$"
take 0 "$cases/negative-branch.info"
check_records "a branch below 0" "SF:/src/a.c BRDA:1,0,0,0 BRDA:1,0,1,1 DA:1,3"
expect said '/negative-branch.info:4: the branch was taken fewer than 0 times'
expect kernel.said '/negative-branch.info:4: the branch was taken fewer than 0 times'

# Any order; calls of a function without a line are kept, and no other tool is told of that function.
take 0 "$cases/fnda-without-fn.info"
check_records "a function without a line" "SF:/src/a.c DA:1,3"
expect export.said '^left out, since a tracefile has no functions without a line: 1; the first: foo of a.c$'
check "its calls are kept" foo,0,3 "$("$covdb" export --trial p/w --format json 2>/dev/null | tr -d ' \n"' |
	sed 's/.*name:\([a-z]*\),line:\([a-z0-9]*\),end_line:null,calls:\([0-9]*\).*/\1,\2,\3/; s/null/0/')"
printf '%s\n' SF:/a.c FNDA:3,f TN:x FNA:0,4,g DA:1,3 FNL:0,5,9 FN:1,f DA:5,4 end_of_record >order.info
take 0 order.info
check_records "any order" "SF:/a.c FN:1,f FN:5,g FNDA:3,f FNDA:4,g DA:1,3 DA:5,4"
check_silent "any order"
printf '%s\n' SF:/a.c FN:7,f DA:7,3 end_of_record SF:/a.c FNDA:3,f DA:7,1 end_of_record >apart.info
take 0 apart.info
check_records "FN and FNDA apart" "SF:/a.c FN:7,f FNDA:3,f DA:7,4"

# Contradictions lose nothing.
printf '%s\n' SF:/a.c FN:9,3,f FNDA:5,f DA:9,5 end_of_record >backwards.info
take 0 backwards.info
check_records "a function that ends before it starts" "SF:/a.c FN:9,f FNDA:5,f DA:9,5"
expect said '^backwards.info:2: the function ends before it starts, its end is passed over'
"$covdb" export --trial p/w --lcov 2 2>/dev/null >new.info
check "its end is not written" "FNL:0,9" "$(grep ^FNL new.info)"
# A branch of a line that has no count, which lcov refuses too.
printf '%s\n' SF:/a.c DA:1,3 BRDA:1,0,0,3 BRDA:2,0,0,4 end_of_record >orphan.info
rm -f "$COVDB"
"$covdb" kernel add --info orphan.info >/dev/null
status=0
"$covdb" import orphan.info --platform p --workload w --seconds 1 >/dev/null 2>said || status=$?
check "a branch without a line" 1 $status
expect said 'not of the kernel: 0 files; of its files 0 lines and 0 functions, and 1 branches of other lines; the first in /a.c$'
rm -f "$COVDB"

# Refused, and why; a terminal sees no control character.
bad() { # bad RECORD PATTERN
	printf 'SF:/a.c\n%b\nend_of_record\n' "$1" >bad.info
	refused 1 "^covdb kernel add: bad.info:2: $2\$" "$covdb" kernel add --info bad.info
}
bad 'DA:1,x' "a malformed record, the count is no whole number: 'DA:1,x'"
bad 'DA:1' "a malformed record, the count is missing: 'DA:1'"
bad 'DA:4294967296,1' "a malformed record, the number of the line is too large: 'DA:4294967296,1'"
bad 'DA:1,1\r2' "a malformed record, the count is no whole number: 'DA:1,1.x0d2'"
bad '\033[31mred' "an unknown record: '.x1b\\[31mred'"
bad 'BRDA:1,0,0' "a malformed record, it does not say how often the branch was taken: 'BRDA:1,0,0'"
bad 'SF:/b.c' "a record before end_of_record: 'SF:/b.c'"
check "nothing is left of a refused file" no "$([ -e "$COVDB" ] && echo yes || echo no)"
