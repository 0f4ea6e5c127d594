#!/bin/sh
# load.sh COVDB DATABASE - a database of the recorded study, in about ten seconds.
set -eu
covdb=$1
database=$2
here=$(cd "$(dirname "$0")" && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir "$folder/notes"
tar --zstd -xf "$here/notes.tar.zst" -C "$folder/notes"
tar --zstd -xf "$here/trials.tar.zst" -C "$folder"
# The workloads that the paper ran, as lab.yaml names them: the recording is older than groups are.
for workload in cpu stream memory file-write; do
	sed -i "s/^    \"workload\": \"$workload\",/&\n    \"groups\": [\"paper\"],/" "$folder"/study/trials/*.json
done
build_id=$(sed -n 's/^ *"build_id": "\([0-9a-f]*\)".*/\1/p' "$folder"/study/trials/baseline-idle-1.json)
rm -f "$database"
"$covdb" kernel add --db "$database" --notes "$folder/notes" --build-id "$build_id"
"$covdb" import --db "$database" "$folder/study" "$folder/phases" 2>"$folder/messages" || {
	cat "$folder/messages" >&2
	exit 1
}
