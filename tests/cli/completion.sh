#!/bin/bash
# completion.sh COVDB SOURCE_DIR - bash completes commands, second words, options and formats.
set -eu
covdb=$1
# shellcheck disable=SC1091
. "$2/docs/completion/covdb.bash"
compopt() { :; } # of the shell's own completion, which a script does not have
failures=0
complete_words() { # complete_words WORD... - what the last one is completed to
	COMP_WORDS=("$covdb" "$@")
	COMP_CWORD=$#
	_covdb
	echo "${COMPREPLY[*]}"
}
check() { # check EXPECTED WORD...
	got=$(complete_words "${@:2}")
	[ "$got" = "$1" ] || {
		echo "not ok: '${*:2}': expected '$1', got '$got'"
		failures=$((failures + 1))
	}
}
check "summary" su
check "check-config add list" kernel ""
check "--build-id" kernel add --b
check "--notes" decode x --no
check "text json csv svg" venn --format ""
check "json" venn --format j
check "venn verify" help v
[ "$failures" = 0 ]
