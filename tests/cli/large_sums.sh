#!/bin/sh
# large_sums.sh COVDB SOURCE_DIR - counts that add up to more than a 64-bit number holds are the largest
# that there is: never below 0, which would say that the line did not run.
set -eu
# shellcheck source=tests/cli/lib.sh
. "$2/tests/cli/lib.sh"
need gcc python3
largest=9223372036854775807

# One function of a header, in two objects, each of which calls it 12345 times.
mkdir tree first second
cat >tree/shared.h <<'END'
static void shared(void)
{
	__asm__("");
}
END
for name in a b; do
	printf '#include "shared.h"\nvoid %s(void)\n{\n\tfor (int i = 0; i < 12345; i++) shared();\n}\n' \
		$name >tree/$name.c
done
printf 'void a(void), b(void);\nint main(void)\n{\n\ta();\n\tb();\n\treturn 0;\n}\n' >tree/main.c
(
	cd tree || exit
	gcc --coverage -c a.c b.c main.c
	gcc --coverage -o program a.o b.o main.o
	./program
)
# In each the count becomes three quarters of the largest.
python3 - tree/a.gcda tree/b.gcda <<'END'
import struct, sys

for path in sys.argv[1:]:
    with open(path, 'rb') as file:
        data = file.read()
    before, after = struct.pack('<Q', 12345), struct.pack('<Q', 3 << 61)
    assert before in data
    with open(path, 'wb') as file:
        file.write(data.replace(before, after))
END
cp tree/*.gcda first
cp tree/*.gcda second
rm tree/*.gcda

"$covdb" decode first --notes tree >rows 2>said
check "a line of two objects" "shared.h	3	$largest" "$(grep '^shared.h	3' rows)"
check "is not negative" 0 "$(grep -c negative said)"
"$covdb" decode first --notes tree --format info 2>/dev/null >first.info
check "calls of a function of two objects" "FNDA:$largest,shared" "$(grep "^FNDA:.*shared" first.info)"
"$covdb" decode first --notes tree --format json 2>/dev/null | python3 -c '
import json, sys

files = {file["file"]: file for file in json.load(sys.stdin)["files"]}
print(files["shared.h"]["functions"][0]["calls"])' >calls
check "calls in JSON" "$largest" "$(cat calls)"

# Two trials: counters are summed, and the counts that tracefiles have instead.
"$covdb" kernel add --notes tree --name k --build-id abc >/dev/null
for name in first second; do
	"$covdb" import $name --platform counters --workload w --seconds 10 >/dev/null 2>said
	check "import of $name" 0 "$(grep -c negative said)"
	"$covdb" import first.info --platform counts --workload w --seconds 10 >/dev/null 2>&1
done
for platform in counters counts; do
	"$covdb" export --trial $platform/w --lcov 1 2>/dev/null >$platform.info
	check "executed ($platform)" "DA:3,$largest" "$(sed -n '/shared.h/,/end_of/s/^DA:3/&/p' $platform.info)"
	check "called ($platform)" "FNDA:$largest,shared" "$(grep "^FNDA:.*shared" $platform.info)"
	check "of one object ($platform)" 0 "$(grep -c ':.*,-' $platform.info)"
done
"$covdb" import first --platform counters --baseline --seconds 1000 >/dev/null 2>&1
"$covdb" functions --format json >functions.json 2>/dev/null || fail "functions"
"$covdb" top counters counts --format json >top.json 2>/dev/null || fail "top"
grep -q shared functions.json || fail "no row of the function"
for answer in functions top; do
	check "numbers below 0 in $answer" 0 "$(grep -cE ':-[0-9]|: -[0-9]|,-[0-9]' $answer.json)"
done
