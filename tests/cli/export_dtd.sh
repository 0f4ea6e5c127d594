#!/bin/sh
# export_dtd.sh COVDB SOURCE_DIR - Cobertura's DTD, of which COVDB_COBERTURA_DTD names a copy since no package
# has it, allows what covdb export writes.
set -eu
# shellcheck source=tests/cli/lib.sh
. "$2/tests/cli/lib.sh"
need gcc xmllint
[ -n "${COVDB_COBERTURA_DTD:-}" ] || skip "\$COVDB_COBERTURA_DTD does not name Cobertura's DTD"
# shellcheck source=tests/cli/exchange_fixture.sh
. "$source/tests/cli/exchange_fixture.sh"

"$covdb" export --trial a/w --format cobertura -o out.cobertura 2>/dev/null
xmllint --noout --dtdvalid "$COVDB_COBERTURA_DTD" out.cobertura || fail "not valid by its DTD"
