#!/bin/bash
# make_pages.sh COVDB VERSION FOLDER - a man page of each command that covdb names, from its --help.
set -euo pipefail
covdb=$1
version=$2
folder=$3
mkdir -p "$folder"
export PATH=${covdb%/*}:$PATH
count=0
while IFS= read -r line; do
	command=${line%%  *}
	read -r summary <<<"${line#"$command"}"
	help2man --no-info --section 1 --version-string "$version" --source covdb --manual "covdb commands" \
		--name "$summary" --output "$folder/covdb-${command// /-}.1" "$covdb $command"
	count=$((count + 1))
done < <("$covdb" help | sed -n '/^Commands:/,/^$/s/^  \([a-z]\)/\1/p')
[ "$count" -gt 0 ] || {
	echo "make_pages.sh: $covdb help names no command" >&2
	exit 1
}
