#!/bin/sh
# views.sh COVDB SOURCE_DIR - plain SQL over lines and functions: sums beyond 64 bits, and what a query has to read.
set -eu
# shellcheck source=tests/cli/lib.sh
. "$2/tests/cli/lib.sh"
need sqlite3 zstd
sql() { sqlite3 db.sqlite "$1" | xargs; }

zstd -qd "$source/tests/data/schema-6.sqlite.zst" -o db.sqlite
"$covdb" diff >/dev/null 2>&1

# The first function of each trial is called so often; the sum is over the trials of one platform and workload.
often() { # often CALLS TRIALS
	cat <<-END
		UPDATE trial SET platform_id = (SELECT max(platform_id) FROM trial), workload_id = (SELECT max(workload_id) FROM trial),
			number = 100 + trial_id WHERE trial_id <= $2;
		INSERT INTO function_pattern SELECT kernel_id, 0, 99, 1, '!' FROM kernel;
		DELETE FROM trial_function_tile;
		INSERT INTO trial_function_tile SELECT trial_id, 0, 99, '$1', NULL FROM trial WHERE trial_id <= $2;
		SELECT typeof(calls), calls FROM function_calls;
	END
}
sum() { # sum CALLS TRIALS
	cp db.sqlite sum.sqlite
	often "$1" "$2" | sqlite3 sum.sqlite
}
check "the largest number" "integer|9223372036854775807" "$(sum 9223372036854775807 1)"
check "the smallest number" "integer|-9223372036854775808" "$(sum -9223372036854775808 1)"
check "a sum just within" "integer|9223372036854775806" "$(sum 4611686018427387903 2)"
check "a sum just beyond" "real|9.22337203685478e+18" "$(sum 4611686018427387904 2)"
check "far beyond" "real|2.76701161105643e+19" "$(sum 9223372036854775807 3)"
check "far below" "real|-2.76701161105643e+19" "$(sum -9223372036854775808 3)"
check "a sum of numbers below 0" "integer|-9" "$(sum -3 3)"

# What is not asked for is not read: a trial's tiles by its id, a line's tile by its number, a file's by its range.
plan() { sqlite3 db.sqlite "EXPLAIN QUERY PLAN $1" | grep ' p ' | sed 's/.*\(SEARCH\|SCAN\) p/\1/'; }
check "lines of a trial" "SEARCH USING PRIMARY KEY (trial_id=? AND tile>?)" \
	"$(plan "SELECT count(*) FROM trial_line WHERE trial_id = 2")"
check "a line of a trial" "SEARCH USING PRIMARY KEY (trial_id=? AND tile=?)" \
	"$(plan "SELECT * FROM trial_line WHERE trial_id = 2 AND line_id = 3")"
check "a line of a footprint" "SEARCH USING PRIMARY KEY (footprint_id=? AND tile=?)" \
	"$(plan "SELECT * FROM footprint_line WHERE footprint_id = 2 AND line_id = 3")"
check "lines of two footprints" "SEARCH USING PRIMARY KEY (footprint_id=? AND tile>?)
SEARCH USING PRIMARY KEY (footprint_id=? AND tile=?)" "$(sqlite3 db.sqlite "EXPLAIN QUERY PLAN SELECT count(*)
	FROM footprint_line a JOIN footprint_line b USING (line_id) WHERE a.footprint_id = 1 AND b.footprint_id = 2" |
	sed -n 's/.*SEARCH p/SEARCH/p')"
check "lines of a file" "SEARCH USING PRIMARY KEY (footprint_id=? AND tile>? AND tile<?)" \
	"$(plan "SELECT line FROM footprint_line_named WHERE platform = 'gvisor' AND file = 'a.c'")"
check "lines of a file in a trial" "SEARCH USING PRIMARY KEY (trial_id=? AND tile>? AND tile<?)" \
	"$(plan "SELECT line, count FROM trial_line_named WHERE platform = 'gvisor' AND file = 'a.c'")"
check "calls of a function" "SEARCH USING PRIMARY KEY (trial_id=? AND tile=?)" \
	"$(plan "SELECT calls FROM function_calls WHERE function = 'main'")"
