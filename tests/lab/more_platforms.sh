#!/bin/sh
# more_platforms.sh COVDB SOURCE_DIR RESULTS - every platform of more-platforms.yaml that is installed here runs in the lab, and
# the others are skipped.
set -eu
# shellcheck source=tests/lab/lib.sh
. "$2/tests/lab/lib.sh"
need python3
"$covdb" lab build >/dev/null
"$covdb" lab run "$source/workloads/more-platforms.yaml" -o out 2>err || {
	fail "the run"
	cat err
}
python3 - out/trials "$source/workloads/more-platforms.yaml" err <<'END'
import glob, json, re, sys

trials = [json.load(open(name)) for name in glob.glob(sys.argv[1] + "/*.json")]
ran = {t["trial"]["platform"] for t in trials if t["trial"]["workload"] and t["status"] == "ok"}
listed = set(re.findall(r"^  - name: (\S+)", open(sys.argv[2]).read().split("platforms:")[1].split("workloads:")[0], re.M))
skipped = set(re.findall(r"^skipped: platform (\S+): there is no program ", open(sys.argv[3]).read(), re.M))
print("ran:", *sorted(ran))
print("skipped:", *sorted(skipped))
assert ran | skipped == listed and not ran & skipped, listed
assert {"host", "namespaces", "runc", "crun"} <= ran
END
