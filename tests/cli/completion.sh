#!/bin/bash
# completion.sh COVDB SOURCE_DIR - bash completes commands, second words, options and formats.
set -eu
# shellcheck source=tests/cli/lib.sh
. "$2/tests/cli/lib.sh"
# shellcheck disable=SC1091
. "$2/docs/completion/covdb.bash"
compopt() { :; } # of the shell's own completion, which a script does not have
complete_words() { # complete_words WORD... - what the last one is completed to
	COMP_WORDS=("$covdb" "$@")
	COMP_CWORD=$#
	_covdb
	echo "${COMPREPLY[*]}"
}
completes() { # completes EXPECTED WORD...
	got=$(complete_words "${@:2}")
	[ "$got" = "$1" ] || fail "'${*:2}': expected '$1', got '$got'"
}
completes "summary" su
completes "check-config add list pack remove diff" kernel ""
completes "--build-id" kernel add --b
completes "--notes" decode x --no
completes "text json csv ndjson tsv markdown svg" venn --format ""
completes "json" venn --format j
completes "start-up steady" stability --phase st
completes "venn verify" help v
