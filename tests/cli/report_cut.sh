#!/bin/sh
# report_cut.sh COVDB SOURCE_DIR - a report that cannot be written to its end leaves the older one as it was.
set -eu
# shellcheck source=tests/cli/lib.sh
. "$2/tests/cli/lib.sh"
need gcc
# shellcheck source=tests/cli/exchange_fixture.sh
. "$source/tests/cli/exchange_fixture.sh"
"$covdb" report -o page --kernel-src tree >out
cp -r page page.before
# Be it data or the page itself.
for blocks in 4 100; do
	# shellcheck disable=SC2016 # of the inner shell
	refused 1 "cannot write page/.*: File too large" \
		sh -c 'ulimit -f "$1"; shift; exec "$@"' sh "$blocks" "$covdb" report -o page --kernel-src tree
	diff -r page.before page || check "after a file cut at $blocks blocks" same different
done
