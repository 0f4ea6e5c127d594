#!/bin/sh
# database_damaged.sh COVDB SOURCE_DIR - whatever is wrong with what a database keeps as bytes, a command answers or says
# in one line that it is damaged; and the build id of a kernel is taken from its vmlinux.
set -eu
# shellcheck source=tests/cli/lib.sh
. "$2/tests/cli/lib.sh"
need gcc sqlite3
# shellcheck source=tests/cli/exchange_fixture.sh
. "$source/tests/cli/exchange_fixture.sh"

# The id that the linker writes into a program is the kernel's, if that program is its vmlinux.
mkdir built
cp tree/*.gcno built
gcc -Wl,--build-id=0x0123456789abcdef0123456789abcdef01234567 tree/loops.c -o built/vmlinux
"$covdb" kernel add --db built.sqlite --notes built --name b >out
check "the build id" 0123456789abcdef0123456789abcdef01234567 "$(sqlite3 built.sqlite 'SELECT build_id FROM kernel')"
gcc -Wl,--build-id=none tree/loops.c -o built/vmlinux
status=0
"$covdb" kernel add --db none.sqlite --notes built --name b >out 2>err || status=$?
expect err 'build.id|vmlinux'

# One trial of counters, and one of a tracefile, whose counts are kept as they came.
"$covdb" export --trial a/w/1 --branches -o one.info 2>/dev/null
"$covdb" import one.info --platform t --workload w --seconds 10 >/dev/null 2>&1
sqlite3 "$COVDB" 'PRAGMA wal_checkpoint' >/dev/null
sqlite3 "$COVDB" "SELECT m.name || ' ' || i.name FROM sqlite_schema m JOIN pragma_table_info(m.name) i
	WHERE m.type = 'table' AND i.type = 'BLOB'" >columns
check "there are such columns" yes "$([ "$(wc -l <columns)" -ge 4 ] && echo yes)"
tried=0
told=0
while read -r table column; do
	for change in "x''" "x'00'" "substr($column, 1, length($column) / 2)" "zeroblob(length($column))" \
		"CAST(substr($column, 1, length($column) - 1) || x'ff' AS BLOB)" "$column || $column"; do
		cp "$COVDB" damaged.sqlite
		sqlite3 damaged.sqlite "UPDATE OR IGNORE $table SET $column = CAST($change AS BLOB) WHERE $column IS NOT NULL" 2>/dev/null || continue
		for command in "decode first" "export --trial a/w" "export --trial t/w --branches" "export --footprint a" \
			"venn" "diff" "annotate loops.c:1-9" "functions" "conditional --dir ." "stability" "objects --list"; do
			status=0
			# shellcheck disable=SC2086 # a command is several words
			"$covdb" $command --db damaged.sqlite >out 2>err || status=$?
			tried=$((tried + 1))
			case $status in
			0) ;;
			1)
				told=$((told + 1))
				[ -s err ] || fail "nothing is said: $command, $table.$column = $change"
				;;
			*) fail "status $status of $command: $table.$column = $change: $(tail -n 1 err)" ;;
			esac
		done
	done
done <columns
echo "$tried commands on damaged databases, $told said so"
check "damage is told" yes "$([ "$told" -gt 20 ] && echo yes)"
cp "$COVDB" damaged.sqlite
sqlite3 damaged.sqlite "UPDATE kernel SET lines = substr(lines, 1, length(lines) / 2)"
refused 1 'damaged.sqlite: .* is damaged' "$covdb" decode first --db damaged.sqlite
