#!/bin/sh
# claims.sh COVDB SOURCE_DIR - claims that hold, differ or were not measured; files of claims that are wrong.
set -eu
# shellcheck source=tests/cli/lib.sh
. "$2/tests/cli/lib.sh"
need gcc python3

# runc runs what the idle host runs and a branch more; gVisor runs the same, more often.
# shellcheck source=tests/cli/branch_fixture.sh
. "$source/tests/cli/branch_fixture.sh"
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
check "the totals" "test by rule rate against baseline host/idle: 1 hold, 1 differ, 1 not measured, 0 not comparable, 1 for information" \
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

# A platform that was not run with a workload has no numbers there, not zeros; nor has one a union that lacks a part.
paper() { # paper DATABASE CLAIM...: the verdict and numbers of each
	database=$1
	shift
	"$covdb" claims --db "$database" --format csv >out.csv
	python3 -c 'import csv, sys
rows = {r["name"]: r for r in csv.DictReader(open("out.csv"))}
print(*(rows[n]["verdict"] + ": " + rows[n]["got"] for n in sys.argv[1:]), sep="|")' "$@"
}
db() { # db FILE: the database from now on
	export COVDB="$folder/$1"
}
db parts.sqlite
"$covdb" kernel add --notes tree --name k >/dev/null 2>&1
trial host 10 "" --baseline
for platform in host runc gvisor firecracker; do
	for workload in cpu memory; do
		[ "$platform $workload" = "firecracker cpu" ] || trial "$platform" 10 more "--workload $workload"
	done
done
check "one without one of two workloads" \
	"not measured: host 1, lxc 1, gvisor 1, firecracker unknown|not measured: lxc unknown, gvisor unknown, firecracker unknown|not measured: gvisor unknown, firecracker unknown" \
	"$(paper parts.sqlite more-than-the-host cpu-firecracker-has-most-of-its-own virt-gvisor-within-firecracker)"
trial firecracker 10 more "--workload cpu"
check "one with both" \
	"differs: host 1, lxc 1, gvisor 1, firecracker 1|differs: lxc 0, gvisor 0, firecracker 0|not measured: lxc unknown, gvisor unknown, firecracker unknown" \
	"$(paper parts.sqlite more-than-the-host cpu-firecracker-has-most-of-its-own block-cgroup-gvisor)"

# A function of v5.4 that the compiler leaves no trace of but its lines.
mkdir -p five/net/ipv4 five/include/config
echo 5.4.7 >five/include/config/kernel.release
cat >five/net/ipv4/tcp_input.c <<'END'
static inline __attribute__((always_inline)) int tcp_sum_lost(int sacked)
{
	int sum = sacked;

	if (sum > 1)
		sum++;
	return sum;
}












int tcp_skb_mark_lost_uncond_verify(int sacked)
{
	return tcp_sum_lost(sacked);
}

int main(int argc, char **argv)
{
	(void)argv;
	for (int i = 1; i < argc; i++)
		tcp_skb_mark_lost_uncond_verify(i);
	return 0;
}
END
(cd five && gcc -O0 --coverage -c net/ipv4/tcp_input.c -o net/ipv4/tcp_input.o && gcc --coverage net/ipv4/tcp_input.o -o program)
lost() { # lost PLATFORM OPTIONS ARGUMENT...: as many calls as arguments, in ten seconds
	platform=$1 options=$2
	shift 2
	rm -rf snapshot five/net/ipv4/*.gcda
	mkdir -p snapshot/net/ipv4
	five/program "$@"
	mv five/net/ipv4/tcp_input.gcda snapshot/net/ipv4
	# shellcheck disable=SC2086 # options are words
	"$covdb" import snapshot --platform "$platform" --seconds 10 $options >/dev/null 2>&1
}
db five.sqlite
"$covdb" kernel add --notes five >/dev/null 2>&1
lost host --baseline
lost runc "--workload network" 1 2 3 4 5
lost firecracker "--workload network" 1 2
lost gvisor "--workload network"
check "there is no such function" 0 "$("$covdb" sql "SELECT count(*) FROM function WHERE name = 'tcp_sum_lost'" | tr -cd 0-9)"
check "calls per second by lines" "holds: lxc 0.5, gvisor 0, firecracker 0.2" "$(paper five.sqlite tcp-sum-lost)"
echo 6.1.7 >five/include/config/kernel.release
db six.sqlite
"$covdb" kernel add --notes five >/dev/null 2>&1
lost host --baseline
lost runc "--workload network" 1
# What workloads measured on another kernel is in no mean.
cp five.sqlite kernels.sqlite
sqlite3 kernels.sqlite "
	INSERT INTO kernel SELECT kernel_id + 1, 'another', release, 'abc', profile_update, build_root, source_root, object_count, line_count,
		counter_count, lines FROM kernel;
	INSERT INTO trial (kernel_id, platform_id, workload_id, number, status, duration_ns, snapshot)
		SELECT kernel_id + 1, platform_id, workload_id, number, status, duration_ns, '' FROM trial;
	INSERT INTO trial (kernel_id, platform_id, workload_id, number, status, duration_ns, snapshot, is_emulated)
		SELECT k.kernel_id, (SELECT platform_id FROM platform WHERE name = 'host'),
		(SELECT workload_id FROM workload WHERE name = 'network'), 1, 'ok', 5, '', k.kernel_id > 1 FROM kernel k;
	INSERT INTO metric SELECT trial_id, 1, 'bandwidth_total', '{}', iif(kernel_id = 1, 4, 100), 'Gbit/s' FROM trial"
"$covdb" claims "$source/workloads/claims.yaml" --db kernels.sqlite --kernel "$(sqlite3 kernels.sqlite "SELECT name FROM kernel WHERE kernel_id = 1")" \
	--format csv >said
expect said '^bandwidth,.*host 4, lxc 4, gvisor 4, firecracker 4, unit Gbit/s, emulated no.*,for information,' "of the kernel that is asked about"
sqlite3 kernels.sqlite "UPDATE trial SET is_emulated = 1 WHERE counters IS NULL AND kernel_id = 1"
"$covdb" claims "$source/workloads/claims.yaml" --db kernels.sqlite --kernel "$(sqlite3 kernels.sqlite "SELECT name FROM kernel WHERE kernel_id = 1")" >said
expect said '^not comparable: bandwidth ' "a trial for performance alone, on an emulated processor"
expect said ' 1 not comparable, '
check "another kernel's lines are other lines" "not measured: lxc unknown, gvisor unknown, firecracker unknown" "$(paper six.sqlite tcp-sum-lost)"
db db.sqlite

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
	refused 1 'claim greedy: .*(syntax error|not authorized|no such function)' "$covdb" claims limits.yaml
done
for beyond in "1) FROM covdb_answer; ATTACH 'planted.sqlite' AS x; SELECT (1" "1) FROM covdb_answer; DELETE FROM kernel --"; do
	claim "SELECT 1 AS n" "$beyond"
	refused 1 'claim greedy: the query is more than one statement' "$covdb" claims limits.yaml
done
check "nothing is written" "$sum" "$(sha256sum <"$COVDB")"
if [ -e planted ] || [ -e planted.sqlite ]; then
	fail "a claim wrote a file"
fi
for wrong in 0 -1 x; do
	refused 2 'timeout' "$covdb" claims claims.yaml --timeout="$wrong"
done
check "enough time" 0 "$("$covdb" claims claims.yaml --timeout 1000 >/dev/null && echo 0)"
