#!/bin/sh
# export.sh COVDB SOURCE_DIR - what covdb export writes is what the database has.
set -eu
# shellcheck source=tests/cli/lib.sh
. "$2/tests/cli/lib.sh"
need gcc python3 sqlite3
# shellcheck source=tests/cli/exchange_fixture.sh
. "$source/tests/cli/exchange_fixture.sh"

# Lines with a count in a tracefile, as file:line, against a query of the same.
hit_lines() { # hit_lines INFO
	awk -F'[:,]' -v root="$folder/tree/" '
		$1 == "SF" { file = substr($0, 4 + length(root)) }
		$1 == "DA" && $3 > 0 { print file ":" $2 }' "$1" | sort
}
sql() { sqlite3 "$COVDB" "$1" | sort; }
same() { # same WHAT EXPECTED GOT: two files, not empty
	[ -s "$2" ] || check "$1: there is something to compare" "lines" "none"
	cmp "$2" "$3" || check "$1" same different
}

"$covdb" export --trial a/w/1 -o one.info 2>one.err
check "the totals of a trial are covdb's" \
	"$(sql "SELECT lines_found || ' lines found, ' || lines_hit || ' executed' FROM trial WHERE trial_id = 2")" \
	"$(sed 's/;.*//' one.err)"
check "and those of the file" "$(sql "SELECT lines_found || ' ' || lines_hit FROM trial WHERE trial_id = 2")" \
	"$(awk -F: '$1 == "LF" { found += $2 } $1 == "LH" { hit += $2 } END { print found " " hit }' one.info)"
hit_lines one.info >one.lines
sql "SELECT file || ':' || line FROM trial_line_named WHERE platform = 'a' AND workload = 'w'
	AND trial = 1 AND count > 0" >one.sql
same "the lines of a trial" one.sql one.lines
"$covdb" export --trial a/idle -o idle.info 2>/dev/null
hit_lines idle.info >idle.lines
sql "SELECT file || ':' || line FROM trial_line_named WHERE workload = 'idle' AND count > 0" >idle.sql
same "the lines of a baseline" idle.sql idle.lines

# Two trials are one of summed counters: as if the programs had run that often.
rm tree/*.gcda
for program in jumps loops macros parts parts loops loops macros; do (cd tree && "./$program" >/dev/null); done
"$covdb" decode tree --notes tree 2>/dev/null | sort >summed.tsv
"$covdb" export --trial a/w 2>/dev/null | awk -F'[:,]' -v root="$folder/tree/" -v OFS='\t' '
	$1 == "SF" { file = substr($0, 4 + length(root)) }
	$1 == "DA" { print file, $2, $3 }' | sort >summed.got
same "the sum of trials" summed.tsv summed.got

"$covdb" export --footprint a/w -o footprint.info 2>/dev/null
hit_lines footprint.info >footprint.lines
sql "SELECT file || ':' || line FROM footprint_line_named WHERE platform = 'a'" >footprint.sql
same "the lines of a footprint" footprint.sql footprint.lines
check "the footprint is less than the trials" yes \
	"$([ "$(wc -l <footprint.lines)" -lt "$(awk '$3 > 0' summed.tsv | wc -l)" ] && echo yes)"
"$covdb" export --footprint a 2>/dev/null | cmp - footprint.info || check "all workloads of one" same different
for region in a b a,b; do
	"$covdb" export --region "$region/w" -o region.info 2>/dev/null
	hit_lines region.info >region.lines
	in_a=$(echo "$region" | grep -c a || true)
	in_b=$(echo "$region" | grep -c b || true)
	sql "SELECT line FROM (SELECT file || ':' || line AS line, sum(platform = 'a') AS a,
		sum(platform = 'b') AS b FROM footprint_line_named GROUP BY 1)
		WHERE a = $in_a AND b = $in_b" >region.sql
	same "the lines of region $region" region.sql region.lines
done
for set in 'a & b' 'a | b' 'a - b' 'b - a' 'a ^ b'; do
	"$covdb" export --set "$set/w" -o set.info 2>/dev/null
	hit_lines set.info >set.lines
	case $set in
	*'&'*) condition='a AND b' ;;
	*'|'*) condition='a OR b' ;;
	'a -'*) condition='a AND NOT b' ;;
	'b -'*) condition='b AND NOT a' ;;
	*) condition='a <> b' ;;
	esac
	sql "SELECT line FROM (SELECT file || ':' || line AS line, sum(platform = 'a') AS a,
		sum(platform = 'b') AS b FROM footprint_line_named GROUP BY 1) WHERE $condition" >set.sql
	same "the lines of $set" set.sql set.lines
done
"$covdb" export --set 'a & b' 2>/dev/null | cmp - region.info || check "a & b of two is the region a,b" same different
check "counts of a region are summed over its platforms" \
	"$(sql "SELECT sum(count) FROM trial_line_named t WHERE kind = 'workload' AND
		(SELECT count(*) FROM footprint_line_named f WHERE (f.file, f.line) = (t.file, t.line)) = 2")" \
	"$(awk -F'[:,]' '$1 == "DA" { sum += $3 } END { print sum }' region.info)"
check "--dir restricts" "SF:$folder/tree/loops.c" \
	"$("$covdb" export --trial a/w/1 --dir loops.c 2>/dev/null | grep '^SF')"
for jobs in 1 3; do
	COVDB_JOBS=$jobs "$covdb" export --trial a/w/1 2>/dev/null | cmp - one.info || check "threads" same different
done

# What is refused, and how.
refused 2 'one of --trial, --footprint, --region and --set' "$covdb" export
refused 2 'one of --trial, --footprint, --region and --set' "$covdb" export --trial a/w --region a
refused 2 "not 'a'" "$covdb" export --trial a
refused 2 "not 'a/w/0'" "$covdb" export --trial a/w/0
refused 2 "not 'a/w/x'" "$covdb" export --trial a/w/x
refused 1 'no good trial 3 of w on a' "$covdb" export --trial a/w/3
refused 1 'no good trial of x on a, only a/idle, a/w, b/w' "$covdb" export --trial a/x
refused 1 "no platform 'c', only a, b" "$covdb" export --region a,c
refused 1 'there is no workload x' "$covdb" export --footprint a/x
refused 2 'one platform' "$covdb" export --footprint a,b
refused 1 'column 5 of the expression: there is no platform .c.' "$covdb" export --set 'a - c'
refused 1 'directory or file nowhere' "$covdb" export --trial a/w --dir nowhere
refused 1 'cannot create' "$covdb" export --trial a/w -o nowhere/x
