#!/bin/sh
# python.sh SOURCE_DIR PROGRAM ARGUMENT... - run a program of Python where there is what requirements.txt asks of PyPI.
set -eu
source=$1
shift
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
skip() {
	echo "skipped: $*"
	exit 77
}
# shellcheck source=tests/python/environment.sh
. "$source/tests/python/environment.sh"
environment "$source/tests/lint/requirements.txt"
"$python" "$@"
