#!/bin/sh
# profile_import.sh COVDB SOURCE_DIR - profiles in the database: they are no trials, and broken ones are refused.
set -eu
# shellcheck source=tests/cli/lib.sh
. "$2/tests/cli/lib.sh"
need gcc python3 zstd sqlite3
# shellcheck source=tests/cli/profile_fixture.sh
. "$source/tests/cli/profile_fixture.sh"

"$covdb" summary >before
"$covdb" trial list >trials
check "imported" "0 trials imported, 2 profiles" "$("$covdb" import profiles 2>err)"
expect err '^host write profile: ok; 100 samples, 6 stacks$'
check "again" "0 trials imported, 2 known before" "$("$covdb" import profiles 2>&1)"
tar -cf profiles.tar profiles
check "from an archive" "0 trials imported, 2 known before" "$("$covdb" import profiles.tar 2>&1)"
check "rows" "host|write|100|0 runc|write|100|1" \
	"$(sqlite3 "$COVDB" "SELECT platform, workload, samples, is_emulated FROM profile ORDER BY 1" | xargs)"
check "samples of the rows" 200 "$(sqlite3 "$COVDB" "SELECT sum(samples) FROM profile_stack")"
"$covdb" summary | cmp - before || fail "profiles change the footprints"
"$covdb" trial list | cmp - trials || fail "profiles are trials"

# By name they are listed and removed, their stacks with them; all that are named or none.
check "listed" "host/write/1,2.0,997,100,0,false runc/write/1,2.0,997,100,0,true" \
	"$("$covdb" profile list --format csv | sed 1d | cut -d, -f1,2,5-8 | sed 's/,2\(\.0*\)\{0,1\},/,2.0,/' | xargs)"
COLUMNS=70 "$covdb" profile list >said
expect said 'EMULATED$' "times are marked as emulated in a narrow terminal"
"$covdb" profile list >said
expect said '^host/write/1 '
refused 1 "kernel k has no profile host/write/7; 'covdb profile list' names" "$covdb" profile remove host/write/1 host/write/7
check "none is gone" 2 "$(sqlite3 "$COVDB" "SELECT count(*) FROM profile")"
check "one is removed" "1 profile removed" "$("$covdb" profile remove host/write/1 host/write/1)"
check "its stacks too" 1 "$(sqlite3 "$COVDB" "SELECT count(DISTINCT profile_id) FROM profile_stack")"
check "and comes again" "0 trials imported, 1 profile, 1 known before" "$("$covdb" import profiles 2>/dev/null)"
"$covdb" summary | cmp - before || fail "a profile that goes changes the footprints"
# Another of the same platform and workload, from another folder, has the next number.
cp -r profiles another
sed -i 's/"started_at": "2026-11-27T10:00:00Z"/"started_at": "2026-11-28T10:00:00Z"/' another/trials/*.json
check "another folder" "0 trials imported, 2 profiles" "$("$covdb" import another 2>/dev/null)"
check "numbers" "host/write/1 host/write/2 runc/write/1 runc/write/2" "$("$covdb" profile list --format csv | sed 1d | cut -d, -f1 | sort | xargs)"
check "both go" "2 profiles removed" "$("$covdb" profile remove host/write/2 runc/write/2)"

# What is broken is refused, with its place; the other one is imported.
broken() { # broken PATTERN [PATTERN-IN-AN-ARCHIVE]
	rm -f other.sqlite
	cp "$COVDB" other.sqlite
	sqlite3 other.sqlite "DELETE FROM profile_stack; DELETE FROM profile"
	status=0
	"$covdb" import --db other.sqlite profiles >said 2>err || status=$?
	check "$1" "1|0 trials imported, 1 profile, 1 not imported" "$status|$(cat said)"
	expect err "not imported: $1"
	tar -cf profiles.tar profiles
	sqlite3 other.sqlite "DELETE FROM profile_stack; DELETE FROM profile"
	status=0
	"$covdb" import --db other.sqlite profiles.tar >said 2>err || status=$?
	check "$1, in an archive" "1|0 trials imported, 1 profile, 1 not imported" "$status|$(cat said)"
	expect err "not imported: profiles.tar:${2:-$1}"
}
# From a file, so that its length is in it.
pack() { cat >packed && zstd -qf packed -o profiles/trials/host-write-1.folded.zst; }
cp -r profiles whole
for content in 'a;b' 'a;b 0' 'a;b -1' 'a;b 1x' ' 5' 'a;b 99999999999'; do
	printf 'sh;x 5\n%s\n' "$content" | pack
	broken 'profiles/trials/host-write-1.folded.zst:2: not a folded stack'
done
printf 'a 5\na 5\n' | pack
broken 'profiles/trials/host-write-1.folded.zst: a stack is in it twice: a'
printf 'a 5\n' | pack
broken 'profiles/trials/host-write-1.folded.zst: 5 samples, its manifest says 100'
echo nonsense >profiles/trials/host-write-1.folded.zst
broken 'profiles/trials/host-write-1.folded.zst: damaged, or not compressed with zstd'
rm profiles/trials/host-write-1.folded.zst
broken 'cannot open profiles/trials/host-write-1.folded.zst: No such file' 'profiles/trials/host-write-1.folded.zst: no such member'

# One that failed is said, and not kept.
rm -r profiles && mv whole profiles
python3 - <<'END'
import json
path = "profiles/trials/host-write-1.json"
trial = json.load(open(path))
trial.update(status="failed", failure="exit status 3", profile=None)
json.dump(trial, open(path, "w"))
END
sqlite3 "$COVDB" "PRAGMA foreign_keys = ON; DELETE FROM profile"
check "stacks go with their profile" 0 "$(sqlite3 "$COVDB" "SELECT count(*) FROM profile_stack")"
check "one failed" "0 trials imported, 1 profile" "$("$covdb" import profiles 2>err)"
expect err '^host write profile: failed, exit status 3; passed over$'

# They go with their kernel.
for trial in host/write/1 runc/write/1 host/idle/1; do "$covdb" trial remove "$trial" >/dev/null 2>&1; done
"$covdb" kernel remove k >/dev/null 2>&1 || fail "the kernel is not removed"
check "no profile is left" 0 "$(sqlite3 "$COVDB" "SELECT count(*) FROM profile")"
