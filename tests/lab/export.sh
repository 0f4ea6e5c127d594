#!/bin/sh
# export.sh COVDB SOURCE_DIR RESULTS GENERATION - genhtml, the system's or the newer one, shows a kernel's trial,
# footprint and region beside its sources without an ignored error, with covdb's totals.
set -eu
# shellcheck source=tests/lab/lib.sh
. "$2/tests/lab/lib.sh"
COVDB=$results/covdb.sqlite
# shellcheck source=tests/cli/lcov.sh
. "$source/tests/cli/lcov.sh"
lcov_begin "$4"
# genhtml takes half a minute for all of net/: the system's gets it, lcov 2's a quarter of it.
large=net
[ "$4" = system ] || large=net/ipv4
while read -r what below; do
	"$covdb" export "$what" --dir "$below" --branches --lcov "$style" -o net.info 2>err
	check_site net.info "$(lines_of err)"
done <<END
--trial=runc/cpu $large
--footprint=gvisor net/ipv4
--region=runc,gvisor net/ipv4
END
# All of the kernel, as the database counts it.
"$covdb" export --trial runc/cpu/1 2>err >whole.info
check "the whole kernel" "$(sqlite3 "$COVDB" "SELECT lines_hit || ' of ' || lines_found FROM trial
	JOIN platform p USING (platform_id) JOIN workload w USING (workload_id)
	WHERE p.name = 'runc' AND w.name = 'cpu' AND number = 1")" "$(lines_of err)"
