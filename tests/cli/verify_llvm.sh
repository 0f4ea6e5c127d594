#!/bin/sh
# verify_llvm.sh COVDB SOURCE_DIR - covdb verify agrees with llvm-cov, and tells when it does not.
set -eu
# shellcheck source=tests/cli/lib.sh
. "$2/tests/cli/lib.sh"
need clang-14 llvm-cov-14
# shellcheck source=tests/cli/liars.sh
. "$source/tests/cli/liars.sh"

cp "$source"/tests/data/programs/*.[ch] .
clang-14 -O0 --coverage -c loops.c -o loops.o
clang-14 --coverage loops.o -o loops && ./loops
liars_are_found llvm-cov-14 's/ 40: / 41: /' 's/called 40 /called 39 /' 's/taken 40$/taken 41/'
