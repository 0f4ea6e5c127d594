#!/bin/sh
# cve.sh COVDB SOURCE_DIR - which records apply, what of them each platform executes, and what is never said.
set -eu
# shellcheck source=tests/cli/lib.sh
. "$2/tests/cli/lib.sh"
need gcc python3 sqlite3
# shellcheck source=tests/cli/cve_fixture.sh
. "$source/tests/cli/cve_fixture.sh"
sql() { sqlite3 "$COVDB" "$1" | xargs; }

"$covdb" kernel add --notes tree --name k >said 2>/dev/null
expect said '^5 objects were compiled'
trial host "" --baseline
trial host "r p"
trial runc "r d"
refused 1 "there are no CVE records: 'covdb cve add DIR' adds them" "$covdb" cve

records vulns/cve/published <<'END'
CVE-2024-0001|net/packet.c|packet: fix packet_receive() of what is short|7.5|U+0-4.1 U+6.1.84-6.1.* U+6.8-*|4.1>6.1.84 4.1>6.8
CVE-2024-0002|net/packet.c|packet: packet_drop reads too far|9.8|U+0-4.1 U+6.8-*|4.1>6.8
CVE-2024-0003|net/packet.c,net/other.c|packet: no function is named|5.5|U+0-4.1 U+6.8-*|4.1>6.8
CVE-2024-0004|mm/page.c|mm: page_alloc leaks||U+0-4.1 U+6.8-*|4.1>6.8
CVE-2024-0005|lib/copy.S|copy: copy_bytes copies too much|3.3|U+0-4.1 U+6.8-*|4.1>6.8
CVE-2024-0006|drivers/net/none.c|none: none_probe leaks|6.1|U+0-4.1 U+6.8-*|4.1>6.8
CVE-2024-0007|drivers/net/Kconfig|none: build it otherwise|6.1|U+0-4.1 U+6.8-*|4.1>6.8
CVE-2024-0008|net/packet.c|packet: packet_send, fixed before|6.1|U+0-4.1 U+6.1.20-6.1.* U+6.8-*|4.1>6.1.20 4.1>6.8
CVE-2024-0009|net/packet.c|packet: packet_send, later|6.1|U+0-6.5 U+6.8-*|6.5>6.8
CVE-2025-0010|net/packet.c|packet: packet_send, brought by a backport|6.1|A+6.1.40-6.1.90|6.1.40>6.1.90
CVE-2025-0011|net/packet.c|packet: packet_send, of commits alone|6.1|git|4.1>6.1.20 4.1>6.8 6.1.30>6.1.60 5.15.7>0
CVE-2025-0012|net/packet.c|packet: packet_send, of commits alone|6.1|git|4.1>6.1.84 4.1>6.8
CVE-2025-0013|net/packet.c|packet: packet_send, nothing is known of it|6.1|none|
CVE-2025-0014|include/net/packet.h|packet: packet_sizes() and packet_size|6.1|U+0-4.1 U+6.8-*|4.1>6.8
CVE-2025-0015|net/packet.c,mm/page.c|packet: packet_drop() after page_alloc()|8.1|U+0-4.1 U+6.8-*|4.1>6.8
CVE-2025-0016|include/linux/types.h|types: a macro|2.1|U+0-4.1 U+6.8-*|4.1>6.8
END
check "added" "16 records added" "$("$covdb" cve add vulns 2>&1)"
"$covdb" venn --format csv >regions

# As the versions say: 6.1.50 is the kernel's.
apply() { "$covdb" cve "$@" --format json | python3 -c '
import json, sys
print(*sorted(row["cve"][-4:] for row in json.load(sys.stdin)["rows"]))'; }
usual="0002 0003 0004 0005 0006 0007 0014 0015 0016"
sorted() { echo "$*" | tr ' ' '\n' | sort | xargs; }
check "6.1.50" "$(sorted "0001 0010 0011 0012 $usual")" "$(apply)"
check "6.1.84" "$(sorted "0010 $usual")" "$(apply --release 6.1.84)"
check "6.1.19" "$(sorted "0001 0008 0011 0012 $usual")" "$(apply --release 6.1.19)"
check "6.1.60, of a distribution" "$(sorted "0001 0010 0012 $usual")" "$(apply --release 6.1.60-1-amd64)"
check "6.6, between" "$(sorted "0001 0008 0009 0011 0012 $usual")" "$(apply --release 6.6.3)"
check "5.15.7" "$(sorted "0001 0008 0011 0012 $usual")" "$(apply --release 5.15.7)"
check "6.8" "" "$(apply --release 6.8)"
check "4.0" "" "$(apply --release 4.0.9)"
check "6.9-rc1" "" "$(apply --release 6.9-rc1)"
refused 2 "release takes a version as 6.1.192, not 'six'" "$covdb" cve --release six

# What is said of each: level, functions and states.
"$covdb" cve --format json >said.json
python3 - <<'END' || fail "states"
import json
whole = json.load(open("said.json"))
assert {"covdb", "command", "kernel", "rule", "baseline", "workloads", "platforms", "rows"} <= whole.keys()
assert whole["release"] == "6.1.50" and whole["apply"] == 13 and whole["records"] == 16 and whole["newest_fix"] == "6.1.90", whole
assert whole["compiled_known"] is True
rows = {row["cve"][-4:]: (row["match"], row["functions"], row["states"]["host"], row["states"]["runc"]) for row in whole["rows"]}
expected = {
    "0001": ("function", ["packet_receive"], "executed", "executed"),
    "0002": ("function", ["packet_drop"], "not observed", "executed"),
    "0003": ("file", [], "executed", "executed"),
    "0004": ("function", ["page_alloc"], "executed", "not observed"),
    "0005": (None, [], "not instrumented", "not instrumented"),
    "0006": (None, [], "not compiled", "not compiled"),
    "0007": (None, [], "unknown", "unknown"),
    "0010": ("function", ["packet_send"], "not observed", "not observed"),
    "0014": ("function", ["packet_size"], "not observed", "not observed"),
    "0015": ("function", ["packet_drop", "page_alloc"], "executed", "executed"),
    "0016": (None, [], "not instrumented", "not instrumented"),
}
for name, row in expected.items():
    assert rows[name] == row, (name, rows[name], row)
first = [row for row in whole["rows"] if "executed" in row["states"].values()]
assert whole["rows"][:len(first)] == first and [row["score"] for row in first] == [9.8, 8.1, 7.5, 5.5, None], first
assert [row["fixed_in"] for row in whole["rows"] if row["cve"] == "CVE-2024-0001"] == ["6.1.84"]
bound = whole["bounds"]["host"]
assert bound["trials"] == 1 and abs(bound["chance_missed"] - 0.95) < 1e-9 and bound["lines"] > 0, bound
END

# By a coarser level, and only what is as fine.
names() { python3 -c '
import csv, sys
print(*(row["cve"][-4:] + "=" + row["host"][:1] + row["runc"][:1] for row in csv.DictReader(sys.stdin)))'; }
check "level file" "0002=ee 0003=ee" "$("$covdb" cve --level file --format csv | names | tr ' ' '\n' | grep -E '^000[23]' | sort | xargs)"
check "level function leaves out" "" "$("$covdb" cve --level function --format csv | names | tr ' ' '\n' | grep '^0003' || :)"
"$covdb" cve --level function >said
expect said '^1 are left out: nothing that fine is known of them$'
expect said '^not instrumented +2 +2$'
expect said '^not compiled +1 +1$'
expect said '^unknown +1 +1$'
expect said '^13 of 16 records apply to 6.1.50; the newest fix of 6.1 that they know is in 6.1.90$'
expect said '^not observed is not unreachable:$'
expect said '^host: in 1 trials of each workload; what a trial executes with a chance of up to 95 % may be missing'
if grep -qi 'not affected\|unreachable\.\|safe' said; then fail "more is said than was seen"; fi

check "only" "0002=ne" "$("$covdb" cve --only runc --format csv | names)"
check "by directory" "0015=en 0004=en" "$("$covdb" cve --dir mm --format csv | names)"
check "regions" 'host+runc,3 host,1 runc,1' "$("$covdb" cve --regions --format csv | tail -n +2 | xargs)"
"$covdb" cve --regions --format json >said.json
python3 - <<'END' || fail "regions as JSON"
import json
rows = json.load(open("said.json"))["rows"]
assert sum(row["cves"] for row in rows) == 5 and all(len(row["names"]) == row["cves"] for row in rows)
assert {tuple(row["platforms"]): row["names"] for row in rows}[("runc",)] == ["CVE-2024-0002"]
END
refused 1 "no platform" "$covdb" cve --only other
check "one workload" "$("$covdb" cve --format csv | cksum)" "$("$covdb" cve --workload work --format csv | cksum)"
"$covdb" venn --format csv | cmp - regions || fail "records change the footprints"

# What a person reads is twenty rows; what a program reads is all, unless it asks for less.
for number in $(seq 100 130); do
	echo "CVE-2023-0$number|net/packet.c|packet: packet_send()|1|U+0-4.1 U+6.8-*|"
done | records many
cp "$COVDB" few.sqlite
"$covdb" cve add many >/dev/null
check "rows of CSV" 44 "$("$covdb" cve --format csv | tail -n +2 | wc -l)"
check "rows of CSV asked for" 2 "$("$covdb" cve --format csv --limit 2 | tail -n +2 | wc -l)"
"$covdb" cve >said
check "rows of text" 20 "$(grep -c '^CVE-' said)"
expect said '^24 more; --limit 0 shows all$'
mv few.sqlite "$COVDB"

# VEX: not affected is what is not compiled, and nothing else.
"$covdb" cve --vex >vex
python3 - <<'END' || fail "VEX"
import json
vex = json.load(open("vex"))
assert vex["bomFormat"] == "CycloneDX" and len(vex["vulnerabilities"]) == 13
for one in vex["vulnerabilities"]:
    if one["id"] == "CVE-2024-0006":
        assert one["analysis"]["state"] == "not_affected" and one["analysis"]["justification"] == "code_not_present", one
    else:
        assert one["analysis"] == {"state": "in_triage"}, one
    assert one["affects"] == [{"ref": vex["metadata"]["component"]["bom-ref"]}]
states = {one["id"]: {p["name"]: p["value"] for p in one["properties"]} for one in vex["vulnerabilities"]}
assert states["CVE-2024-0002"]["covdb:observed:host"] == "not observed", states
END

# A kernel of which it is not known what was compiled: said, and nothing is called not compiled.
find tree -name '.*.cmd' -delete
cp "$COVDB" known.sqlite
sqlite3 "$COVDB" "DELETE FROM compiled_file; DELETE FROM compiled_object"
"$covdb" cve >said
expect said '^which files were compiled without counters is unknown: '
expect said '^unknown +4 +4$'
expect said '^not compiled +0 +0$'
if "$covdb" cve --vex | grep -q not_affected; then fail "not affected, though nothing is known"; fi
mv known.sqlite "$COVDB"

# A record again takes the place of the one before; withdrawn ones go; the rest stays.
records again <<'END'
CVE-2024-0001|net/packet.c|packet: packet_drop() it is|1.5|U+0-4.1|4.1>0
END
check "again" "1 records added" "$("$covdb" cve add again 2>&1)"
check "as it is now" "packet_drop" "$("$covdb" cve --format json | python3 -c '
import json, sys
print(*[row["functions"][0] for row in json.load(sys.stdin)["rows"] if row["cve"] == "CVE-2024-0001"])')"
check "all others" 16 "$(sql "SELECT count(*) FROM cve")"
mkdir -p vulns/cve/rejected/2024
mv vulns/cve/published/2024/CVE-2024-0002.* vulns/cve/rejected/2024
python3 - <<'END'
import json
path = "vulns/cve/published/2025/CVE-2025-0013.json"
record = json.load(open(path))
record["cveMetadata"]["state"] = "REJECTED"
record["containers"]["cna"] = {"providerMetadata": {}, "rejectedReasons": []}
json.dump(record, open(path, "w"))
END
check "withdrawn" "14 records added, 2 withdrawn" "$("$covdb" cve add vulns 2>&1)"
check "they are gone, with all of theirs" "14 0" "$(sql "SELECT count(*) FROM cve;
	SELECT count(*) FROM cve_file WHERE cve_id NOT IN (SELECT cve_id FROM cve)")"
check "no dangling reference" "" "$(sql "PRAGMA foreign_key_check")"

# How many lines are executed at least is the number that summary has, rounded as there.
trial host "d"
trial host "d"
trial host ""
least=$("$covdb" summary --format csv | grep '^host,' | cut -d, -f5)
"$covdb" cve >said
check "a bound between two numbers" 1 "$(printf '%.0f\n' "$least" | awk -v least="$least" '{ print ($1 > least) }')"
expect said "^host: .*, at least $(printf '%.0f' "$least") are executed \(Chao2\)$" "the bound of $least"
# A line of a note goes on in the next only where it is full, whichever platform's it is.
COLUMNS=70 "$covdb" cve | sed '1,/^not observed is not unreachable:$/d' >notes
check "lines of notes that end early" "" "$(awk 'NR > 1 && !/^[a-z]+: in / && length(before) + 1 + length($1) <= 70 { print before }
	{ before = $0 }' notes)"
check "notes of platforms" "$("$covdb" cve --format json | python3 -c 'import json, sys; print(len(json.load(sys.stdin)["platforms"]))')" \
	"$(grep -c '^[a-z]*: in ' notes)"
