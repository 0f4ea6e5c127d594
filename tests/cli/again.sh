#!/bin/sh
# again.sh COVDB SOURCE_DIR - trials that come one by one leave the footprints that all at once do, and what they have
# no part in is not made again.
set -eu
# shellcheck source=tests/cli/lib.sh
. "$2/tests/cli/lib.sh"
need gcc python3 sqlite3
python3 - "$source" <<'END'
import json, sys
from pathlib import Path
sys.path.insert(0, sys.argv[1] + "/tests/faults")
import study

study.compile_tree("kernel", ["-O1"])
TRIALS = (
    ("host", None, 2, {"baseline": "idle", "kind": "idle"}),
    ("host", None, 1, {"baseline": "observer", "kind": "observer"}),
    ("gvisor", None, 1, {"baseline": "calm", "kind": "idle"}),
    ("runc", "w", 5, {"groups": ["some"]}),
    ("gvisor", "w", 7, {"groups": ["some"]}),
    ("gvisor", "v", 3, {}),
    # These come one by one: another of a group, of a new platform, baselines, and a group that there was not.
    ("gvisor", "w", 9, {"groups": ["some"]}),
    ("microvm", "w", 3, {"groups": ["some"]}),
    ("gvisor", "v", 2, {"groups": ["some", "new"]}),
    ("gvisor", None, 2, {"baseline": "calm", "kind": "idle"}),
    ("host", None, 3, {"baseline": "idle", "kind": "idle"}),
    ("host", None, 1, {"baseline": "observer", "kind": "observer"}),
    ("runc", "p", 4, {"phase": "steady"}),
)
for start, (platform, workload, runs, more) in enumerate(TRIALS):
    for folder in "all", "few" if start < 6 else f"more{start}":
        study.write_trial(".", folder, platform, workload, start, runs, **more)
        manifest = next(Path(folder, "trials").glob(f"*-{start}.json"))
        about = json.loads(manifest.read_text()) | {"started_at": f"2026-01-01T00:{start:02}:00Z"}
        manifest.write_text(json.dumps(about))
END

# What is known of footprints, by names.
content() { # content DATABASE
	whose="footprint f JOIN analysis a USING (analysis_id) JOIN platform p USING (platform_id)
		LEFT JOIN workload w ON w.workload_id = f.workload_id"
	for query in "a.scale, a.is_current, f.trials, f.duration_ns, f.found, f.hit, f.removed, f.kept, f.objects_left_out,
			f.trials_observed, f.functions_below, f.baseline_share, hex(f.found_lines) FROM $whose" \
		"1, line_id, count, ratio FROM $whose JOIN footprint_line USING (footprint_id)" \
		"2, line_id, count, ratio FROM $whose JOIN footprint_removed USING (footprint_id)" \
		"3, function_id, calls, baseline_calls FROM $whose JOIN footprint_function USING (footprint_id)" \
		"4, object_id, hex(counters) FROM $whose JOIN footprint_object USING (footprint_id)" \
		"d.path, lines_any, lines_most, lines_all, jaccard, chao2 FROM $whose JOIN agreement USING (footprint_id)
			JOIN directory d USING (directory_id)"; do
		sqlite3 "$1" "SELECT a.rule, a.baseline, p.name, w.name, $query"
	done | sort
	sqlite3 "$1" "SELECT a.rule, a.baseline, d.path, ifnull(w.name, workload_id), mask, lines FROM region
		JOIN analysis a USING (analysis_id) JOIN directory d USING (directory_id)
		LEFT JOIN workload w USING (workload_id) ORDER BY 1, 2, 3, 4, 5"
}
same() { # same WHAT DATABASE DATABASE
	content "$2" >one
	content "$3" >other
	[ "$(wc -l <one)" -gt 80 ] || fail "$1: only $(wc -l <one) rows"
	cmp -s one other || {
		fail "$1"
		diff one other | head -n 6
	}
}
# The footprints against the idle host that are not marked; * unites all workloads.
names() {
	sqlite3 marked.sqlite "SELECT p.name || '/' || ifnull(w.name, '*') FROM footprint f JOIN analysis USING (analysis_id)
		JOIN platform p USING (platform_id) LEFT JOIN workload w ON w.workload_id = f.workload_id
		WHERE baseline = 'host/idle' AND rule = 'rate' AND removed <> 99 ORDER BY 1" | xargs
}
unused() { # patterns of tiles that no trial and no footprint has
	for which in line function; do
		sqlite3 db.sqlite "SELECT tile, pattern FROM ${which}_pattern EXCEPT SELECT tile, pattern FROM trial_${which}_tile
			EXCEPT SELECT tile, pattern FROM footprint_${which}_tile"
	done | wc -l
}
made() { # made WHAT EXPECTED COMMAND...: these footprints are made again by a command, and no others
	made_what=$1
	made_expected=$2
	shift 2
	cp db.sqlite marked.sqlite
	sqlite3 marked.sqlite 'UPDATE footprint SET removed = 99'
	COVDB=marked.sqlite "$covdb" "$@" >/dev/null 2>&1 || fail "made again by $made_what: $*"
	check "made again by $made_what" "$made_expected" "$(names)"
	# As one that a footprint had which is made again.
	sqlite3 db.sqlite "INSERT OR REPLACE INTO line_pattern VALUES (1, 0, 999, 1, '!')"
	"$covdb" "$@" >/dev/null 2>&1 || fail "$made_what"
	case $made_what in # what makes most footprints of an analysis again
	"a platform's idle trial" | "a baseline" | "an observer" | *version*)
		check "patterns that are left behind by $made_what" 0 "$(unused)"
		;;
	*)
		check "patterns that are not looked for by $made_what" 1 "$(sqlite3 db.sqlite 'SELECT count(*) FROM line_pattern WHERE pattern = 999')"
		;;
	esac
}

"$covdb" kernel add --notes kernel --name k --build-id abc >/dev/null
cp db.sqlite once.sqlite
COVDB=once.sqlite "$covdb" import all >/dev/null 2>&1
COVDB=once.sqlite "$covdb" diff --baseline own >/dev/null 2>&1
"$covdb" import few >/dev/null 2>&1
"$covdb" diff --baseline own >/dev/null 2>&1

made "nothing" "" diff --baseline host/idle
made "one more" "gvisor/* gvisor/some gvisor/w" import more6
made "one of a new platform" "microvm/* microvm/some microvm/w" import more7
# Of a group with another member, all that it unites changes.
made "a member of a group" "gvisor/* gvisor/new gvisor/some gvisor/v microvm/some runc/some" import more8
made "a platform's idle trial" "gvisor/calm" import more9
all="gvisor/* gvisor/calm gvisor/new gvisor/some gvisor/v gvisor/w host/observer microvm/* microvm/some microvm/w \
runc/* runc/some runc/w"
made "a baseline" "$all" import more10
made "an observer" "$all" import more11
made "a phase" "runc/p" import more12
same "one by one" once.sqlite db.sqlite

# What is asked for becomes the newest, and leaves nothing unused behind.
patterns() { sqlite3 db.sqlite 'SELECT count(*) FROM line_pattern; SELECT count(*) FROM function_pattern' | xargs; }
count=$(patterns)
for _ in 1 2; do
	"$covdb" diff --baseline own >/dev/null 2>&1
	"$covdb" diff --baseline host/idle --format csv >newest 2>/dev/null
done
check "no pattern is new" "$count" "$(patterns)"
check "the newest" "host/idle" "$(sqlite3 db.sqlite 'SELECT baseline FROM analysis ORDER BY analysis_id DESC LIMIT 1')"
COVDB=once.sqlite "$covdb" diff --baseline host/idle --format csv 2>/dev/null | cmp -s - newest || fail "what diff prints"
same "the newest" once.sqlite db.sqlite
check "references" ok "$(sqlite3 db.sqlite 'PRAGMA integrity_check; PRAGMA foreign_key_check')"

# Footprints of another version of covdb do not hold, nor do those by another rate.
all="$all runc/p"
sqlite3 db.sqlite "UPDATE analysis SET covdb_version = '0'"
made "another version" "$(echo "$all" | tr ' ' '\n' | LC_ALL=C sort | xargs)" diff --baseline host/idle
made "a version that is known" "" diff --baseline own
for rate in 0.1 0.9; do "$covdb" diff --rule poisson --baseline host/idle --fdr $rate >/dev/null 2>&1; done
COVDB=once.sqlite "$covdb" diff --rule poisson --baseline host/idle --fdr 0.9 >/dev/null 2>&1
same "another rate" once.sqlite db.sqlite

# Where trials go, what they had no part in stays, and it is as if they had never come.
check "removed" "3 trials removed" "$("$covdb" trial remove microvm/w/1 gvisor/w/2 runc/p/1 2>/dev/null)"
check "what stays" "gvisor/calm gvisor/new gvisor/v host/observer runc/* runc/some runc/w" "$(cp db.sqlite marked.sqlite && names)"
"$covdb" diff --baseline host/idle >/dev/null 2>&1
rm all/trials/microvm-w-7.* all/trials/gvisor-w-6.* all/trials/runc-p-12.*
rm once.sqlite
COVDB=once.sqlite "$covdb" kernel add --notes kernel --name k --build-id abc >/dev/null
COVDB=once.sqlite "$covdb" import all >/dev/null 2>&1
for database in db.sqlite once.sqlite; do sqlite3 $database "DELETE FROM analysis WHERE baseline = 'own' OR rule = 'poisson'"; done
same "removed" once.sqlite db.sqlite
