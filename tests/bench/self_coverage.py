#!/usr/bin/env python3
"""self_coverage.py JSON SOURCE_DIR - what `covdb decode --format json` says of covdb: lines found and hit of each layer,
files with the most lines that were never executed, and the functions that were never called."""
import collections
import json
import os
import sys

LAYERS = ("collector", "differ", "venn")
FILES_SHOWN = 12


def percent(hit, found):
    return f"{100 * hit / found:6.2f} %" if found else "     - "


def main():
    root = os.path.realpath(sys.argv[2])
    with open(sys.argv[1], encoding="utf-8") as file:
        files = json.load(file)["files"]
    layers, missed, never = collections.defaultdict(lambda: [0, 0]), [], []
    for entry in files:
        path = os.path.relpath(os.path.join(root, entry["file"]), root)
        layer = path.split("/")[0]
        if layer not in LAYERS:
            continue
        counts = [line["count"] > 0 for line in entry["lines"]]
        for key in (layer, "all"):
            layers[key][0] += len(counts)
            layers[key][1] += sum(counts)
        missed.append((len(counts) - sum(counts), len(counts), path))
        never += [(path, f["line"], f["name"]) for f in entry["functions"] if not f["calls"]]
    if set(layers) != {*LAYERS, "all"}:
        sys.exit(f"self_coverage: lines of {sorted(layers)} only")
    print(f"{'':<10} {'found':>7} {'hit':>7}")
    for layer in (*LAYERS, "all"):
        found, hit = layers[layer]
        print(f"{layer:<10} {found:7,} {hit:7,} {percent(hit, found)}")
    print("\nmost lines that were never executed:")
    for count, found, path in sorted(missed, reverse=True)[:FILES_SHOWN]:
        print(f"{count:5} of {found:5}  {path}")
    print(f"\n{len(never)} functions that were never called:")
    for path, line, name in sorted(never):
        print(f"{path}:{line}: {name}()")


main()
