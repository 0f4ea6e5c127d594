#!/bin/sh
# find.sh COVDB SOURCE_DIR - a word is found in names of every kind, and each hit's command shows it.
set -eu
# shellcheck source=tests/cli/lib.sh
. "$2/tests/cli/lib.sh"
need gcc git python3 zstd
# shellcheck source=tests/cli/answers_fixture.sh
. "$source/tests/cli/answers_fixture.sh"
kinds() { "$covdb" find "$@" --format csv | tail -n +2 | cut -d, -f1,2 | paste -sd ' '; }

check "a platform" "platform,runc" "$(kinds runc)"
check "in any case" "platform,runc" "$(kinds RUN)"
check "a workload" "workload,stream" "$(kinds trea)"
check "a directory and what is in it" "directory,net subsystem,NETWORKING file,net/packet.c" "$(kinds net)"
check "a pattern is of the whole name" "file,net/packet.c" "$(kinds 'net/*.c')"
check "a pattern of functions" "function,work_7 function,work_8 function,work_9" "$(kinds 'work_[7-9]')"
check "the word itself comes first" "function,work_2 function,work_20" "$(kinds work_2 --limit 2)"
check "how many there are" "29 more; --limit 0 shows all" "$("$covdb" find work_ -n 1 | tail -n 1)"
# Each command works as it is.
for word in work runc stream net never .c; do
	"$covdb" find "$word" --format json >found.json
	python3 - "$covdb" <<'END_PYTHON' || fail "a command of $word"
import json, subprocess, sys
for row in json.load(open("found.json"))["rows"]:
    command = row["command"]
    assert command.startswith("covdb "), command
    done = subprocess.run(sys.argv[1] + command[len("covdb"):], shell=True, capture_output=True, text=True)
    assert done.returncode == 0 and done.stdout, (command, done.stderr)
    # It shows what was found, and nothing else.
    if row["kind"] == "subsystem":
        rows = [line for line in done.stdout.splitlines()[1:] if line]
        assert len(rows) == 1 and rows[0].startswith(row["name"]), (command, rows)
    assert row["kind"] != "function" or "SOURCE" in done.stdout and row["name"] in done.stdout, command
END_PYTHON
done
refused 1 "MAINTAINERS has no subsystem NETWORKIN; did you mean 'NETWORKING'" "$covdb" venn --by subsystem --subsystem NETWORKIN --kernel-src tree
refused 2 '--subsystem needs --by subsystem' "$covdb" venn --subsystem NETWORKING
# In a narrow terminal a command stays in one line, to be copied.
COLUMNS=56 "$covdb" find work_7 >narrow
expect narrow ' covdb annotate net/packet.c:work_7$' "a command in 56 columns"
expect narrow '^Not shown in 56 columns: WHERE'
mv tree/MAINTAINERS elsewhere
"$covdb" find net >out 2>err
expect err '^subsystems were not searched: there is no .*/MAINTAINERS; --kernel-src says where the sources are$'
mkdir src && mv elsewhere src/MAINTAINERS
check "of another tree" "subsystem,NETWORKING" "$(kinds working --kernel-src src)"
refused 1 'cannot open nowhere/MAINTAINERS' "$covdb" find net --kernel-src nowhere

# Names are those of one kernel.
"$covdb" kernel add --notes later --name later --build-id def >/dev/null 2>&1 || fail "another kernel"
printf 'SF:net/packet.c\nDA:3,1\nend_of_record\n' >elsewhere.info
"$covdb" import elsewhere.info --platform there --workload elsewhere --seconds 1 --kernel later >out 2>err || fail "a trial of the other kernel: $(cat err)"
check "a workload of another kernel" "" "$(kinds elsewhere --kernel k)"
check "a workload of the kernel" "workload,elsewhere" "$(kinds elsewhere --kernel later)"

# A command asks where it was found: in that database, of that kernel.
mv "$COVDB" 'the other.sqlite'
"$covdb" find elsewhere --db 'the other.sqlite' --kernel later --format csv >found
check "the database and the kernel" "covdb venn --workload elsewhere --db 'the other.sqlite' --kernel later" "$(tail -n 1 found | cut -d, -f4)"
