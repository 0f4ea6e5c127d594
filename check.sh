#!/bin/bash
# check.sh - install what is missing, build covdb with and without sanitizers, and run all tests,
# those on a real kernel in the lab included. Needs Debian 12, root or sudo, and about 6 GB of disk.
set -euo pipefail
cd "$(dirname "$0")"
.ci/install.sh .ci/packages/build.txt .ci/packages/lab.txt .ci/packages/recorded.txt \
	.ci/packages/test.txt
# What is exported is shown to both generations of lcov; the newer one is no package of Debian 12.
tests/bench/lcov2.sh build/release/bench || echo "== lcov 2 cannot be had: its tests are skipped" >&2

echo "== building" >&2
# What was compiled before, also in another clone, comes from the cache, where the kernels are.
export CMAKE_C_COMPILER_LAUNCHER=ccache CCACHE_BASEDIR="$PWD" CCACHE_NOHASHDIR=1 CCACHE_MAXSIZE=1G
export CCACHE_DIR="${XDG_CACHE_HOME:-$HOME/.cache}/covdb/ccache"
build() { # build PRESET
	cmake --preset "$1" -DBUILD_TESTING=ON >/dev/null
	cmake --build --preset "$1" | tail -n 1 >&2
}
# At once: configuring, linking and making man pages leave a processor idle.
build asan &
asan=$!
build release &
release=$!
built=0
wait "$asan" || built=$?
wait "$release" || built=$?
[ "$built" = 0 ] || exit "$built"
unset CMAKE_C_COMPILER_LAUNCHER
echo "== the lab (kernel builds of about 14 minutes the first time, then cached)" >&2
build/release/covdb lab build >/dev/null

# Unit tests and those of the command line under sanitizers, then everything on the release. Checks
# of the sources are the same in both; those labelled once have others that show the same code.
jobs=$(($(nproc) + 2)) # some wait for a guest, a disk or a clock
# A python3 that is a script which looks for one, as pyenv's, takes 0.1 s each time; tests start thousands.
python=$(python3 -c 'import sys; print(sys.executable)')
[ "$python" -ef "$(command -v python3)" ] || PATH=${python%/*}:$PATH
ASAN_OPTIONS=handle_sigill=1 ctest --test-dir build/asan --output-on-failure -L quick -LE 'lint|once' -j "$jobs"
exec ctest --test-dir build/release --verbose -j "$jobs"
