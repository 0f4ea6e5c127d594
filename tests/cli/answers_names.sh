#!/bin/sh
# answers_names.sh COVDB SOURCE_DIR - a name that is not there is one status everywhere, and what was meant is told; an answer without a row
# says why.
set -eu
# shellcheck source=tests/cli/lib.sh
. "$2/tests/cli/lib.sh"
need gcc git python3 zstd
# shellcheck source=tests/cli/answers_fixture.sh
. "$source/tests/cli/answers_fixture.sh"
"$covdb" kernel add --db bare.sqlite --notes tree --name k --build-id abc >/dev/null 2>&1
cp bare.sqlite none.sqlite
"$covdb" kernel remove --db none.sqlite k >/dev/null
python3 "$source/tests/cli/answers_names.py" "$covdb" "$source" || fail "names"

# Closest is what few letters make of it, and a path that ends in it.
meant() { # meant NAME COMMAND...
	name=$1
	shift
	refused 1 "did you mean '$name'\?" "$covdb" "$@"
}
meant runc venn --platforms rnc
meant runc venn 'host | Runk'
meant stream functions -w strem
meant k summary --kernel kk
meant poisson venn --rule poison
meant net venn --dir nett
meant net/packet.c annotate packet.c
meant net/packet.c export --footprint runc --dir net/paket.c
meant work_1 functions wrk_1
meant never annotate nver
meant rate metrics rat
meant host/idle noise --baseline host/ide
meant host/idle diff --baseline host/ide
meant runc/cpu export --trial runc/cpo
meant runc/cpu compare host/cpu runc/cpo
meant runc/cpu/1 trial remove runc/cpu/11
meant runc/cpu/1 profile remove runc/cp/1
meant runc profile --platform rnuc
meant sentry syscalls --role sentri
refused 2 "':work_1' is not FILE, FILE:LINE" "$covdb" annotate :work_1
refused 2 "':3' is not FILE, FILE:LINE" "$covdb" annotate :3
refused 2 "there is no option --platfroms; did you mean --platforms\?" "$covdb" venn --platfroms host
refused 2 "is not a command; did you mean 'venn'\?" "$covdb" vnen
refused 2 "not 'jsn'; did you mean 'json'\?" "$covdb" venn --format jsn
refused 1 "there is no baseline host/ide, only .*host/idle" "$covdb" noise --baseline host/ide
# A folder that is not there is no folder of another kind.
refused 1 "cannot open nowhere: No such file" "$covdb" import nowhere
refused 1 "cannot open nowhere: No such file" "$covdb" cve add nowhere
# What is a value is no option, and the beginning of one is it.
check "a value" "0" "$("$covdb" venn --plat host >/dev/null && echo $?)"
refused 1 "there is no platform '--platfroms'" "$covdb" venn -p --platfroms
refused 1 "there is no platform '--platfroms'" "$covdb" venn --platforms --platfroms
refused 1 "no trial of these workloads has the metric rate, as those of cpu have" "$covdb" metrics rate --workload idle
# Nothing is close to what is another word.
"$covdb" venn --platforms firecracker 2>err || :
check "nothing was meant" 0 "$(grep -c 'did you mean' err)"
