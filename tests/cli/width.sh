#!/bin/bash
# width.sh COVDB SOURCE_DIR - tables and prose fit $COLUMNS or the terminal, say what they left out, are whole where there
# is neither; colours are by platform, and only where they are wanted.
set -eu
# shellcheck source=tests/cli/lib.sh
. "$2/tests/cli/lib.sh"
# shellcheck source=tests/cli/golden_fixture.sh
. "$source/tests/cli/golden_fixture.sh"
on_terminal() { # on_terminal COLUMNS COMMAND... - what is seen
	python3 "$source/tests/cli/on_terminal.py" 500 "$1" '' "${@:2}"
}
longest() { wc -L <"$1"; }

cp "$source/workloads/claims.yaml" claims.yaml
while read -r command; do
	# shellcheck disable=SC2086 # words of a command
	"$covdb" $command >whole 2>err
	[ -s whole ] || fail "prints nothing: $command"
	for columns in 80 100 160; do
		# shellcheck disable=SC2086
		COLUMNS=$columns "$covdb" $command >narrow 2>err
		[ "$(longest narrow)" -le "$columns" ] || {
			fail "$(longest narrow) characters in $columns columns: $command"
			grep -E "^.{$((columns + 1)),}" narrow | head -n 3
		}
		# shellcheck disable=SC2086
		on_terminal "$columns" "$covdb" $command --color never >seen
		cmp narrow seen >&2 || fail "a terminal of $columns columns shows something else: $command"
		# Nothing leaves without a word, and nothing that is said to have left is there.
		if [ "$(longest whole)" -le "$columns" ]; then
			cmp whole narrow >&2 || fail "it fits, and is changed: $command"
		fi
	done
done <<'END'
claims claims.yaml
summary
venn
venn --depth 2
metrics
conditional
functions
top runc gvisor
top runc gvisor --by lines
trial list
kernel list
objects
stability
compare runc/cpu gvisor/cpu
lines gvisor-runc
venn gvisor-runc --list functions
END

# What leaves is named, with how to get it; platforms' columns leave together.
COLUMNS=100 "$covdb" venn --depth 1 >narrow
"$covdb" venn --depth 1 --format csv | head -n 1 | tr , '\n' | tail -n +4 >regions
tr '\n' ' ' <narrow | sed 's/.*Not shown in 100 columns: //; s/\. A wider.*//; s/, /\n/g' >left
[ -s left ] || fail "nothing is said to have left"
while read -r region; do
	expect regions "^$(printf '%s' "$region" | sed 's/+/\\+/g')$" "a region that left"
done <left
expect narrow 'A wider$|terminal or --format json shows' "how to get it"
COLUMNS=80 "$covdb" conditional | grep '^FUNCTION' >title
check "rates of all platforms, or of none" "host/s runc/s gvisor/s microvm/s" "$(grep -o '[a-z]*/s' title | xargs)"
COLUMNS=100 "$covdb" functions >narrow
check "calls and their ratio stay, rates leave together" "host runc gvisor microvm RATIO" \
	"$(grep '^FUNCTION' narrow | grep -oE 'host(/s)?|runc(/s)?|gvisor(/s)?|microvm(/s)?|RATIO' | xargs)"
COLUMNS=80 "$covdb" claims claims.yaml --matrix | grep '^NAME' >title
check "verdicts by each rule stay" 2 "$(grep -oE '(rate|permutation)/ ?(all)?' title | wc -l)"
COLUMNS=45 "$covdb" kernel list | grep "LINES TRIALS" >title || fail "kernel list: how many trials there are leaves"
# What a command is about stays where long words can get into more lines, or something less telling can leave.
sqlite3 "$COVDB" "UPDATE trial SET is_emulated = 1"
while IFS='|' read -r columns stays command; do
	# shellcheck disable=SC2086
	COLUMNS=$columns "$covdb" $command >narrow
	expect narrow 'Not shown in' "$command in $columns columns"
	[ "$(longest narrow)" -le "$columns" ] || fail "$(longest narrow) characters in $columns columns: $command"
	for word in $stays; do
		sed '/^Not shown/,$d' narrow >table
		grep -qwF -- "$word" table || fail "in $columns columns $word leaves: $command"
	done
done <<'END'
80|FUNCTION FILE BRANCH host/s runc/s gvisor/s microvm/s|conditional
80|PLATFORM MEDIAN UNIT LABELS emulated|metrics
43|FUNCTION FILE host runc gvisor microvm|functions
56|PLATFORM WORKLOAD KEPT|diff
END
# A sentence goes on in the next line only where the line is full.
for command in "diff" "stability --dir net" "noise --baseline host/idle" "summary" "venn"; do
	# shellcheck disable=SC2086
	COLUMNS=60 "$covdb" $command >narrow
	check "a line that ends early: $command" "" "$(awk '/^[a-z]/ && before ~ /[a-z,]$/ && before !~ /  / && length(before) + 1 + length($1) <= 60 { print before }
		{ before = $0 }' narrow)"
done
# A bar that has no name leaves without a word.
COLUMNS=60 "$covdb" venn >narrow
! grep -E 'null|#' narrow >&2 || fail "a bar that left"
COLUMNS=300 "$covdb" conditional | grep '^FUNCTION' >title
for platform in host runc gvisor microvm; do
	expect title "TAKEN $platform" "columns of branches say what they are"
done
COLUMNS=0 "$covdb" metrics >said
"$covdb" metrics >whole
cmp said whole || fail "a width that is none"

# Colours.
escape=$(printf '\033')
colored() { grep -c "$escape" "$1" || :; }
"$covdb" top runc gvisor --color always >colors
[ "$(colored colors)" -gt 0 ] || fail "--color always"
"$covdb" --color always top runc gvisor >before
cmp colors before || fail "--color before the command"
sed "s/$escape\[[0-9;]*m//g" colors >plain
"$covdb" top runc gvisor >file
cmp plain file || fail "colours change the text"
check "auto, in a file" 0 "$(colored file)"
on_terminal 100 "$covdb" top runc gvisor >seen
[ "$(colored seen)" -gt 0 ] || fail "auto, on a terminal"
color_of() { sed -n "s/.*$escape\[\([0-9;]*\)m *$1 *$escape.*/\1/p" | head -n 1; }
check "a platform has the same colour in all commands" "$("$covdb" --color always venn | color_of gvisor)" \
	"$("$covdb" --color always summary | color_of gvisor)"
NO_COLOR=1 on_terminal 100 "$covdb" top runc gvisor >seen
check "NO_COLOR" 0 "$(colored seen)"
NO_COLOR='' on_terminal 100 "$covdb" top runc gvisor >seen
[ "$(colored seen)" -gt 0 ] || fail "an empty NO_COLOR is none"
TEST_TERM=dumb on_terminal 100 "$covdb" top runc gvisor >seen
check "a dumb terminal" 0 "$(colored seen)"
NO_COLOR=1 "$covdb" top runc gvisor --color always >seen
cmp colors seen || fail "who asks for colours gets them"
"$covdb" --color always summary --format csv >seen
check "no colours in CSV" 0 "$(colored seen)"
# A name that is an escape sequence is shown, not obeyed, also beside colours.
sqlite3 "$COVDB" "UPDATE metric SET labels = '{\"a\": \"ev\\u001b[8mil\"}'"
on_terminal 100 "$covdb" metrics >seen
check "no conceal" 0 "$(grep -c "$escape\[8m" seen || :)"
expect seen 'ev\\x1b\[8mil'
