#!/bin/sh
# check_config.sh COVDB SOURCE_DIR - covdb kernel check-config tells which options of kernel-config/ a
# configuration lacks, in three formats, plain or compressed.
set -eu
# shellcheck source=tests/cli/lib.sh
. "$2/tests/cli/lib.sh"
need python3

# All that is asked for, as the fragments say it, for a kernel of 6.1; and the same without two options of each degree.
cat "$source/kernel-config/gcov.config" "$source/kernel-config/platforms.config" >all
{
	echo '# Linux/x86 6.1.100 Kernel Configuration'
	grep -E '^CONFIG_|^# CONFIG_.* is not set' all
} >fit.config
"$covdb" kernel check-config fit.config >said || fail "what the fragments ask for is not enough"
expect said '^fit.config: 0 required and 0 advised options are missing, of [1-9][0-9]+$'
check "nothing else is said" 1 "$(wc -l <said)"

echo CONFIG_64BIT=y >empty.config
status=0
"$covdb" kernel check-config empty.config --format json >empty.json || status=$?
check "a configuration with nothing of it" 1 "$status"
grep -v '^CONFIG_GCOV_KERNEL=' fit.config >poor.config
echo '# CONFIG_OVERLAY_FS is not set' >>poor.config
sed -i '/^CONFIG_OVERLAY_FS=/d; s/^CONFIG_DEBUG_FS=y/CONFIG_DEBUG_FS=m/' poor.config
for format in text json csv; do
	status=0
	"$covdb" kernel check-config poor.config --format $format >"poor.$format" || status=$?
	check "status with --format $format" 1 "$status"
done
cat >compare.py <<'END'
import csv, json, re

poor, empty = json.load(open("poor.json")), json.load(open("empty.json"))
assert poor["file"] == "poor.config" and poor["checked"] == empty["checked"] > 30
for answer in (poor, empty):
    required = [m for m in answer["missing"] if m["required"]]
    assert len(required) == answer["required_missing"] and len(answer["missing"]) == len(required) + answer["advised_missing"]
    assert answer["missing"][:len(required)] == required, "required ones come first"
    assert all(m["fragment"] in ("gcov.config", "platforms.config") and m["reason"] for m in answer["missing"])
# What has to be off is off there; all else is missing.
assert empty["required_missing"] > 10 and all(m["found"] is None and m["wanted"] for m in empty["missing"])
missing = {m["option"]: m for m in poor["missing"]}
assert set(missing) == {"CONFIG_GCOV_KERNEL", "CONFIG_OVERLAY_FS", "CONFIG_DEBUG_FS"}, set(missing)
assert missing["CONFIG_GCOV_KERNEL"]["found"] is None and missing["CONFIG_GCOV_KERNEL"]["wanted"] == "y"
assert missing["CONFIG_DEBUG_FS"]["found"] == "m", "a module does not do for counting"
rows = list(csv.DictReader(open("poor.csv")))
assert [(r["option"], r["wanted"], r["found"], r["degree"], r["fragment"], r["reason"]) for r in rows] == [
    (m["option"], m["wanted"] or "not set", m["found"] or "not set", "required" if m["required"] else "advised",
     m["fragment"], m["reason"]) for m in poor["missing"]]
lines = open("poor.text").read().splitlines()
assert lines.pop() == (f"poor.config: {poor['required_missing']} required and {poor['advised_missing']} advised options"
                       f" are missing, of {poor['checked']}")
found = [re.match(r"(required|advised) +(CONFIG_\w+)=\S+ +(.*) \(here: (.*)\)$", line).groups() for line in lines]
assert found == [("required" if m["required"] else "advised", m["option"], m["reason"], m["found"] or "not set")
                 for m in poor["missing"]], found
END
python3 compare.py || fail "the formats, or what they say"

# As /proc/config.gz has it.
gzip -k poor.config
status=0
"$covdb" kernel check-config poor.config.gz >said || status=$?
check "compressed" "1 $(sed '$d' poor.text)" "$status $(sed '$d' said)"
refused 1 'nowhere.config' "$covdb" kernel check-config nowhere.config
head -c 100 poor.config.gz >cut.gz
refused 1 'cut.gz' "$covdb" kernel check-config cut.gz
refused 2 "takes one of text, json, csv, not 'svg'" "$covdb" kernel check-config --format svg fit.config
status=0
"$covdb" kernel check-config 2>err || status=$?
check "without a file" 2 "$status"
expect err 'missing operand: FILE'
refused 1 'is not a kernel configuration' "$covdb" kernel check-config compare.py
