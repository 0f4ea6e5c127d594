#!/bin/bash
# pager.sh COVDB SOURCE_DIR - what is longer than the terminal goes through a pager, what fits does not; status and
# signals are as without one.
set -eu
# shellcheck source=tests/cli/lib.sh
. "$2/tests/cli/lib.sh"
need python3 less sqlite3
unset COVDB_PAGER PAGER LESS
on_terminal() { # on_terminal LINES KEYS COMMAND... - leaves what is seen in the file seen, and sets status
	status=0
	python3 "$source/tests/cli/on_terminal.py" "$1" 100 "$2" "$3" "${@:4}" >seen 2>err || status=$?
}
whole=$(COLUMNS=100 "$covdb" help | wc -l)
cat >pager <<'END'
#!/bin/bash
echo "LESS=$LESS"
sed 's/^/paged: /'
echo done >>pager.done
END
chmod +x pager
export COVDB_PAGER="$folder/pager"

on_terminal 24 '' "$covdb" help
check "status through a pager" 0 "$status"
check "all lines are given to the pager" "$((whole + 1))" "$(wc -l <seen)"
expect seen '^LESS=FRX$'
check "covdb waits for the pager" "done" "$(cat pager.done)"
on_terminal 200 '' "$covdb" help
check "what fits is printed as it is" "$whole 0" "$(wc -l <seen) $(grep -c paged seen || :)"
on_terminal $((whole)) '' "$covdb" help
expect seen '^paged: ' "one line is the shell's"
on_terminal $((whole + 1)) '' "$covdb" help
check "as many lines as there is room for" "$whole 0" "$(wc -l <seen) $(grep -c paged seen || :)"
on_terminal 24 '' "$covdb" --no-pager help
check "--no-pager" "$whole 0" "$(wc -l <seen) $(grep -c paged seen || :)"
on_terminal 5 '' "$covdb" venn --no-pager -h
check "--no-pager after the command" 0 "$(grep -c paged seen || :)"
on_terminal 5 '' "$covdb" venn -h
expect seen '^paged: '
"$covdb" help >file
check "no pager for a file" 0 "$(grep -c paged file || :)"

# Which one: a command line for a shell, none where it is empty or cat, $PAGER after $COVDB_PAGER, and one that is not
# there does no harm.
COVDB_PAGER="$folder/pager | tr a-z A-Z" on_terminal 24 '' "$covdb" help
expect seen '^PAGED: COMMANDS:'
for none in '' cat; do
	COVDB_PAGER=$none PAGER="$folder/pager" on_terminal 24 '' "$covdb" help
	check "COVDB_PAGER='$none'" "$whole 0" "$(wc -l <seen) $(grep -c paged seen || :)"
done
COVDB_PAGER="$folder/nothing -x" on_terminal 24 '' "$covdb" help
check "a pager that is not there" "$whole 0" "$(wc -l <seen) $status"
TEST_TERM=dumb on_terminal 24 '' "$covdb" help
check "a dumb terminal" "$whole" "$(wc -l <seen)"
unset COVDB_PAGER
PAGER="$folder/pager" on_terminal 24 '' "$covdb" help
expect seen '^paged: '

# less, as it comes: one screen, and the rest on its keys; q ends it, and covdb with it.
on_terminal 24 q "$covdb" help
check "less quit early, all of it in the pipe" 0 "$status"
check "less showed a screen" yes "$([ "$(wc -l <seen)" -lt 30 ] && echo yes)"
# More than a pipe holds: the writer ends by SIGPIPE, as it does without a pager.
cat >first_line <<'END'
#!/bin/bash
head -n 1
END
chmod +x first_line
"$covdb" kernel add --notes "$source/tests/data" >/dev/null 2>&1
sqlite3 "$COVDB" "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)
	INSERT INTO kernel SELECT i + 9, 'kernel-of-a-long-name-' || i, '6.1', '', 'prefer', '/', '/', 0, 0, 0, x'' FROM n"
COVDB_PAGER="$folder/first_line" on_terminal 24 '' "$covdb" kernel list
check "a pager that has had enough" 141 "$status"
check "nothing is said" 1 "$(wc -l <seen)"

# What failed fails, and the message is there after the page.
COVDB_PAGER="$folder/pager" on_terminal 24 '' "$covdb" venn --platforms nobody
check "status of a failure" 1 "$status"
expect seen 'covdb venn: '
# Ctrl-C is the pager's and covdb's; covdb waits.
cat >stubborn <<'END'
#!/bin/bash
trap '' INT
echo begun
cat >/dev/null
sleep 1
echo ended
END
chmod +x stubborn
COVDB_PAGER="$folder/stubborn" on_terminal 24 "$(printf '\003')" "$covdb" kernel list
expect seen 'ended$' "the pager that an interrupt does not end"
check "an interrupt ends covdb" 130 "$status"
