#!/bin/sh
# exchange.sh COVDB SOURCE_DIR - tracefiles and gcov's JSON are imported as the counters they were made
# of, come out again byte for byte, and can be compared without a kernel's notes.
set -eu
# shellcheck source=tests/cli/lib.sh
. "$2/tests/cli/lib.sh"
need gcc gcov python3 sqlite3
# shellcheck source=tests/cli/exchange_fixture.sh
. "$source/tests/cli/exchange_fixture.sh"

# Out, in, and out again.
for style in 1 2; do
	"$covdb" export --trial a/w/1 --lcov $style -o out.info 2>/dev/null
	"$covdb" import out.info --platform $style --workload w --seconds 10 >/dev/null 2>err
	check "nothing of it is unknown ($style)" 0 "$(grep -c 'not of the kernel' err)"
	"$covdb" export --trial $style/w --lcov $style 2>/dev/null | cmp - out.info ||
		check "round trip of $style" same different
	same_trial "$style functions" $style
done
"$covdb" export --trial a/w/1 --branches -o branches.info 2>/dev/null
check "there are branches" yes "$([ "$(grep -c ^BRDA branches.info)" -gt 50 ] && echo yes)"
"$covdb" import branches.info --platform branches --workload w --seconds 10 >/dev/null 2>&1
"$covdb" export --trial branches/w --branches 2>/dev/null | cmp - branches.info ||
	check "round trip of branches" same different
check "found and hit of the trial are kept" 1 "$(sqlite3 "$COVDB" "SELECT count(DISTINCT lines_found || ' ' || lines_hit)
	FROM trial JOIN platform p USING (platform_id) JOIN workload w USING (workload_id)
	WHERE w.name = 'w' AND number = 1 AND p.name IN ('a', 'new', 'old')")"
"$covdb" export --trial a/w/1 -o whole.info 2>/dev/null

# What gcov makes of the same counters.
cp first/*.gcda tree
mkdir gcov
(cd tree && gcov -b --json-format ./*.gcda >/dev/null && mv ./*.gcov.json.gz ../gcov)
"$covdb" import gcov --platform gcov --workload w --seconds 10 >/dev/null 2>&1
same_trial "a folder of gcov's" gcov
"$covdb" export --trial gcov/w --branches 2>/dev/null | cmp - branches.info ||
	check "branches of gcov's" same different
"$covdb" import "gcov/$(cd gcov && echo *loops*)" --platform loops --workload w --seconds 10 >/dev/null 2>&1
check "one file of gcov's" "$(zcat gcov/*loops* | python3 -c '
import json, sys

files = json.load(sys.stdin)["files"]
print(len({(f["file"], l["line_number"]) for f in files for l in f["lines"] if l["count"]}))')" \
	"$(sqlite3 "$COVDB" "SELECT count(*) FROM trial_line_named WHERE platform = 'loops' AND count <> 0")"

# Footprints: trials from tracefiles leave the lines that their counters leave.
kept() { # kept PLATFORM
	sqlite3 "$COVDB" "SELECT file, line FROM footprint_line_named WHERE platform = '$1' ORDER BY 1, 2"
}
"$covdb" export --trial b/w -o b.info 2>/dev/null
"$covdb" import b.info --platform bb --workload w --seconds 10 >/dev/null 2>&1
kept b >b.kept
check "there is a footprint" yes "$([ -s b.kept ] && echo yes)"
kept bb | cmp - b.kept || check "the footprint of a tracefile" same different

# Sources that lay elsewhere; and what the kernel does not have.
sed "s,$folder/tree,/elsewhere/sources," whole.info >moved.info
"$covdb" import moved.info --platform moved --workload w --seconds 10 >/dev/null 2>&1
same_trial "another root" moved
{
	sed '0,/^DA:/s//DA:99999,1\nDA:/' moved.info
	printf 'SF:/elsewhere/sources/none.c\nFN:1,f\nFNDA:1,f\nDA:1,1\nend_of_record\n'
} >more.info
status=0
"$covdb" import more.info --platform more --workload w --seconds 10 >out 2>err || status=$?
check "what is unknown is told" "1 1" "$status $(grep -c \
	'not of the kernel: 1 files; of its files 1 lines and 0 functions; the first in /elsewhere' err)"
same_trial "the rest" more
printf 'SF:/none.c\nDA:1,1\nend_of_record\n' >none.info
status=0
"$covdb" import none.info --platform none --workload w --seconds 10 >out 2>err || status=$?
check "nothing of the kernel" "1 0 none.info: none of its lines is in the kernel" \
	"$status $(wc -c <out) $(cut -d' ' -f3- err)"
printf 'SF:/none.c\nDA:1,x\nend_of_record\n' >bad.info
"$covdb" import bad.info --platform none --workload w --seconds 10 >out 2>err || true
check "a malformed one" 1 "$(grep -c "bad.info:2: a malformed record, the count is no whole number: 'DA:1,x'" err)"
check "leaves nothing" 0 "$(sqlite3 "$COVDB" "SELECT count(*) FROM platform WHERE name = 'none'")"

# Without notes: a kernel that is what its tracefiles list, in whatever order.
"$covdb" export --trial a/idle -o idle.info 2>/dev/null
"$covdb" export --trial a/w/1 --dir loops.c -o part.info 2>/dev/null
export COVDB="$folder/foreign.sqlite"
"$covdb" kernel add --info idle.info whole.info --name f >/dev/null
"$covdb" kernel add --info part.info idle.info whole.info --name g >/dev/null
check "the same lines, whatever the order" 1 "$(sqlite3 "$COVDB" "SELECT count(DISTINCT hex(lines)) FROM kernel")"
"$covdb" import idle.info --kernel f --platform a --baseline --seconds 10 >/dev/null 2>&1
"$covdb" import whole.info --kernel f --platform a --workload w --seconds 10 >/dev/null 2>&1
"$covdb" import b.info --kernel f --platform bb --workload w --seconds 10 >/dev/null 2>&1
"$covdb" export --kernel f --trial a/w 2>/dev/null | cmp - whole.info || check "round trip without notes" same different
kept bb | cmp - b.kept || check "the footprint without notes" same different
"$covdb" import part.info --kernel g --platform a --workload w --seconds 10 >/dev/null 2>&1
"$covdb" export --kernel g --trial a/w 2>/dev/null | cmp - part.info ||
	check "a part stays a part" same different
status=0
"$covdb" import first --kernel f --platform c --workload w --seconds 10 >out 2>err || status=$?
check "such a kernel takes no counters" "1 1" "$status $(wc -l <err)"
"$covdb" kernel add --info whole.info --root / --name h >/dev/null
check "--root" "$(grep -c ^SF whole.info)" \
	"$(sqlite3 "$COVDB" "SELECT count(*) FROM file JOIN kernel USING (kernel_id) WHERE name = 'h' AND path LIKE '$folder/tree/%'")"
for wrong in "--info" "whole.info" "--info --notes tree whole.info" "--info --build-id a whole.info" "--notes tree --root /"; do
	status=0
	# shellcheck disable=SC2086 # several words
	"$covdb" kernel add $wrong >out 2>err || status=$?
	check "kernel add $wrong" "2 1" "$status $(wc -l <err)"
done
