#!/bin/sh
# paper.sh COVDB SOURCE_DIR DATABASE - covdb paper on the recorded study: what is there, that it is what the named
# commands print, and what is missing.
set -eu
# shellcheck source=tests/recorded/lib.sh
. "$2/tests/recorded/lib.sh"
"$covdb" paper -o paper >said
expect said '^20 of 20 tables and figures have a value \(36 panels\); open paper/index.html$'
check "what is missing" "" "$(sed -n 's/: not measured: ..*//p' said | sort | xargs)"
COVDB_JOBS=1 "$covdb" paper -o again >/dev/null
diff -r paper again || fail "made again, by one thread, it differs"
for question in "conditional --workload paper" "annotate mm/mmap.c" "stability --dir net --workload stream" \
	"noise --baseline host/idle"; do
	# shellcheck disable=SC2086
	"$covdb" $question --format json >two
	# shellcheck disable=SC2086
	COVDB_JOBS=1 "$covdb" $question --format json | cmp - two || fail "$question by one thread differs"
done
python3 - "$covdb" <<'END'
import collections, csv, glob, io, json, os, re, shlex, subprocess, sys, xml.etree.ElementTree as tree

covdb = sys.argv[1]
rows = list(csv.DictReader(open("paper/data/paper.csv")))
alone = []
for path in glob.glob("paper/data/*-*.csv"):
    alone += csv.DictReader(open(path))
order = lambda row: sorted(row.items())
assert sorted(rows, key=order) == sorted(alone, key=order)
assert len(rows) > 200 and all(row["verdict"] for row in rows)
assert all(row["reason"] for row in rows if row["verdict"] == "not measured" and not row["command"])

def printed(command, *more):
    words = shlex.split(command)
    assert words[0] == "covdb", command
    return subprocess.run([covdb, *words[1:], *more], check=True, capture_output=True, text=True).stdout

# Every value is the one that its command prints.
compared = 0
for panel in {row["panel"]: None for row in rows if row["command"]}:
    own = [row for row in rows if row["panel"] == panel and row["here"]]
    command = own[0]["command"]
    kind = command.split()[1]
    if kind == "venn":
        said = json.loads(printed(command, "--format", "json"))
        names = dict(zip([row["label"] for row in own if row["platform"]], [row["platform"] for row in own if row["platform"]]))
        for row in own:
            chosen = {names[label] for label in re.sub("^(only|shared by) ", "", row["item"]).split(", ")} if row["item"] else {row["platform"]}
            is_only = row["item"].startswith("only")
            lines = sum(region["lines"] for region in said["regions"]
                        if (set(region["platforms"]) == chosen if is_only else chosen <= set(region["platforms"])))
            assert lines == int(row["here"]), row
            compared += 1
        picture = printed(command, "--format", "svg")
        assert picture == open(f"paper/data/{panel}.svg").read(), panel
        continue
    if kind == "profile":
        # Shares of the tree, of each function once in each stack.
        said = json.loads(printed(command, "--format", "json"))
        total, samples, stack = 0, collections.Counter(), []
        for node in said["rows"]:
            stack[node["depth"] - 1:] = [node["function"]]
            total += node["sides"][0]["samples"] * (node["depth"] == 1)
            if node["function"] not in stack[:-1]:
                samples[node["function"]] += node["sides"][0]["samples"]
        assert said["platforms"] == [own[0]["platform"]] and all(node["kernel"] for node in said["rows"])
        shares = {name: 100 * count / total for name, count in samples.items() if 10 * count >= total}
        assert {row["item"]: float(row["here"]) for row in own}.keys() == shares.keys() and len(shares) > 30, panel
        for row in own:
            assert abs(shares[row["item"]] - float(row["here"])) < 1e-6 * shares[row["item"]] and row["trials"] == "1", row
            assert float(row["low"]) <= float(row["here"]) <= float(row["high"]), row
            compared += 1
        assert printed(command, "--format", "svg") == open(f"paper/data/{panel}.svg").read(), panel
        continue
    said = list(csv.DictReader(io.StringIO(printed(command, "--format", "csv"))))
    for row in own:
        here = float(row["here"])
        if kind == "syscalls":
            match = [line for line in said if line["platform"] == row["platform"] and line["role"] == row["item"].split(",")[0]]
            value = int(match[0]["allowed"]) + int(match[0]["by_argument"])
        elif kind == "summary":
            match = [line for line in said if line["platform"] == row["platform"]]
            value = float(match[0]["coverage"]) * 100 if row["unit"] == "%" else float(match[0]["lines"])
        elif kind == "annotate":
            rates = [float(line[row["platform"] + "_per_s"]) for line in said if line[row["platform"] + "_per_s"]
                     and row["item"] in ("", "line " + line["line"])]
            value = max(rates)
        else:
            labels = (["unmap=false"] if panel == "figure-15" else ["unmap=true"] if panel == "figure-17" else []) + ([row["item"]] if row["item"] else [])
            match = [line for line in said if line["platform"] == row["platform"] and set(labels) <= set(line["labels"].split())]
            if panel == "figure-5b" and len(match) > 1:  # recorded when a label said how pages were chosen
                assert sum(int(line["trials"]) for line in match) == int(row["trials"]), row
                assert min(float(line["low"]) for line in match) <= here <= max(float(line["high"]) for line in match)
                continue
            assert len(match) == 1, (row, match)
            value = float(match[0]["median"])
            assert int(match[0]["trials"]) == int(row["trials"]) and float(match[0]["low"]) == float(row["low"])
        assert abs(value - here) <= 1e-6 * max(1, abs(value)), (row, value)
        compared += 1
# Each platform's graph has what is its own: a bridge, whole packets, frames of a TAP that are forwarded.
tops = {panel: {row["item"] for row in rows if row["panel"] == panel} for panel in ("figure-9", "figure-10", "figure-11", "figure-12")}
assert "tcp_sendmsg" in tops["figure-9"] & tops["figure-11"] and "br_handle_frame" in tops["figure-11"] - tops["figure-9"]
assert {"tun_chr_write_iter", "ip_forward"} <= tops["figure-10"] and "packet_sendmsg" in tops["figure-12"]
print(compared, "values compared with what their commands print")
assert compared > 200

# Table 1: Debian's profile; the Sentry with and without the host's network.
table = {(row["platform"], row["item"]): row["here"] for row in rows if row["panel"] == "table-1"}
assert table == {("runc-seccomp", "container"): "312", ("gvisor", "sentry"): "69", ("gvisor-hostnet", "sentry, with host networking"): "78",
                 ("", "vmm + api + vcpu"): ""}, table
# No panel is without a value, and the series stand side by side on all platforms.
empty = {row["panel"] for row in rows} - {row["panel"] for row in rows if row["here"]}
assert not empty, empty
at = lambda panel: [{row["item"] for row in rows if row["panel"] == panel and row["platform"] == name and row["here"]} for name in ("host", "runc", "gvisor", "microvm")]
for panel in ("figure-5a", "figure-5b", "figure-8"):
    assert at(panel) == 4 * [{f"instances={count}" for count in (1, 2, 4, 6, 8, 10)}], (panel, at(panel))
for panel in ("figure-14", "figure-15", "figure-16", "figure-17"):
    assert at(panel) == 4 * [{f"kib={4 << step}" for step in range(9)}], (panel, at(panel))
for panel in ("figure-19", "figure-19-reboot", "figure-20", "figure-20-guest", "figure-20-host"):
    assert at(panel) == 4 * [{f"kib={size}" for size in (4, 16, 64, 256, 1024)}], (panel, at(panel))

# Times of an emulator are compared with nothing.
assert {row["verdict"] for row in rows if row["unit"] in ("us", "s", "MB/s", "Gbit/s", "events/s", "hits/s", "% of samples") and row["here"]} == {"not comparable"}
claims = list(csv.DictReader(open("paper/data/claims.csv")))
said = list(csv.DictReader(io.StringIO(printed("covdb claims --format csv"))))
assert [row["verdict"] for row in claims] == [row["verdict"] for row in said] and len(claims) > 30

# Pages and pictures are well-formed; the page has a table for each panel with rows, and no address elsewhere.
for path in glob.glob("paper/data/*.svg"):
    picture = tree.parse(path).getroot()
    assert picture.find("{*}title") is not None and picture.find("{*}desc").text, path
page = tree.parse("paper/index.html").getroot()
assert len(page.findall(".//section")) == 37 and len(page.findall(".//img")) == len(glob.glob("paper/data/*.svg"))
assert all(table.find("caption") is not None and table.find("thead") is not None for table in page.iter("table"))
assert all(image.get("alt") and image.get("src").startswith("data:image/svg+xml") for image in page.iter("img"))
assert not list(page.iter("script")) and "http" not in "".join(v for e in page.iter() for k, v in e.items() if k in ("href",))
for row in rows:
    if row["command"]:
        assert any(code.text == row["command"] for code in page.iter("code")), row["command"]
END
