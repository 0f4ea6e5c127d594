#!/bin/sh
# profile.sh COVDB SOURCE_DIR - what covdb profile prints: trees in each format, two platforms, and functions that
# counters deny.
set -eu
# shellcheck source=tests/cli/lib.sh
. "$2/tests/cli/lib.sh"
need gcc python3 zstd sqlite3
# shellcheck source=tests/cli/profile_fixture.sh
. "$source/tests/cli/profile_fixture.sh"
refused 1 "kernel k has no profiles: 'profiles: 1' in an experiment makes them" "$covdb" profile
"$covdb" import profiles >/dev/null 2>&1

# Text: a tree, with shares of what is below the function.
"$covdb" profile -f ksys_write -p host >text 2>err
check "nothing to be said" "" "$(cat err)"
expect text '^host: 80 of 100 samples in ksys_write; too few to tell shares apart$'
expect text '^100\.00 % +95\.4[0-9] % +100\.00 % +80 ksys_write$'
expect text '^ 87\.50 % .* 70   vfs_write$'
expect text '^ 12\.50 % .* 10     never_called\.part\.0$'
"$covdb" profile -p host >all
expect all '^host: 95 of 100 samples in processes but perf' "perf's own are in no tree"
expect all ' 10   main \(program\)$'
"$covdb" profile -f ksys_write -p runc >text 2>err
expect err '^sampled on an emulated processor' "emulated"
expect text '^runc, emulated: 100 of 100 samples in ksys_write$'

# Each format says that it is emulated, and has the same samples.
for format in folded speedscope svg json; do
	"$covdb" profile -f vfs_write,sock_write_iter -p host --versus runc --format "$format" >"out.$format" 2>/dev/null
done
check "folded" '[emulated processor];sock_write_iter_[k] 0 30|[emulated processor];vfs_write_[k] 60 60|[emulated processor];vfs_write_[k];never_called.part.0_[k] 10 0' \
	"$(sort out.folded | paste -sd '|')"
check "folded of one" 'vfs_write_[k] 60|vfs_write_[k];never_called.part.0_[k] 10' \
	"$("$covdb" profile -f vfs_write -p host --format folded | paste -sd '|')"
python3 - <<'END' || fail "formats"
import json, xml.dom.minidom
scope = json.load(open("out.speedscope"))
assert scope["$schema"] == "https://www.speedscope.app/file-format-schema.json"
names = [frame["name"] for frame in scope["shared"]["frames"]]
sides = [{";".join(names[i] for i in s): w for s, w in zip(p["samples"], p["weights"])} for p in scope["profiles"]]
assert sides == [{"vfs_write_[k]": 60, "vfs_write_[k];never_called.part.0_[k]": 10},
                 {"vfs_write_[k]": 60, "sock_write_iter_[k]": 30}], sides
assert [(p["type"], p["name"], p["unit"], p["startValue"], p["endValue"]) for p in scope["profiles"]] == [
    ("sampled", "host", "none", 0, 70), ("sampled", "runc, emulated", "none", 0, 90)]
out = json.load(open("out.json"))
assert out["emulated"] is True and out["too_few"] is True and out["rule"] is None, out
assert out["platforms"] == ["host", "runc"] and out["workloads"] == ["write"] and out["command"] == "profile"
assert [(p["platform"], p["frequency_hz"], p["samples"], p["emulated"]) for p in out["profiles"]] == [
    ("host", 997, 100, False), ("runc", 997, 100, True)]
assert [(r["depth"], r["function"], [s["samples"] for s in r["sides"]]) for r in out["rows"]] == [
    (1, "vfs_write", [70, 60]), (2, "never_called.part.0", [10, 0]), (1, "sock_write_iter", [0, 30])], out["rows"]
svg = xml.dom.minidom.parse("out.svg")
titles = [t.firstChild.data for t in svg.getElementsByTagName("title")]
assert any(t.startswith("vfs_write (kernel): 100.0 %") for t in titles), titles
assert "runc, emulated" in svg.getElementsByTagName("desc")[0].firstChild.data
END
for format in folded speedscope svg; do
	"$covdb" profile -p host --format "$format" >one
	"$covdb" profile -p host --format "$format" -o two >out
	check "$format: nothing besides the file" 0 "$(wc -c <out)"
	cmp one two || fail "-o writes another $format"
done
expect one 'class="user"' "a frame of a program"
for format in text json; do
	refused 2 'covdb profile: --output needs --format folded, speedscope or svg$' "$covdb" profile -p host --format "$format" -o out
done
expect one 'class="kernel"' "a frame of the kernel"

# Counters that deny what was sampled: the trials lasted 9 s, the profile 2 s, so ten samples cannot be chance.
status=0
"$covdb" profile --check >check.txt || status=$?
check "denied" 1 "$status"
expect check.txt '^host write: functions of the kernel: 2 counted, 2 not instrumented, 1 running since before the reset, 0 of perf.s events, 0 too rare to tell, 1 denied$'
expect check.txt '^runc write: functions of the kernel: 2 counted, 1 not instrumented, .* 1 denied$'
expect check.txt '^runc +write +sock_write_iter +main\.c +30$'
expect check.txt '^host +write +never_called +main\.c +10$'
status=0
"$covdb" profile --check --format json >check.json || status=$?
python3 - <<'END' || fail "the check as JSON"
import json
out = json.load(open("check.json"))
assert [c["denied"] for c in out["checked"]] == [1, 1], out["checked"]
assert {"platform": "host", "workload": "write", "function": "never_called", "file": "main.c", "samples": 10} in out["rows"], out["rows"]
END
sqlite3 "$COVDB" "UPDATE profile_stack SET samples = 2 WHERE stack LIKE '%never_called.part%'"
"$covdb" profile --check -p host >check.txt || fail "two samples deny nothing"
expect check.txt '^host write: .* 1 too rare to tell, 0 denied$'

# What cannot be asked.
refused 2 "several platforms have profiles, as host and runc: use --platform" "$covdb" profile
refused 1 "gvisor has no profile$" "$covdb" profile -p gvisor
refused 1 "host has no profile of cpu$" "$covdb" profile -p host -w cpu
refused 1 "host: no sample is in vfs_read$" "$covdb" profile -p host -f vfs_read
refused 2 "check goes with" "$covdb" profile --check --versus host
refused 1 "there is no such profile" "$covdb" profile --check -p gvisor
sqlite3 "$COVDB" "UPDATE profile_stack SET samples = -5"
refused 1 "db.sqlite: .*samples" "$covdb" profile -p host
