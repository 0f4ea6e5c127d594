#!/bin/sh
# format.sh ROOT - every C file that git knows is laid out as .clang-format says, but for the programs whose lines
# tests count.
set -eu
cd "$1"
command -v clang-format >/dev/null || {
	echo "skipped: clang-format is not installed"
	exit 77
}
list=$(mktemp)
trap 'rm -f "$list"' EXIT
git -c safe.directory="$PWD" ls-files '*.c' '*.h' ':!tests/data' >"$list"
count=$(wc -l <"$list")
[ "$count" -gt 0 ] || {
	echo "git knows no C file here"
	exit 1
}
# clang-format passes over a file that is not there, though git knows it.
while read -r file; do
	[ -r "$file" ] || {
		echo "$file: No such file or directory"
		exit 1
	}
done <"$list"
xargs -d '\n' clang-format --dry-run -Werror <"$list"
echo "$count files"
