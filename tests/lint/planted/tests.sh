#!/bin/sh
# tests.sh COVDB SOURCE_DIR - tests/lint/tests.py finds tests that cannot fail, and tests that nobody runs.
# shellcheck disable=SC2016 # of what is planted
set -eu
# shellcheck source=tests/lint/planted/lib.sh
. "$2/tests/lint/planted/lib.sh"
need python3
passes tests.py

unit_test() { # unit_test BODY OF HELPER, BODY OF TEST
	cat <<END
static void helper(void)
{
	$1
}

static void planted(void **state)
{
	$2
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(planted) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
END
}
list=tests/unit/differ/CMakeLists.txt
sed 's/  median_test/  median_test planted_test/' "$source/$list" | plant "$list"
unit_test 'assert_true(1);' 'helper();' | plant tests/unit/differ/planted_test.c
passes tests.py
unit_test 'assert_true(1);' '(void)state;' | plant tests/unit/differ/planted_test.c
finds tests.py 'differ/planted_test.c: planted\(\) asserts nothing'
unit_test ';' 'helper();' | plant tests/unit/differ/planted_test.c
finds tests.py 'differ/planted_test.c: planted\(\) asserts nothing'
unit_test 'assert_true(1);' 'helper();' | sed 's/cmocka_unit_test(planted)//' | plant tests/unit/differ/planted_test.c
finds tests.py 'differ/planted_test.c: planted\(\) is not run'
restore tests/unit/differ/planted_test.c
restore "$list"
unit_test 'assert_true(1);' 'helper();' | plant tests/unit/differ/planted_test.c
finds tests.py 'differ/planted_test.c: is neither a test'
restore tests/unit/differ/planted_test.c

script() { # script LINE...: a test of the command line
	printf '#!/bin/sh\nset -eu\n. "$2/tests/cli/lib.sh"\n'
	printf '%s\n' "$@"
}
script : | plant tests/cli/planted.sh
finds tests.py 'cli/planted.sh: is neither a test'
restore tests/cli/planted.sh
for line in 'if command -v planted programs >/dev/null; then :; fi' 'command -v "$1" "$2"'; do
	script "$line" | plant tests/cli/import.sh
	finds tests.py "cli/import.sh:4: 'command -v' with two operands"
done
script 'echo "not tried: planted"' | plant tests/cli/import.sh
finds tests.py 'cli/import.sh:4: a part that could not run'
script 'exec python3 planted.py' | plant tests/cli/import.sh
finds tests.py "cli/import.sh: 'exec' leaves"
script : | sed 1,3d | plant tests/cli/import.sh
git -C "$tree" update-index --chmod=+x tests/cli/import.sh
finds tests.py 'cli/import.sh: does not begin with lib.sh'
restore tests/cli/import.sh
rm "$tree/tests/cli/import.sh" # git still knows it
finds tests.py 'No such file'
restore tests/cli/import.sh
passes tests.py
finds_nothing_to_read tests.py
