#!/bin/sh
# cli_lib.sh COVDB SOURCE_DIR - what tests of the command line begin with fails them when a check fails, wherever
# it stands, and skips them when a program is missing.
# shellcheck disable=SC2016 # of the inner shell
set -eu
# shellcheck source=tests/cli/lib.sh
. "$2/tests/cli/lib.sh"
ends() { # ends STATUS LINE...: so does a test of these lines
	wanted=$1
	shift
	{
		printf '#!/bin/sh\nset -eu\n. "%s/tests/cli/lib.sh"\n' "$source"
		printf '%s\n' "$@"
	} >planted.sh
	status=0
	TMPDIR=$folder/temporary sh planted.sh "$covdb" "$source" >out 2>&1 || status=$?
	check "status of: $*" "$wanted" "$status"
	check "what is left of: $*" "" "$(ls temporary)"
}
mkdir temporary
echo text >lines
ends 0 'check what same same'
ends 1 'check what one other'
ends 1 'check what one other' 'true'
ends 1 'true | check what one other' 'exit 0'
ends 1 '(fail here)' 'exit 0'
ends 1 'false'
ends 3 'exit 3'
ends 1 'touch file; mkdir folder; kill -s TERM $$; sleep 1'
ends 77 'need sh no-such-program'
expect out 'skipped: no-such-program is not installed'
ends 77 'skip "not here"'
ends 1 'fail first' 'skip "not here"'
ends 0 "expect '$folder/lines' '^t.xt$'"
ends 1 "expect '$folder/lines' '^other'"
ends 0 'refused 3 wh.t sh -c "echo what >&2; exit 3"'
for command in 'echo what >&2; exit 2' 'echo what; exit 3' 'echo other >&2; exit 3' 'echo what >&2; echo what >&2; exit 3' \
	'echo what >&2; echo out; exit 3'; do
	ends 1 "refused 3 what sh -c '$command'"
done
ends 1 'tidy_up() { false; }' 'check what one other'
ends 0 'check "the database" "$PWD/db.sqlite" "$COVDB"' 'check "its own folder" "$folder" "$PWD"'
