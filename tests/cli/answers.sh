#!/bin/sh
# answers.sh COVDB SOURCE_DIR - every command's answer is whole in every format, and its JSON is what docs/json says.
set -eu
# shellcheck source=tests/cli/lib.sh
. "$2/tests/cli/lib.sh"
need gcc git python3 zstd
python3 -c 'import jsonschema' 2>/dev/null || skip "python3-jsonschema is not installed"
# shellcheck source=tests/cli/answers_fixture.sh
. "$source/tests/cli/answers_fixture.sh"
python3 "$source/tests/cli/answers.py" "$covdb" "$source" || fail "answers"
