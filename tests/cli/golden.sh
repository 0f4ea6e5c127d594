#!/bin/bash
# golden.sh COVDB SOURCE_DIR [renew] - every help text, and tables at 80, 100 and 160 columns, are those in golden/. With
# renew they are written there: 'tests/cli/golden.sh build/release/covdb . renew', and 'git diff' shows what changed.
set -eu
# shellcheck source=tests/cli/lib.sh
. "$2/tests/cli/lib.sh"
# shellcheck source=tests/cli/golden_fixture.sh
. "$source/tests/cli/golden_fixture.sh"
golden=$source/tests/cli/golden
mkdir -p new/help
"$covdb" help >new/help/covdb.txt
"$covdb" help | sed -n '/^Commands:/,/^$/s/^  \([a-z][a-z-]*\( [a-z][a-z-]*\)\{0,1\}\) .*/\1/p' >commands
[ "$(wc -l <commands)" -gt 30 ] || fail "covdb help names too few commands"
while read -r command; do
	# shellcheck disable=SC2086 # a command may be two words
	"$covdb" help $command >"new/help/${command// /-}.txt"
done <commands
cp "$source/workloads/claims.yaml" claims.yaml
while IFS='|' read -r name command; do
	case $name in '#'*) continue ;; esac
	# What the rest of the line has: an expression has | in it.
	for columns in 80 100 160; do
		echo "\$ COLUMNS=$columns covdb $command"
		status=0
		(export COLUMNS=$columns && eval "'$covdb' $command") 2>&1 || status=$?
		[ "$status" = 0 ] || echo "status $status"
	done >"new/$name.txt"
	[ "$(wc -l <"new/$name.txt")" -gt 6 ] || fail "prints nothing: $command"
done <"$golden/commands"
if [ "${3:-}" = renew ]; then
	rm -rf "$golden/help" "$golden"/*.txt
	cp -r new/. "$golden"
else
	diff -r --exclude=commands "$golden" new || fail "not as in tests/cli/golden: if so wanted, renew it (see the head of golden.sh)"
fi
