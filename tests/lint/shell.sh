#!/bin/sh
# shell.sh ROOT - shellcheck has nothing to say of any script that git knows, by name or by first line.
set -eu
cd "$1"
command -v shellcheck >/dev/null || {
	echo "skipped: shellcheck is not installed"
	exit 77
}
list=$(mktemp)
trap 'rm -f "$list"' EXIT
known() { git -c safe.directory="$PWD" "$@"; }
{
	known ls-files '*.sh' '*.bash'
	known grep -lIE '^#!.*\b(ba)?sh\b' | while read -r file; do
		head -n 1 "$file" | grep -qE '^#!.*\b(ba)?sh\b' && echo "$file"
	done
} | sort -u >"$list"
count=$(wc -l <"$list")
[ "$count" -gt 0 ] || {
	echo "git knows no script here"
	exit 1
}
# A file that is not there, though git knows it, is one that shellcheck fails on.
# SC2187 only says that busybox's sh is taken for dash.
xargs -d '\n' shellcheck --norc -x -e SC2187 -P . -P SCRIPTDIR <"$list"
echo "$count scripts"
