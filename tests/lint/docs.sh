#!/bin/sh
# docs.sh COVDB ROOT - every command has help and a man page; every column stands in docs/schema.md, every page in docs/README.md;
# queries of the pages join by whole keys.
set -eu
covdb=$1
root=$2
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
failures=0
complain() {
	echo "$*"
	failures=$((failures + 1))
}

"$covdb" help | sed -n '/^Commands:/,/^$/p' | sed -n 's/^  \([a-z-]*\( [a-z-]*\)\{0,1\}\)  *.*/\1/p' |
	sed 's/ *$//' >"$folder/commands"
[ "$(wc -l <"$folder/commands")" -ge 13 ] || complain "covdb help names too few commands"
while read -r command; do
	# shellcheck disable=SC2086 # a command may be two words
	"$covdb" help $command >"$folder/help" || complain "covdb help $command fails"
	grep -q "^Usage: covdb $command" "$folder/help" || complain "covdb help $command: no usage line"
	grep -q 'Example' "$folder/help" || complain "covdb help $command: no example"
	page=$(dirname "$covdb")/man/covdb-$(echo "$command" | tr ' ' -).1
	[ -s "$page" ] || complain "$page is missing"
	man --warnings -l "$page" >/dev/null 2>"$folder/warnings" || complain "$page: man fails"
	[ ! -s "$folder/warnings" ] || complain "$page: $(cat "$folder/warnings")"
	grep -q "covdb-$(echo "$command" | tr ' ' -)" "$(dirname "$covdb")/man/covdb.1" || complain "covdb(1) does not lead to '$command'"
	grep -q 'BR covdb (1)' "$page" || complain "$page does not lead to covdb(1)"
done <"$folder/commands"

"$covdb" kernel add --db "$folder/db" --notes "$root/tests/data" >/dev/null 2>&1 ||
	complain "kernel add fails"
sqlite3 "$folder/db" "SELECT m.name || ' ' || i.name FROM sqlite_schema m
	JOIN pragma_table_info(m.name) i WHERE m.type = 'table'" >"$folder/columns"
[ "$(wc -l <"$folder/columns")" -gt 60 ] || complain "the database has too few columns"
while read -r table column; do
	awk -F'|' -v table="\`$table\`" -v column="\`$column\`" '
		$2 ~ /`/ { inside = index($2, table) }
		inside && index($3, column) { is_there = 1 }
		END { exit !is_there }' "$root/docs/schema.md" ||
		complain "docs/schema.md does not describe $table.$column"
done <"$folder/columns"

# The index names every page, and every link of it and of README leads somewhere.
for page in "$root"/docs/*.md; do
	name=$(basename "$page")
	[ "$name" = README.md ] || grep -qF "]($name)" "$root/docs/README.md" || complain "docs/README.md does not name $name"
done
for page in "$root/README.md" "$root"/docs/*.md; do
	grep -o '](\([^)#:]*\)[)#]' "$page" | sed 's/^](//; s/[)#]$//' | sort -u >"$folder/links"
	while read -r link; do
		[ -z "$link" ] || [ -e "$(dirname "$page")/$link" ] || complain "$page links to $link, which is not there"
	done <"$folder/links"
done

# Keys of lines, functions and files begin with the kernel: a join that lacks it looks through all of them for each row.
python3 - "$root" >"$folder/joins" <<'END' || complain "no query of the pages was read"
import pathlib, re, sys
seen = 0
for page in [pathlib.Path(sys.argv[1], "README.md"), *sorted(pathlib.Path(sys.argv[1], "docs").glob("*.md"))]:
    if page.name == "fleet.md":
        continue  # its tables are others
    text = page.read_text(encoding="utf-8")
    for query in re.findall(r"^```sql\n(.*?)^```", text, re.M | re.S) + re.findall(r'covdb sql (?:--\S+ \S+ )*"(.*?)"', text, re.S):
        for statement in query.split(";"):
            seen += 1
            joined = re.search(r"\b(?:FROM|JOIN)\s+(line|function|file)\b", statement)
            if joined and "JOIN" in statement and re.search(r"\b(?:line|function|file)_id\b", statement) and "kernel_id" not in statement:
                print(f"{page.name}: {joined[1]} is joined without kernel_id: {' '.join(statement.split())[:120]}")
sys.exit(seen < 10)
END
while read -r found; do complain "$found"; done <"$folder/joins"
[ "$failures" = 0 ]
