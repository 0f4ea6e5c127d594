#!/usr/bin/env python3
"""options_oracle.py TREE LIST - what options.mk says of TREE, against its Makefiles as a regular expression reads them.

Only the plain statements are compared: an object or a folder that is listed once, for one option. All that Kbuild can
say besides is beyond a regular expression, which is why make is asked.
"""
import collections
import os
import re
import sys

tree, path = sys.argv[1:]
enabled = {line.split("=")[0][7:] for line in open(f"{tree}/.config") if re.match(r"CONFIG_\w+=[ym]$", line)}
needs = {line.split()[0]: set(line.split()[1:]) for line in open(path)}
listed = collections.defaultdict(set)
above = set()  # folders that are not listed by the one that they are in
for folder, _, files in os.walk(tree):
    name = "Kbuild" if "Kbuild" in files else "Makefile"
    if name not in files:
        continue
    with open(f"{folder}/{name}", errors="replace") as file:
        text = file.read().replace("\\\n", " ")
    for word, rest in re.findall(r"^\s*[\w-]+?-(\$\(CONFIG_\w+\)|y|objs)\s*[:+]?=\s*([^\n#]*)", text, re.M):
        for entry in rest.split():
            end = "/" if entry.endswith("/") else ""
            whole = os.path.normpath(os.path.join(os.path.relpath(folder, tree), entry)) + end
            listed[whole].add(word)
            if entry.strip("/").count("/"):
                above.add(whole)

pairs = differ = 0
for entry, words in sorted(listed.items()):
    if len(words) != 1 or not next(iter(words)).startswith("$") or "$(" in entry:
        continue
    option = next(iter(words))[9:-1]
    for item in sorted(needs):
        if item != entry and not (entry.endswith("/") and item.startswith(entry)):
            continue
        # A folder below may be listed from above, as input/serio/ is beside input/: it does not need what that one needs.
        if any(item.startswith(folder) for folder in above if folder.startswith(entry) and folder != entry):
            continue
        pairs += 1
        if option not in needs[item] or option not in enabled:
            differ += 1
            print(f"{item}: needs {option} by {entry}, not by the list: {' '.join(sorted(needs[item]))}")
unknown = set().union(*needs.values()) - enabled
print(f"{len(needs)} objects, {pairs} pairs of an object and an option compared, {differ} differ; "
      f"{len(unknown)} options that are not set")
sys.exit(bool(differ or unknown))
