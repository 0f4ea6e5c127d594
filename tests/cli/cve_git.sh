#!/bin/sh
# cve_git.sh COVDB SOURCE_DIR - what a git says of fixes: lines moved to the measured source, fixes that it has, and gits of no use.
set -eu
# shellcheck source=tests/cli/lib.sh
. "$2/tests/cli/lib.sh"
need gcc python3 sqlite3 git
# shellcheck source=tests/cli/cve_fixture.sh
. "$source/tests/cli/cve_fixture.sh"
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null
export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@b GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@b

"$covdb" kernel add --notes tree --name k >/dev/null 2>&1
trial host "" --baseline
trial host "r p"
trial runc "r d"

# A git whose lines are elsewhere: a comment of three lines above all, and another function in between.
git init -q kernel
mkdir kernel/net kernel/mm
{ printf '/* elsewhere\n * it is\n */\n' && sed 's/^int packet_drop/int packet_other(int n)\n{\n\treturn n;\n}\n\n&/' tree/net/packet.c; } >kernel/net/packet.c
cp tree/mm/page.c kernel/mm/page.c
commit() { git -C kernel add -A && git -C kernel commit -qm "$1" && git -C kernel rev-parse HEAD; }
first=$(commit first)
fix() { # fix FILE SED: the commit of such a change, which is taken back again
	sed -i "$2" "kernel/$1"
	commit fix
	git -C kernel revert --no-edit HEAD >/dev/null
}
drop=$(fix net/packet.c 's/return n \* 2/return n * 3/')
insert=$(fix net/packet.c 's/^\treturn n - 1;/\tn++;\n&/')
other=$(fix net/packet.c '/int packet_other/,/^}/s/return n;/return n + 7;/')
page=$(fix mm/page.c 's/return n + 1;/return n + 2;/')
# The measured source has this one: its old side is not there.
sed -i 's/return n - 1;/return n;/' kernel/mm/page.c && commit wrong >/dev/null
here=$(fix mm/page.c 's/return n;/return n - 1;/')
# The next hunk is of lines that are otherwise in the measured source.
sed -i '/int packet_send/,/^}/s/if (n > 5)/if (n > 6)/' kernel/net/packet.c && commit otherwise >/dev/null
changed=$(fix net/packet.c '/int packet_send/,/^}/s/if (n > 6)/if (n > 7)/')
[ -n "$first$changed" ] || fail "no git"

# Names of functions in the texts are wrong on purpose.
records vulns <<'END'
CVE-2024-0001|net/packet.c|packet: page_alloc()|1|U+0-4.1 U+6.8-*|4.1>6.1.84 4.1>6.8
CVE-2024-0002|net/packet.c|packet: packet_drop()|1|U+0-4.1 U+6.8-*|4.1>6.8
CVE-2024-0003|net/packet.c|packet: packet_drop()|1|U+0-4.1 U+6.8-*|4.1>6.8
CVE-2024-0004|mm/page.c|mm: page_free()|1|U+0-4.1 U+6.8-*|4.1>6.8
CVE-2024-0005|mm/page.c|mm: page_alloc()|1|U+0-4.1 U+6.8-*|4.1>6.8
CVE-2024-0006|net/packet.c|packet: packet_drop()|1|U+0-4.1 U+6.8-*|4.1>6.8
CVE-2024-0007|net/packet.c|packet: packet_drop()|1|U+0-4.1 U+6.8-*|4.1>6.8
END
pairs() { printf '4.1:%040d:6.8:%s\n' 1 "$2" >"vulns/2024/CVE-2024-000$1.dyad"; }
# The first has its fix in the kernel's branch; in mainline it is another.
printf '4.1:%040d:6.1.84:%s\n4.1:%040d:6.8:%s\n' 1 "$drop" 1 "$page" >vulns/2024/CVE-2024-0001.dyad
pairs 2 "$insert" && pairs 3 "$other" && pairs 4 "$page" && pairs 5 "$here" && pairs 6 "$changed"
cp -r kernel bare

status=0
"$covdb" cve add vulns --git kernel --kernel-src tree >said 2>err || status=$?
check "status" 1 $status
check "said" "7 records added 6 of 7 fixes of instrumented files found; the kernel's source has 1 of them" "$(tr '\n' ' ' <said | sed 's/ $//')"
expect err '^kernel: 1 fixes are not in it: their records are matched by functions$'
check "messages" 1 "$(wc -l <err)"
lines() { sqlite3 "$COVDB" "SELECT name, path, first, last, is_exact FROM cve_line JOIN cve USING (cve_id) ORDER BY 1, 2, 3"; }
check "moved lines" "CVE-2024-0001|net/packet.c|17|17|1 CVE-2024-0002|net/packet.c|11|12|1 \
CVE-2024-0004|mm/page.c|3|3|1 CVE-2024-0005|mm/page.c|8|8|0 CVE-2024-0006|net/packet.c|5|5|0" "$(lines | xargs)"
sed -n 17p tree/net/packet.c | grep -q 'n \* 2' || fail "the fixture is not as this test takes it"
"$covdb" cve --format json >said.json
python3 - <<'END' || fail "levels"
import json
whole = json.load(open("said.json"))
rows = {row["cve"][-4:]: (row["match"], row["functions"], row["states"]["host"][:3], row["states"]["runc"][:3]) for row in whole["rows"]}
assert rows == {
    "0001": ("line", ["packet_drop"], "not", "exe"),
    "0002": ("line", ["packet_receive"], "exe", "exe"),
    "0003": ("function", ["packet_drop"], "not", "exe"), # its lines are not in the source: by its text
    "0004": ("line", ["page_alloc"], "exe", "not"),
    "0006": ("function", ["packet_send"], "not", "not"),
    "0007": ("function", ["packet_drop"], "not", "exe"),
}, rows
assert whole["left_out_fixed"] == 1 and whole["apply"] == 7
END
"$covdb" cve >said
expect said "^1 are left out: the kernel's source has their fix$"

# The same again, and of a bare git.
git clone -q --bare kernel kernel.git
lines >before
"$covdb" cve add vulns --git kernel.git --kernel-src tree >/dev/null 2>&1 || :
lines | cmp - before || fail "a bare git says the same"

# Records that come again keep their lines, unless the fix is another one now.
"$covdb" cve add vulns >/dev/null 2>&1
lines | cmp - before || fail "records that come again"
pairs 4 "$here"
"$covdb" cve add vulns >/dev/null
check "a fix that is another one now" "0 0" "$(sqlite3 "$COVDB" "SELECT count(*) FROM cve_line JOIN cve USING (cve_id) WHERE name LIKE '%4';
	SELECT count(*) FROM cve_git JOIN cve USING (cve_id) WHERE name LIKE '%4'" | xargs)"
pairs 4 "$page"
"$covdb" cve add vulns --git kernel --kernel-src tree >/dev/null 2>&1 || :
lines | cmp - before || fail "as before"

# Gits of no use: one line, and the database is as it was.
sqlite3 "$COVDB" .dump >before
refused 1 "missing: not a git that can be read: " "$covdb" cve add vulns --git missing --kernel-src tree
refused 1 "tree: not a git that can be read: " "$covdb" cve add vulns --git tree --kernel-src tree
refused 1 "tree/none" "$covdb" cve add vulns --git kernel --kernel-src tree/none
refused 2 "go with --git" "$covdb" cve add vulns --kernel-src tree
refused 1 "kernel x" "$covdb" cve add vulns --git kernel --kernel x
mkdir half && cp -r tree/mm half/mm
refused 1 'cannot open half/net/packet.c: No such file' "$covdb" cve add vulns --git kernel --kernel-src half
sqlite3 "$COVDB" .dump | cmp - before || fail "a git of no use changes the database"
# An empty one has none of the commits.
git init -q empty
status=0
"$covdb" cve add vulns --git empty --kernel-src tree >said 2>err || status=$?
check "an empty git" "1 empty: 7 fixes are not in it: their records are matched by functions" "$status $(cat err)"
# One whose objects are damaged.
rm -rf bare/.git/objects/pack
find bare/.git/objects -type f -size -300c | sort | head -n 12 | while read -r object; do chmod u+w "$object" && echo x >"$object"; done
sqlite3 "$COVDB" .dump >before
status=0
"$covdb" cve add vulns --git bare --kernel-src tree >said 2>err || status=$?
check "a damaged git" "1 1" "$status $(wc -l <err)"

# They go with their kernel.
for trial in host/idle/1 host/work/1 runc/work/1; do "$covdb" trial remove "$trial" >/dev/null 2>&1; done
"$covdb" cve add vulns --git kernel --kernel-src tree >/dev/null 2>&1 || :
"$covdb" kernel remove k >/dev/null
check "nothing is left of the kernel" "0 0 7" "$(sqlite3 "$COVDB" "SELECT count(*) FROM cve_git; SELECT count(*) FROM cve_line;
	SELECT count(*) FROM cve" | xargs)"
