#!/bin/sh
# collect_refused.sh COVDB SOURCE_DIR - what cannot be done here is said in one line, with what to do.
set -eu
# shellcheck source=tests/cli/lib.sh
. "$2/tests/cli/lib.sh"
chmod 755 "$test_folder" "$folder"
experiment=$source/workloads/first-finding.yaml

if [ "$(id -u)" = 0 ]; then
	# A copy, since the sources may be where only root can read.
	cp "$covdb" "$experiment" "$folder"
	refused 3 'root' setpriv --reuid=65534 --regid=65534 --clear-groups \
		"$folder/covdb" collect "$folder/first-finding.yaml" -o "$folder/r"
else
	refused 3 'root' "$covdb" collect "$experiment" -o "$folder/r"
fi
refused 2 'give -o|-o DIR' "$covdb" collect "$experiment"
refused 1 'nowhere.yaml' "$covdb" collect "$folder/nowhere.yaml" -o "$folder/r"
printf 'name: x\ntrails: 3\n' >"$folder/typo.yaml"
refused 1 'typo.yaml:2: .*trails' "$covdb" collect "$folder/typo.yaml" -o "$folder/r"
mkdir "$folder/empty"
refused 1 'no .gcno file in it' "$covdb" kernel add --notes "$folder/empty" --db "$folder/db"
refused 1 'nowhere' "$covdb" kernel add --notes "$folder/nowhere" --db "$folder/db"
[ ! -e "$folder/db" ] || fail "a failed 'kernel add' leaves a database"
for command in venn summary diff "kernel list" "import $folder"; do
	# shellcheck disable=SC2086 # a command may be two words
	refused 1 'there is no database' "$covdb" $command --db "$folder/db"
done
echo "not a database, just text that is long enough to be read as a header of one file" >"$folder/text"
refused 1 'text: ' "$covdb" venn --db "$folder/text"
refused 2 "takes one of text, json, csv, ndjson, tsv, markdown, svg, not 'yaml'" "$covdb" venn --format yaml
refused 2 'did you mean .venn.' "$covdb" vemm
