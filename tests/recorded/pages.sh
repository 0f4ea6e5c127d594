#!/bin/sh
# pages.sh COVDB SOURCE_DIR DATABASE - the pages in docs/ show what the recorded study answers.
set -eu
# shellcheck source=tests/recorded/lib.sh
. "$2/tests/recorded/lib.sh"
need python3
# The pictures in docs/ are those of this study.
"$covdb" venn --dir net --workload cpu --platforms host,runc,gvisor --format svg | cmp - "$source/docs/pictures/net.svg"
"$covdb" venn --dir net --workload cpu --format svg | cmp - "$source/docs/pictures/net-upset.svg"
# covdb tour runs every command of the tour, and one of its questions alone.
[ "$("$covdb" tour --db "$COVDB" | grep -c '^\$ covdb ')" = "$(grep -c '^\$ covdb ' "$source/docs/tour.md")" ]
"$covdb" tour --db "$COVDB" 1 | grep -q '^host     39,468 '
"$covdb" tour --db "$COVDB" 99 2>&1 | grep -q 'no question 99 .*, which has 1 to [0-9]*$'
"$source/tests/oracle/doc_examples.py" "$covdb" "$source/docs/tour.md" "$source/docs/claims.md" "$source/docs/queries.md" \
	"$source/docs/kconfig.md" "$source/docs/rules.md" "$source/docs/tasks.md" "$source/README.md"
