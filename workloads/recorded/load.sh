#!/bin/sh
# load.sh COVDB DATABASE [FOLDER] - a database of the recorded study, or of one in FOLDER, in less than a minute.
set -eu
covdb=$1
database=$2
from=${3:-$(dirname "$0")}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir "$folder/notes"
tar --zstd -xf "$from/notes.tar.zst" -C "$folder/notes"
if [ -e "$from/options.zst" ]; then zstd -qd "$from/options.zst" -o "$folder/notes/covdb.options"; fi
tar --zstd -xf "$from/trials.tar.zst" -C "$folder"
build_id=$(sed -n 's/^ *"build_id": "\([0-9a-f]*\)".*/\1/p' "$folder"/study/trials/baseline-idle-1.json)
rm -f "$database"
"$covdb" kernel add --db "$database" --notes "$folder/notes" --build-id "$build_id"
set -- "$folder/study" "$folder/phases"
for more in series profiles syscalls; do
	if [ -e "$from/$more.tar.zst" ]; then
		tar --zstd -xf "$from/$more.tar.zst" -C "$folder"
		set -- "$@" "$folder/$more"
	fi
done
# Footprints by the paper's rule and by permutation, which commands use unless told otherwise.
"$covdb" import --db "$database" "$@" 2>"$folder/messages" || {
	cat "$folder/messages" >&2
	exit 1
}
