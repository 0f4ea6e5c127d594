# cve_fixture.sh - a kernel whose code two platforms execute in part, and what writes records of the CNA's form; for the
# scripts that source it in a folder of their own. Takes $covdb and $COVDB.
# shellcheck shell=sh disable=SC2154
mkdir -p tree/net tree/mm tree/lib tree/include/net tree/include/config
cat >tree/include/net/packet.h <<'END'
static inline int packet_size(int n) { return n + 4; }
END
cat >tree/net/packet.c <<'END'
#include "../include/net/packet.h"

int packet_send(int n)
{
	if (n > 5)
		return packet_size(n);
	return n;
}

int packet_receive(int n)
{
	return n - 1;
}

int packet_drop(int n)
{
	return n * 2;
}
END
cat >tree/mm/page.c <<'END'
int page_alloc(int n)
{
	return n + 1;
}

int page_free(int n)
{
	return n - 1;
}
END
echo 'int plain_copy(int n) { return n; }' >tree/lib/plain.c
cat >tree/main.c <<'END'
int packet_send(int), packet_receive(int), packet_drop(int), page_alloc(int), page_free(int), plain_copy(int);

int main(int argc, char **argv)
{
	int n = plain_copy(argc) + packet_send(3);

	for (int i = 1; i < argc; i++) {
		if (argv[i][0] == 'r')
			n += packet_receive(n);
		if (argv[i][0] == 'p')
			n += page_alloc(n);
		if (argv[i][0] == 'd')
			n += packet_drop(page_free(n));
	}
	return n == 99;
}
END
echo 6.1.50-test >tree/include/config/kernel.release

# As Kbuild leaves it: cmd OBJECT SOURCE INCLUDED...
cmd() {
	object=$1 from=$2
	shift 2
	{
		printf 'cmd_%s := gcc -D__KERNEL__ -c -o %s %s\n\nsource_%s := %s\n\ndeps_%s := \\\n' \
			"$object" "$object" "$from" "$object" "$from" "$object"
		for included; do printf '  %s \\\n' "$included"; done
		echo
	} >"tree/$(dirname "$object")/.$(basename "$object").cmd"
}
cmd main.o main.c
cmd net/packet.o net/packet.c include/net/packet.h include/linux/types.h
cmd mm/page.o mm/page.c
cmd lib/plain.o lib/plain.c
cmd lib/copy.o lib/copy.S
(cd tree && for file in main net/packet mm/page; do gcc -O0 --coverage -c "$file.c" -o "$file.o"; done &&
	gcc -O0 -c lib/plain.c -o lib/plain.o && gcc --coverage main.o net/packet.o mm/page.o lib/plain.o -o program)

trial() { # trial PLATFORM ARGUMENTS [OPTION]: a trial, or with --baseline its idle time
	find tree -name '*.gcda' -delete
	# shellcheck disable=SC2086 # words
	tree/program $2
	rm -rf snapshot && mkdir snapshot
	mkdir snapshot/net snapshot/mm
	for data in main net/packet mm/page; do mv "tree/$data.gcda" "snapshot/$data.gcda"; done
	# shellcheck disable=SC2086
	"$covdb" import snapshot --platform "$1" --seconds 1 ${3:---workload work} >/dev/null 2>&1
}

# records FOLDER <LINES: NAME|FILE,...|TEXT|SCORE|VERSIONS|PAIRS, where VERSIONS are those of the record's two elements:
# 'A+FIRST-BEHIND' affected from FIRST on, below BEHIND, 'U+...' unaffected, else affected; 'git': commits alone; 'none'
records() {
	mkdir -p "$1"
	python3 -c '
import json, os, sys
folder = sys.argv[1]
commit = lambda n: format(n, "040x")
for line in sys.stdin:
    if not line.strip():
        continue
    name, files, text, score, versions, pairs = line.rstrip("\n").split("|")
    files = files.split(",")
    first = {"product": "Linux", "vendor": "Linux", "defaultStatus": "unaffected", "programFiles": files, "versions": [
        {"version": commit(1), "lessThan": commit(2), "status": "affected", "versionType": "git"}]}
    second = {"product": "Linux", "vendor": "Linux", "defaultStatus": "affected", "programFiles": files, "versions": []}
    for part in versions.split() if versions not in ("git", "none") else []:
        kind, range_ = part.split("+")
        low, high = range_.split("-")
        entry = {"version": low, "status": "affected" if kind == "A" else "unaffected", "versionType": "semver"}
        entry["lessThanOrEqual" if "*" in high else "lessThan"] = high
        (first if kind == "A" else second)["versions"].append(entry)
    if versions in ("git", "none") or not second["versions"]:
        second = {**second, "defaultStatus": "unaffected"}
        del second["versions"]
    if versions == "none":
        del first["versions"]
    cna = {"affected": [first, second], "descriptions": [{"lang": "en", "value": text}], "title": text.split("\\n")[0][:40],
           "references": [], "providerMetadata": {"orgId": "0"}}
    if score:
        cna["metrics"] = [{"cvssV3_1": {"version": "3.1", "vectorString": "CVSS:3.1/AV:L", "baseScore": float(score)}}]
    year = os.path.join(folder, name.split("-")[1])
    os.makedirs(year, exist_ok=True)
    json.dump({"containers": {"cna": cna}, "cveMetadata": {"cveId": name, "state": "PUBLISHED"}, "dataType": "CVE_RECORD",
               "dataVersion": "5.1.1"}, open(f"{year}/{name}.json", "w"))
    if pairs:
        with open(f"{year}/{name}.dyad", "w") as out:
            print("# dyad version: 1", file=out)
            for pair in pairs.split():
                brought, fixed = pair.split(">")
                print(f"{brought}:{commit(1)}:{fixed}:{commit(2) if fixed != str(0) else 0}", file=out)
' "$1"
}
