#!/bin/sh
# claims.sh COVDB SOURCE_DIR - claims that hold, differ or were not measured; files of claims that are wrong.
set -eu
# shellcheck source=tests/cli/lib.sh
. "$2/tests/cli/lib.sh"
need gcc

# runc runs what the idle host runs and a branch more; gVisor runs the same, more often.
mkdir tree
cat >tree/main.c <<'END'
int main(int argc, char **argv)
{
	if (argc > 1)
		return argv[1][0] == 'x';
	return 0;
}
END
(cd tree && gcc -O0 --coverage -c main.c -o main.o && gcc --coverage main.o -o program)
trial() { # trial PLATFORM SECONDS ARGUMENT OPTIONS
	rm -rf snapshot tree/*.gcda
	mkdir snapshot
	# shellcheck disable=SC2086 # no argument when there is none; options are words
	tree/program $3
	mv tree/main.gcda snapshot
	# shellcheck disable=SC2086
	"$covdb" import snapshot --platform "$1" --seconds "$2" $4 >/dev/null 2>&1
}
"$covdb" kernel add --notes tree --name k >/dev/null 2>&1
trial host 10 "" --baseline
trial runc 10 more "--workload memory"
trial gvisor 1 "" "--workload memory"

cat >claims.yaml <<'END'
name: test
platforms: {lxc: [lxc, runc], gvisor: [gvisor], firecracker: [firecracker]}
workloads: {memory: [memory, mmap]}
claims:
  - name: more-lines
    place: page 1
    claim: gVisor executes more.
    class: ordinal
    query: >-
      SELECT max(lines) FILTER (WHERE platform = :lxc) AS lxc, max(lines) FILTER (WHERE platform = :gvisor) AS gvisor
      FROM footprint_directory WHERE analysis_id = :analysis AND directory = '.' AND workload = :memory
    expected: gvisor > lxc
  - name: fewer-lines
    place: page 1
    claim: gVisor executes fewer.
    class: ordinal
    query: >-
      SELECT max(lines) FILTER (WHERE platform = :lxc) AS lxc, max(lines) FILTER (WHERE platform = :gvisor) AS gvisor
      FROM footprint_directory WHERE analysis_id = :analysis AND directory = '.' AND workload = :memory
    expected: gvisor < lxc
    note: It is quicker.
  - name: absent
    place: page 2
    claim: Firecracker executes some.
    class: exact
    query: SELECT max(lines) AS firecracker FROM footprint_directory WHERE platform = :firecracker
    expected: firecracker > 0
  - {name: calls, place: page 3, claim: main is called., class: informational,
     query: "SELECT calls / seconds AS rate, function FROM function_calls WHERE function = 'main' AND platform = :gvisor"}
END
"$covdb" claims claims.yaml --format csv >out.csv
verdicts=$(python3 - <<'END'
import csv
print(*(r["name"] + "=" + r["verdict"] for r in csv.DictReader(open("out.csv"))), sep="|")
END
)
check "verdicts" "more-lines=holds|fewer-lines=differs|absent=not measured|calls=for information" "$verdicts"
check "numbers" "lxc 1, gvisor 3" "$(sed -n 's/^more-lines.*,"\(lxc [^"]*\)",holds,$/\1/p' out.csv)"
check "a rate" "rate 1, function main" "$(sed -n 's/^calls.*,"\(rate [^"]*\)",for information,$/\1/p' out.csv)"
"$covdb" claims claims.yaml >out
check "the totals" "test by rule rate against baseline host/idle: 1 hold, 1 differ, 1 not measured, 1 for information" \
	"$(tail -n 1 out)"
check "the note of the one that differs" 1 "$(grep -c 'note      It is quicker.' out)"

# What is wrong is told with file and line, and nothing is written.
sum=$(sha256sum <db.sqlite)
refuse() { # refuse WHAT FROM TO PATTERN
	sed "s/$2/$3/" claims.yaml >wrong.yaml
	status=0
	"$covdb" claims wrong.yaml >out 2>err || status=$?
	check "$1" "1 1 0" "$status $(wc -l <err) $(wc -l <out)"
	grep -q "$4" err || check "$1: message" "$4" "$(cat err)"
}
refuse "an unknown key" 'note:' 'notes:' "wrong.yaml:21: .*notes"
refuse "an unknown class" 'class: exact' 'class: vague' "wrong.yaml:25: 'class' is exact, ordinal"
refuse "a claim without expectation" '    expected: firecracker > 0' '' "wrong.yaml:22: claim absent does not say"
refuse "an unknown column" 'gvisor > lxc' 'gvisor > kata' "wrong.yaml:5: claim more-lines: no such column: kata"
refuse "a query that writes" 'SELECT max(lines) AS firecracker FROM footprint_directory WHERE platform = :firecracker' \
	'DELETE FROM trial' "wrong.yaml:22: claim absent: .*syntax error"
refuse "a query of several rows" "AND platform = :gvisor" "" "wrong.yaml:28: claim calls: .*more than one row"
check "the database is as it was" "$sum" "$(sha256sum <db.sqlite)"

# The paper's claims can be asked of any database.
"$covdb" claims >out 2>err || check "the paper's claims" "" "$(cat err)"
check "nothing but gVisor and containers: not measured" 0 "$(grep -c '^holds: virt-needs-kvm' out)"
check "none is left out" "$(grep -c '^  - name: ' "$source"/workloads/claims.yaml)" "$(grep -c '^  claim  ' out)"

# A query can neither run for ever nor use all memory, and it can only read; the claim is named.
claim() { # claim QUERY [EXPECTED]
	printf 'name: test\nplatforms: {lxc: [runc]}\nworkloads: {memory: [memory]}\nclaims:\n' >limits.yaml
	printf '  - {name: first, place: p, claim: c, class: exact, query: "SELECT 1 AS n", expected: n = 1}\n' >>limits.yaml
	printf '  - {name: greedy, place: p, claim: c, class: ordinal, query: "%s", expected: "%s"}\n' "$1" "${2:-n > 0}" >>limits.yaml
}
sum=$(sha256sum <"$COVDB")
claim "WITH RECURSIVE t (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM t) SELECT count(*) AS n FROM t"
refused 1 'limits.yaml:6: claim greedy: the query takes too long; --timeout' "$covdb" claims limits.yaml --timeout 0.2
claim "SELECT 1 AS n" "(WITH RECURSIVE t (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM t) SELECT count(*) FROM t)"
refused 1 'limits.yaml:6: claim greedy: the query takes too long' "$covdb" claims limits.yaml --timeout 0.2
claim "WITH RECURSIVE t (i, x) AS (SELECT 1, hex(zeroblob(500000)) UNION ALL SELECT i + 1, x || 'a' FROM t LIMIT 1000) SELECT count(*) AS n, max(x) FROM (SELECT x FROM t ORDER BY x)"
refused 1 'claim greedy: out of memory: a query may use 256 MiB' "$covdb" claims limits.yaml
claim "SELECT length(hex(zeroblob(100000000))) AS n"
refused 1 'claim greedy: .*string or blob too big' "$covdb" claims limits.yaml
for beyond in "1 AS n); ATTACH 'planted.sqlite' AS x; SELECT (1" "1 AS n); DELETE FROM kernel --" "load_extension('x') AS n" \
	"count(*) AS n FROM pragma_database_list" "writefile('planted', 'x') AS n" "readfile('claims.yaml') AS n"; do
	claim "SELECT $beyond"
	refused 1 'claim greedy: .*(the query is more than one statement|not authorized|no such function)' "$covdb" claims limits.yaml
done
check "nothing is written" "$sum" "$(sha256sum <"$COVDB")"
if [ -e planted ] || [ -e planted.sqlite ]; then
	fail "a claim wrote a file"
fi
for wrong in 0 -1 x; do
	refused 2 'timeout' "$covdb" claims claims.yaml --timeout="$wrong"
done
check "enough time" 0 "$("$covdb" claims claims.yaml --timeout 1000 >/dev/null && echo 0)"
