#!/bin/sh
# terminal.sh COVDB SOURCE_DIR - a terminal obeys no name: of an operand, a member of an archive, a source file, a
# function, a claim, whatever the format. What is said on stderr is shown in a file, too.
set -eu
# shellcheck source=tests/cli/lib.sh
. "$2/tests/cli/lib.sh"
need gcc script sqlite3 tar

# A title for the window, CSI as one character of UTF-8, DEL, an override of the direction, Latin-1, a return.
evil=$(printf 'a\033]0;title\007b\302\2332Jc\177d\342\200\256e\351f\rg')
shown='a\x1b]0;title\x07b\xc2\x9b2Jc\x7fd\xe2\x80\xaee\xe9f\x0dg'

obeyed() { # obeyed FILE - lines with something that a terminal obeys, but for our own colours; it is given \r\n for each newline
	sed 's/\r*$//; s/\x1b\[\(3[1-6]\|0\)m//g' "$1" | LC_ALL=C grep -acP '[\x00-\x08\x0b-\x1f\x7f]|\xc2[\x80-\x9f]|\xe2\x80[\x8e\x8f\xa8-\xae]' || :
}
# Both ways: on a terminal, and stderr in a file.
on_terminal() { # on_terminal WHAT PATTERN COMMAND... - a line matches, and nothing is obeyed
	what=$1
	pattern=$2
	shift 2
	SHELL=/bin/sh script -qc "$(quoted "$@")" typescript </dev/null >/dev/null 2>&1 || :
	sed '1d;$d' typescript >seen
	check "$what: nothing is obeyed" 0 "$(obeyed seen)"
	LC_ALL=C expect seen "$pattern" "$what"
	"$@" >/dev/null 2>seen || :
	check "$what: nothing is obeyed in a file" 0 "$(obeyed seen)"
}
quoted() { # quoted WORD... - as words for a shell
	for word; do
		printf "'%s' " "$(printf '%s' "$word" | sed "s/'/'\\\\''/g")"
	done
}
pattern() { # pattern TEXT - that matches just this
	printf '%s' "$1" | sed 's/[][\\.*^$+?(){}|]/\\&/g'
}
is_shown=$(pattern "$shown")

# The check sees what it is to see.
printf 'fine\r\n%s\r\n' "$evil" >seen
check "the check sees" 1 "$(obeyed seen)"

# What the command line says, in words of ours and of libraries.
on_terminal "no such command" "$is_shown" "$covdb" "$evil"
on_terminal "no such option" "$is_shown" "$covdb" venn "--$evil"
on_terminal "no such choice" "$is_shown" "$covdb" venn --format "$evil"
on_terminal "one operand too many" "$is_shown" "$covdb" doctor "$evil"
on_terminal "no such file" "$is_shown" "$covdb" decode "$evil" --notes "$evil"
on_terminal "no such database" "$is_shown" "$covdb" venn --db "$evil"
status=0
"$covdb" venn --db "two
lines" 2>err || status=$?
check "a newline in a name is shown, and the message one line" "1 1" "$status $(grep -c 'two.x0alines' err)"

# Sources in a folder of that name; and a function, which is written over one of as many bytes.
mkdir "$evil" "$evil/tree"
cat >"$evil/tree/main.c" <<'END'
int a_name_for_the_other(int n)
{
	return n > 1 ? 7 : 3;
}
int main(int argc, char **argv)
{
	(void)argv;
	return a_name_for_the_other(argc) == 77;
}
END
(cd "$evil/tree" && gcc -O0 --coverage -c "$folder/$evil/tree/main.c" -o main.o && gcc --coverage main.o -o program && ./program)
function=$(printf 'a\033]0;x\007_for_t\302\233other')
LC_ALL=C sed -i "s/a_name_for_the_other/$function/g" "$evil/tree/main.gcno"
mkdir snapshot
(cd "$evil/tree" && mv main.gcda "$folder/snapshot")
name='_for_t.xc2.x9bother'

for format in tsv info json; do
	on_terminal "decode --format $format" 'main' "$covdb" decode snapshot --notes "$evil/tree" --format $format
done
on_terminal "decode of objects" 'main' "$covdb" decode snapshot --notes "$evil/tree" --format json --per-object
on_terminal "verify" 'differences|compared|gcov' "$covdb" verify snapshot --notes "$evil/tree"

# An archive's members, and a name in the notes.
mkdir "members-$evil"
cp snapshot/main.gcda "members-$evil/other.gcda"
tar cf members.tar "members-$evil"
on_terminal "a member of an archive" "$is_shown" "$covdb" decode members.tar --notes "$evil/tree"

# From the database, in each format. An object of that name is damaged.
cp "$evil/tree/main.gcno" "$evil/tree/$evil.gcno"
head -c 40 snapshot/main.gcda >"snapshot/$evil.gcda"
"$covdb" kernel add --notes "$evil/tree" --name k --build-id abc >/dev/null 2>&1
"$covdb" import snapshot --platform host --baseline --seconds 10 >/dev/null 2>&1 || :
"$covdb" import snapshot --platform runc --workload w --seconds 1 >/dev/null 2>&1 || :
for format in text json csv; do
	on_terminal "functions as $format" "$name" "$covdb" functions --format $format
	on_terminal "lines as $format" 'main.c' "$covdb" lines main.c --format $format
	on_terminal "objects as $format" '(b.xc2.x9b2Jc|"object": "[^"]*b.xc2.x9b2Jc[^"]*e.*xe9f)' "$covdb" objects --list --format $format
	on_terminal "conditional as $format" '.' "$covdb" conditional --format $format
	on_terminal "sql as $format" "$name" "$covdb" sql --format $format 'SELECT name FROM function'
	on_terminal "top as $format" '.' "$covdb" top --format $format
done
for format in info gcov json csv; do
	on_terminal "export as $format" '.' "$covdb" export --workload w --platforms runc --format $format
done
"$covdb" functions >table
check "a table shows names in a file, too" 0 "$(obeyed table)"

# A trial's manifest, whose names are refused, and with them the trial.
mkdir -p collected/trials
cat >collected/trials/a.json <<'END'
{"format": "covdb-trial", "version": 1,
 "trial": {"platform": "h\u001b[2J", "driver": "host", "workload": "w", "baseline": null, "number": 1},
 "status": "ok", "failure": null, "exit_status": 0, "signal": null, "duration_ns": 10000000000,
 "started_at": "2026-01-01T00:00:00Z", "steps": [],
 "snapshot": {"file": "a.tar", "files": 2, "bytes": 1, "unreadable": []},
 "kernel": {"release": "6.1", "version": "1", "build_id": "abc", "config_sha256": null,
  "compiler": null, "cpus": 1, "boot_parameters": null, "clock_source": null, "emulated": false,
  "profile_update": "unknown", "gcov_persist": true},
 "versions": {"covdb": "0.1.0"}, "command": [], "output": "", "output_truncated": false}
END
tar cf collected/trials/a.tar -C snapshot .
on_terminal "a platform of a manifest" "a.json: 'trial.platform' is not a name" "$covdb" import collected

# Claims.
cat >claims.yaml <<'END'
name: a
platforms: {runc: [runc]}
workloads: {w: [w]}
claims:
  - {name: a, place: "page \e[31mb \e[2J1", claim: "one\e[1Atwo", class: informational,
     query: "SELECT calls, function FROM function_calls WHERE platform = :runc LIMIT 1"}
END
for format in text json csv; do
	on_terminal "claims as $format" '31mb' "$covdb" claims claims.yaml --format $format
done
