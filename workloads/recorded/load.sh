#!/bin/sh
# load.sh COVDB DATABASE [FOLDER] - a database of the recorded study, or of one in FOLDER, in less than a minute.
set -eu
covdb=$1
database=$2
from=${3:-$(dirname "$0")}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
# All trials are of one kernel; the first member is a manifest.
build_id=$(zstd -qdc "$from/trials.tar.zst" 2>/dev/null | head -c 65536 |
	LC_ALL=C sed -n 's/^ *"build_id": "\([0-9a-f]*\)".*/\1/p' | head -n 1)
rm -f "$database"
set --
if [ -e "$from/options.zst" ]; then
	zstd -qd "$from/options.zst" -o "$folder/options"
	set -- --options "$folder/options"
fi
"$covdb" kernel add --db "$database" --notes "$from/notes.tar.zst" --build-id "$build_id" "$@"
set --
for archive in trials series profiles syscalls; do
	if [ -e "$from/$archive.tar.zst" ]; then set -- "$@" "$from/$archive.tar.zst"; fi
done
# Footprints by the paper's rule and by permutation, which commands use unless told otherwise.
"$covdb" import --db "$database" "$@" 2>"$folder/messages" || {
	cat "$folder/messages" >&2
	exit 1
}
