#!/bin/sh
# filters.sh FILTER_TRY SOURCE_DIR [ceccomp|recorded] - what covdb says of seccomp filters is what the kernel does; or what ceccomp says;
# or the first, of the filters that the recorded platforms had.
set -eu
oracle=${3:-kernel}
# shellcheck source=tests/cli/lib.sh
. "$2/tests/cli/lib.sh"
need python3
if [ "$oracle" = ceccomp ]; then
	# The program itself: PyPI's package has a script around it, which takes a tenth of a second for each call.
	ceccomp=$(python3 -c 'import ceccomp, os; print(os.path.join(os.path.dirname(ceccomp.__file__), "ceccomp"))' 2>/dev/null ||
		command -v ceccomp) || skip "ceccomp (PyPI) is not installed"
fi

set -- "$source"/tests/data/seccomp/container.json "$source"/tests/data/seccomp/machine.json
# Debian's package golang-github-containers-common.
[ ! -e /usr/share/containers/seccomp.json ] || set -- "$@" /usr/share/containers/seccomp.json
# The filters of the recorded platforms; those of the other workload are the same.
if [ "$oracle" = recorded ]; then
	need zstd
	tar --zstd -xf "$source/workloads/recorded/syscalls.tar.zst"
	set --
	for file in syscalls/trials/*-cpu-1.syscalls; do
		if grep -q '"seccomp": 2' "$file"; then set -- "$@" "$file"; fi
	done
	check "platforms with filters" 4 "$#"
fi
mkdir dump
status=0
"$covdb" --dump dump "$@" >out 2>err || status=$? # that is filter_try
cat out err
[ "$status" != 77 ] || skip "filters cannot be installed and watched here"
check "status" 0 "$status"
expect out '^[0-9]+ compared, 0 differences, 0 not met$'

if [ "$oracle" = ceccomp ]; then
	"$source/tests/oracle/ceccomp_oracle.py" "$ceccomp" dump >out || fail "ceccomp says otherwise"
	cat out
fi
