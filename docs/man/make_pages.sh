#!/bin/bash
# make_pages.sh COVDB VERSION FOLDER - a man page of covdb, of the collector beside it, and of each command that covdb
# names, from their --help.
set -euo pipefail
covdb=$1
version=$2
folder=$3
also=$(dirname "$0")/covdb.h2m
programs=$(mktemp -d)
trap 'rm -rf "$programs"' EXIT
mkdir -p "$folder"

# page SUMMARY PROGRAM [WORD...] - under a name without spaces, as man and whatis know it.
page() {
	name=${*:2}
	name=${name// /-}
	printf '#!/bin/sh\nexec "%s"/%s "$@"\n' "${covdb%/*}" "${*:2}" >"$programs/$name"
	chmod +x "$programs/$name"
	# covdb(1) leads to the others, and they back to it.
	{
		if [ "$name" = covdb ]; then cat "$also"; fi
		printf '[SEE ALSO]\n'
		if [ "$name" = covdb ]; then
			"$covdb" help | sed -n '/^Commands:/,/^$/s/^  \([a-z][a-z-]*\( [a-z][a-z-]*\)\{0,1\}\) .*/\1/p' |
				sed 's/ /-/; s/.*/.BR covdb-& (1),/'
			echo '.BR covdb-collector (1)'
		else
			echo '.BR covdb (1)'
		fi
	} >"$programs/include"
	help2man --include "$programs/include" --no-info --section 1 --version-string "$version" --source "covdb $version" --manual "covdb commands" \
		--name "$1" --output "$folder/$name.1" "$programs/$name"
	count=$((count + 1))
}

count=0
for program in covdb covdb-collector; do
	page "$("${covdb%/*}/$program" --help | sed -n '2s/[.?]$//p')" "$program"
done
while IFS= read -r line; do
	command=${line%%  *}
	read -r summary <<<"${line#"$command"}"
	# shellcheck disable=SC2086 # a command may be two words
	page "$summary" covdb $command
done < <("$covdb" help | sed -n '/^Commands:/,/^$/s/^  \([a-z]\)/\1/p')
[ "$count" -gt 2 ] || {
	echo "make_pages.sh: $covdb help names no command" >&2
	exit 1
}
