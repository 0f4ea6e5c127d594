#!/bin/sh
# export_lcov.sh COVDB SOURCE_DIR GENERATION - lcov and genhtml, the system's or the newer ones, take what
# covdb export writes without an ignored error, with the same totals.
set -eu
# shellcheck source=tests/cli/lib.sh
. "$2/tests/cli/lib.sh"
need gcc python3
# shellcheck source=tests/cli/lcov.sh
. "$source/tests/cli/lcov.sh"
lcov_begin "$3"
# shellcheck source=tests/cli/exchange_fixture.sh
. "$source/tests/cli/exchange_fixture.sh"

# lcov's own capture of the same counters says the same of every line, and lcov and genhtml take what
# covdb wrote.
same_counts() { # same_counts INFO INFO VERSION
	python3 - "$1" "$2" "$3" <<'PYTHON' || check "lines of $1" "those of $2" different
import sys


def read(path):
    """Counts by file and line; blocks of branches by file, line and block."""
    counts, branches = {}, {}
    for line in open(path):
        kind, _, rest = line.strip().partition(":")
        values = rest.split(",")
        if kind == "SF":
            file = rest
        elif kind == "DA":
            key = (file, int(values[0]))
            counts[key] = counts.get(key, 0) + int(values[1])
        elif kind == "BRDA":
            key = (file, int(values[0]))
            block = branches.setdefault(key, {}).setdefault(values[1].lstrip("ef"), [])
            block.append(values[-1])
    return counts, {key: sorted(blocks.values()) for key, blocks in branches.items()}


own, own_branches = read(sys.argv[1])
ours, our_branches = read(sys.argv[2])
assert own and own == ours, sorted(set(own.items()) ^ set(ours.items()))[:10]
assert len(our_branches) > 10
for key, blocks in own_branches.items() if "1." not in sys.argv[3] else []:
    if key not in our_branches:  # left out: the line ran, and no way out of it was taken
        assert own[key] > 0 and not set(sum(blocks, [])) - {"0", "-"}, (key, blocks)
    else:
        assert our_branches.pop(key) == blocks, (key, blocks, our_branches)
PYTHON
}
"$covdb" export --trial a/w/1 --branches --lcov "$style" -o one.info 2>one.err
"$covdb" export --region a,b --branches --lcov "$style" -o region.info 2>region.err
# What is written unless told otherwise is read by both: with the same totals of lines, functions and branches.
"$covdb" export --trial a/w/1 --branches -o both.info 2>both.err
check_site both.info "$(lines_of both.err)"
check "as many functions are called" "$(grep -E '^FN[FH]' one.info)" "$(grep -E '^FN[FH]' both.info)"
check "some are" yes "$(grep -q '^FNH:[1-9]' both.info && echo yes)"
run_lcov lcov -a both.info "$with_branches" -o read.info >read.err 2>&1 || check "lcov reads both" "" "$(cat read.err)"
check "no complaint of lcov about both" "" "$(grep -E 'WARNING|ERROR' read.err)"
check "calls by lcov" "$(grep ^FNDA both.info | sort)" "$(sed -n 's/^FNA:[0-9]*,/FNDA:/; /^FNDA/p' read.info | sort)"
check_site one.info "$(lines_of one.err)"
check_site region.info "$(lines_of region.err)"
rm -f tree/*.gcda
cp first/*.gcda tree
run_lcov lcov -q -c "$with_branches" -d tree -o own.info >own.err 2>&1 ||
	check "lcov captures" "" "$(cat own.err)"
run_lcov lcov -a one.info "$with_branches" -o read.info >read.err 2>&1 ||
	check "lcov reads" "" "$(cat read.err)"
check "no complaint of lcov" "" "$(grep -E 'WARNING|ERROR' read.err)"
# lcov 1.x adds up branches by number, whatever else is on the line: only its lines are compared.
same_counts own.info one.info "$lcov_version"
same_counts read.info one.info any
