#!/bin/sh
# study.sh COVDB SOURCE_DIR RESULTS - the whole study in the lab: four platforms, every workload, five
# trials, two of them with phases. Each trial is ok, and the paper's ordinal findings hold as far as emulation lets them.
set -eu
# shellcheck source=tests/lab/lib.sh
. "$2/tests/lab/lib.sh"
folder=$results-study
rm -rf "$folder"
tree=$("$covdb" lab build | sed -n 's/^KERNEL_TREE=//p')
"$covdb" lab run "$source/workloads/lab.yaml" -o "$folder"
COVDB=$folder/covdb.sqlite
"$covdb" kernel add --notes "$tree" >/dev/null
"$covdb" import "$folder" 2>/dev/null
"$covdb" diff --baseline host/idle
"$covdb" summary
for directory in . virt fs/overlayfs net; do
	"$covdb" venn --dir "$directory" --format json --platforms host,runc,gvisor,microvm
done >"$folder/venn.json"
python3 - "$folder/venn.json" "$folder/trials" <<'END'
import glob, json, sys

decoder, text, lines = json.JSONDecoder(), open(sys.argv[1]).read(), {}
while text.strip():
    answer, end = decoder.raw_decode(text.lstrip())
    text = text.lstrip()[end:]
    lines[answer["dir"].rstrip("/") or "."] = answer["totals"]
trials = [json.load(open(name)) for name in glob.glob(sys.argv[2] + "/*.json")]
failed = [(t["trial"], t["failure"]) for t in trials if t["status"] != "ok"]
assert len(trials) == 4 * 7 * 5 + 3 * 10 + 3 * 5 and not failed, failed
ways = [(t["capture"]["way"], t["capture"]["within"]) for t in trials]
assert ways.count(("reset", 3)) == 4 * 7 * 2 and ways.count(("difference", 0)) == 10, "two of each have phases"
phases = [json.load(open(name)) for name in glob.glob(sys.argv[2] + "/../phases/trials/*.json")]
assert len(phases) == 4 * 7 * 2 * 3
assert all(lines["."][name] > lines["."]["host"] for name in ("runc", "gvisor", "microvm"))
assert lines["virt"]["microvm"] > 500 and lines["virt"]["runc"] == lines["virt"]["gvisor"] == 0
overlay = lines["fs/overlayfs"]
assert overlay["microvm"] == 0 and min(overlay["runc"], overlay["gvisor"]) > 100
END
