#!/bin/sh
# program.sh COVDB SOURCE_DIR COLLECTOR - what comes before and instead of a command: options of the program, versions, help.
set -eu
# shellcheck source=tests/cli/lib.sh
. "$2/tests/cli/lib.sh"
collector=$(realpath "$3")
"$covdb" kernel add --notes "$source/tests/data" --name other --db other.sqlite >/dev/null 2>&1
unset COVDB

# The database before the command, and after it, which says more.
"$covdb" --db other.sqlite kernel list >listed
expect listed '^other '
"$covdb" --db=missing.sqlite kernel list --db other.sqlite >again
cmp listed again || fail "--db after the command is not what counts"
COVDB=missing.sqlite "$covdb" --db other.sqlite kernel list >again
cmp listed again || fail "--db is not before the environment"
refused 1 'missing.sqlite' "$covdb" --db missing.sqlite kernel list
refused 2 'covdb: --db needs a value$' "$covdb" --db= kernel list
refused 2 "covdb: --color takes one of auto, always, never, not 'green'$" "$covdb" --color green help
status=0
"$collector" --db other.sqlite doctor >out 2>err || status=$?
check "the collector has no database" 2 "$status"

for program in "$covdb" "$collector"; do
	name=$(basename "$program")
	for word in version --version; do
		"$program" $word >said
		expect said "^$name [0-9]+\.[0-9]+\.[0-9]+( \([^ ]+\))?$" "$program $word"
	done
	for words in help -h --help '--no-pager help' '--color never -h'; do
		# shellcheck disable=SC2086 # words
		"$program" $words >said
		expect said "^Usage: $name " "$program $words"
		expect said '^Commands:$'
	done
	"$program" help | sed -n '/^Commands:/,/^$/s/^  \([a-z][a-z-]*\( [a-z][a-z-]*\)\{0,1\}\) .*/\1/p' >commands
	while read -r command; do
		# shellcheck disable=SC2086 # a command may be two words
		"$program" $command --help >long
		for words in "$command -h" "$command -?" "help $command"; do
			# shellcheck disable=SC2086
			"$program" $words >short || fail "$name $words fails"
			cmp long short || fail "$name $words says something else than --help"
		done
		# shellcheck disable=SC2086
		"$program" $command --no-pager --color never -h >short || fail "$name $command: options of all commands"
	done <commands
	for words in 'help doctor' version; do
		# shellcheck disable=SC2086
		refused 2 "^$name ${words% *}: unexpected operand 'extra'$" "$program" $words extra
	done
done
# The commit that git describes, where there is one.
if commit=$(git -C "$source" describe --always --tags 2>/dev/null) && [ -e "$source/.git" ]; then
	"$covdb" --version >said
	expect said "^covdb [0-9.]+ \([^ ]+\)$" "with commit ${commit:+known}"
fi

# Every command stands below a heading, and headings look like none.
"$covdb" help | sed -n '/^Commands:/,/^$/p' >commands
expect commands '^ [a-z]' 'a heading'
check "the first line of the list" heading "$(sed -n '2s/^ [a-z].*/heading/p' commands)"
# No line is longer than the screen.
for columns in 80 100; do
	COLUMNS=$columns "$covdb" help >said
	check "lines longer than $columns" 0 "$(grep -cE "^.{$((columns + 1)),}" said || :)"
done

# What is missing is said in one line, however many forms the operands have.
for command in annotate import patch verify; do
	status=0
	"$covdb" "$command" >out 2>err || status=$?
	check "$command without an operand" 2 "$status"
	check "$command: the line after it" "Try" "$(sed -n 2p err | cut -d' ' -f1)"
done
"$covdb" patch 2>err || :
expect err 'missing operand: REVISION..REVISION or FILE$'
