# lib.sh - how a test of the command line begins, compares and ends. Each sources it, after 'set -eu':
#     . "$2/tests/cli/lib.sh"
# It sets $covdb and $source, the first two arguments, and enters $folder, an empty one of the test's
# own, which is removed in the end. $COVDB is a database there, so that no test finds another's; none
# writes to the user's cache, reads the user's configuration, waits for a pager or depends on the terminal.
# shellcheck shell=sh disable=SC2034 # for the test that sources this
covdb=$(realpath "$1")
source=$(realpath "$2")
script=$(realpath "$0")
test_folder=$(mktemp -d)
folder=$test_folder/here
mkdir "$folder"
export COVDB="$folder/db.sqlite" COVDB_CACHE=off COVDB_PAGER='' XDG_CONFIG_HOME="$test_folder/config"
unset COLUMNS LINES NO_COLOR

# What a test has to do besides, at its end: it defines this anew.
tidy_up() { :; }

# A check that failed fails the test whatever comes after it, and in a subshell, too.
finish() {
	status=$?
	tidy_up || :
	if [ -s "$test_folder/failures" ] && { [ "$status" = 0 ] || [ "$status" = 77 ]; }; then
		status=1
	elif [ "$status" != 0 ] && [ "$status" != 77 ]; then
		echo "not ok: ended by a command with status $status"
	fi
	# What a test mounted there is not its own.
	rm -rf --one-file-system "$test_folder"
	exit "$status"
}
trap finish EXIT
trap 'exit 1' HUP INT TERM

fail() { # fail WHAT
	echo "not ok: $*"
	echo "$*" >>"$test_folder/failures"
}

# The test cannot run here: ctest counts it as skipped, and says why.
skip() { # skip REASON
	echo "skipped: $*"
	exit 77
}

# As root, begin the test anew with a /run of its own: it meets no other collect, and leaves nothing there.
own_run() {
	if [ "$(id -u)" != 0 ] || [ -n "${COVDB_TEST_OWN_RUN:-}" ]; then return 0; fi
	unshare --mount true 2>/dev/null || skip "no mount namespace of its own"
	status=0
	COVDB_TEST_OWN_RUN=1 unshare --mount \
		sh -c 'mount -t tmpfs -o mode=755 tmpfs /run && mkdir /run/netns && sh "$@"' sh "$script" "$covdb" "$source" || status=$?
	exit "$status"
}

need() { # need PROGRAM...
	for needed; do
		command -v "$needed" >/dev/null || skip "$needed is not installed"
	done
}

check() { # check WHAT EXPECTED GOT
	[ "$2" = "$3" ] || fail "$1: expected '$2', got '$3'"
}

expect() { # expect FILE PATTERN [WHAT]: a line of the file matches
	grep -qE -- "$2" "$1" || {
		fail "${3:+$3: }no line of $1 matches: $2"
		tail -n 30 "$1" | sed 's/^/    /'
	}
}

# Fails with STATUS, says why in one line that matches, and prints nothing else.
refused() { # refused STATUS PATTERN COMMAND...
	refused_status=$1
	refused_pattern=$2
	shift 2
	status=0
	"$@" >"$test_folder/out" 2>"$test_folder/err" || status=$?
	if [ "$status" != "$refused_status" ] || [ "$(wc -l <"$test_folder/err")" != 1 ] ||
		[ -s "$test_folder/out" ] || ! grep -qE -- "$refused_pattern" "$test_folder/err"; then
		fail "status $status, not $refused_status, or not just one line with '$refused_pattern': $*"
		sed 's/^/    /' "$test_folder/out" "$test_folder/err"
	fi
}

cd "$folder" || exit
