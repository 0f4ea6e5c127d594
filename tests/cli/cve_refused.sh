#!/bin/sh
# cve_refused.sh COVDB SOURCE_DIR - a record that cannot be used is one line that says why, and what was there stays.
set -eu
# shellcheck source=tests/cli/lib.sh
. "$2/tests/cli/lib.sh"
need gcc python3 sqlite3
# shellcheck source=tests/cli/cve_fixture.sh
. "$source/tests/cli/cve_fixture.sh"

"$covdb" kernel add --notes tree --name k >/dev/null 2>&1
records vulns <<'END'
CVE-2024-0001|net/packet.c|packet: fix packet_receive() of what is short|7.5|U+0-4.1 U+6.8-*|4.1>6.1.84 4.1>6.8
CVE-2024-0002|net/packet.c|packet: packet_drop reads too far|9.8|U+0-4.1 U+6.8-*|4.1>6.8
END
check "added" "2 records added" "$("$covdb" cve add vulns 2>&1)"
sqlite3 "$COVDB" .dump >before
cp -r vulns whole

# broken PATTERN: the first record is as it should not be, the second is.
broken() {
	status=0
	"$covdb" cve add vulns >said 2>err || status=$?
	check "$1" "1|1 records added, 1 not added|1" "$status|$(cat said)|$(wc -l <err)"
	expect err "$1.*; not added\$"
	check "$1: the former one stays" "packet: fix packet_receive() of what is " \
		"$(sqlite3 "$COVDB" "SELECT title FROM cve WHERE name = 'CVE-2024-0001'")"
	rm -rf vulns && cp -r whole vulns
}
record=vulns/2024/CVE-2024-0001.json
for size in 0 1 40 200; do
	head -c "$size" whole/2024/CVE-2024-0001.json >$record
	broken "$record:1: not JSON"
done
printf '\377' >$record && broken "$record:1: not JSON"
echo '[]' >$record && broken "$record: not a CVE record: no cveMetadata.cveId"
echo '{"bomFormat": "CycloneDX"}' >$record && broken "$record: not a CVE record: no cveMetadata.cveId"
echo '{"cveMetadata": {"cveId": "CVE-1; DROP"}}' >$record && broken "$record: not a CVE record: no cveMetadata.cveId"
echo '{"cveMetadata": {"cveId": "CVE-2024-0001"}}' >$record && broken "$record: not a CVE record of the kernel: no containers.cna.affected"
python3 - <<'END'
depth = 100000
open("vulns/2024/CVE-2024-0001.json", "w").write("[" * depth + "]" * depth)
END
broken "$record:1: not JSON"
change() { python3 -c "
import json
record = json.load(open('$record'))
affected = record['containers']['cna']['affected'][1]
$1
json.dump(record, open('$record', 'w'))"; }
change "affected['versions'][0]['version'] = 'next'" && broken "$record: affected\[1\] has a version that is none"
change "affected['versions'][0]['lessThan'] = '6.1000'" && broken "$record: affected\[1\] has a version that is none"
change "affected['programFiles'] = [7]" && broken "$record: affected\[1\].programFiles\[0\] is no text"
for line in 4.1 4.1:0 "4.1:$(printf %040d 1):6.8:12" "next:$(printf %040d 1):6.8:$(printf %040d 2)" \
	"4.1:$(printf %040d 1):6.8:0" "4.1:$(printf %040d 1):0:$(printf %040d 2)" "4.1:0:6.8:$(printf %040d 2)"; do
	printf '# pairs\n%s\n' "$line" >vulns/2024/CVE-2024-0001.dyad
	broken "vulns/2024/CVE-2024-0001.dyad:2: not VERSION:COMMIT:VERSION:COMMIT"
done
rm $record && mkfifo $record && broken "$record"

# What the system does not give: it may tomorrow, so nothing is taken.
rm $record && ln -s nowhere $record
sqlite3 "$COVDB" .dump >before
refused 1 "cannot open $record: No such file" "$covdb" cve add vulns
sqlite3 "$COVDB" .dump | cmp - before || fail "a record that cannot be read changes the database"
rm -rf vulns && cp -r whole vulns

# What is no archive changes nothing.
"$covdb" cve add vulns >/dev/null
sqlite3 "$COVDB" .dump | sed 's/^INSERT INTO cve.*VALUES([0-9]*,/&/' >after
mkdir empty other && echo '{}' >other/package.json
refused 1 'empty: no .json file in it' "$covdb" cve add empty
refused 1 'other: no CVE-\*.json in it' "$covdb" cve add other
refused 1 'cannot open missing: No such file' "$covdb" cve add missing
refused 1 'package.json: not a folder' "$covdb" cve add other/package.json
refused 1 'there is no database other.sqlite' "$covdb" cve add --db other.sqlite vulns
sqlite3 "$COVDB" .dump | cmp - after || fail "what is refused changes the database"

# A kernel without a version has to be told one; one without footprints says so.
refused 1 "there are no footprints, since no good trial was imported" "$covdb" cve
