#!/bin/sh
# stdout.sh COVDB SOURCE_DIR COLLECTOR - every command says when its results cannot be written to standard output, and ends quietly with its reader.
set -eu
# shellcheck source=tests/cli/lib.sh
. "$2/tests/cli/lib.sh"
need gcc gcov git sqlite3
collector=$(realpath "$3")
# shellcheck source=tests/cli/exchange_fixture.sh
. "$source/tests/cli/exchange_fixture.sh"
[ -c /dev/full ] || skip "there is no /dev/full"
"$covdb" import idle --platform a --baseline --seconds 10 >/dev/null 2>&1
sqlite3 "$COVDB" "INSERT INTO syscalls (kernel_id, platform, workload, number, duration_ns, lost, manifest) SELECT kernel_id, 'a', 'w', 1, 2000000000, 0, '{}' FROM kernel"
sqlite3 "$COVDB" "INSERT INTO profile (kernel_id, platform, workload, number, duration_ns, event, frequency_hz, samples, lost, is_emulated)
	VALUES (1, 'a', 'w', 1, 1, 'cpu-clock', 997, 1, 0, 0); INSERT INTO profile_stack VALUES (1, 'sh;main', 1)"
mkdir vulns
echo '{"cveMetadata": {"cveId": "CVE-2024-0001"}, "containers": {"cna": {"title": "loops: main()", "affected": [{"defaultStatus": "affected",
	"programFiles": ["loops.c"], "versions": [{"version": "6.8", "lessThanOrEqual": "*", "status": "unaffected"}]}]}}}' >vulns/CVE-2024-0001.json
"$covdb" cve add vulns >/dev/null
sqlite3 "$COVDB" "INSERT INTO metric SELECT max(trial_id), 0, 'rate', '', 1.5, '1/s' FROM trial"
sqlite3 "$COVDB" "INSERT INTO object_option SELECT kernel_id, 'NET', path FROM object"
(cd tree && git diff --no-index /dev/null parts.c >../parts.diff) || :
mv "$COVDB" database
mkfifo pipe
exec 4<>pipe
exec 5>pipe
exec 4<&- # 5 leads to nobody
exec 6>&1

# unwritten STATUS PATTERN COMMAND... - with standard output as it is
unwritten() {
	expected=$1
	pattern=$2
	shift 2
	cp database "$COVDB"
	status=0
	"$@" 2>err || status=$?
	{
		check "the status of: $*" "$expected" "$status"
		[ -z "$pattern" ] || check "the lines about standard output of: $*" 1 "$(grep -cE "$pattern" err)"
		! grep -q 'roken pipe' err || fail "not quiet: $*"
	} >&6
}
checked() { # checked COMMAND... - what prints something
	cp database "$COVDB"
	"$@" >printed 2>err || :
	[ -s printed ] || fail "prints nothing: $*"
	unwritten 1 '^covdb.*: standard output: No space left on device$' "$@" >/dev/full
	unwritten 1 '^covdb.*: standard output: Bad file descriptor$' "$@" >&-
	unwritten 141 '' "$@" >&5
}

for program in "$covdb" "$collector"; do
	checked "$program" --help
	checked "$program" help
	checked "$program" --version
	checked "$program"
	checked "$program" doctor --help
	checked "$program" doctor --usage
	"$program" help | sed -n '/^Commands:/,/^$/s/^  \([a-z][a-z-]*\( [a-z][a-z-]*\)\{0,1\}\) .*/\1/p' >commands
	[ -s commands ] || fail "$program names no command"
	while IFS= read -r command; do
		# shellcheck disable=SC2086 # words of a command
		checked "$program" help $command
	done <commands
	checked "$program" doctor
	checked "$program" kernel check-config "$source/kernel-config/gcov.config"
	checked "$program" collect --dry-run "$source/workloads/first-finding.yaml"
done

"$covdb" help | sed -n '/^Commands:/,/^$/s/^  \([a-z][a-z-]*\( [a-z][a-z-]*\)\{0,1\}\) .*/\1/p' >commands
# Checked above, and those that need the lab or the recorded study.
printf '%s\n' doctor 'kernel check-config' collect 'lab build' 'lab run' 'lab shell' tour >tried
while IFS='|' read -r command operands; do
	echo "$command" >>tried
	# shellcheck disable=SC2086 # words of a command
	eval "checked '$covdb' $command $operands"
done <<'END'
kernel add|--notes tree --name again
kernel list|
kernel diff|k k
compare|a/w b/w
compare|a/w b/w --format json
patch|parts.diff
patch|parts.diff --format json
patch|parts.diff --format info
kernel list|--format json
kernel pack|-o -
complete|-- venn --dir ''
decode|first --notes tree
decode|first --notes tree --format info
decode|first --notes tree --format json
decode|first --notes tree --per-object --format json
verify|first --notes tree
verify|first --notes tree --format json
import|other --platform c --workload w --seconds 10
trial list|
trial list|--format json
trial remove|a/w/1
objects|
diff|
diff|--format json
venn|
venn|--format json
venn|--format csv
venn|--format svg
lines|"a | b"
lines|"a | b" --format json
summary|
summary|--all
find|main
functions|
annotate|jumps.c
conditional|--format json
top|a b --format csv
kconfig|
kconfig|--all --format json
stability|
stability|--format json
noise|--format csv
metrics|--format csv
cve add|vulns
cve|--release 6.1
cve|--release 6.1 --format json
cve|--release 6.1 --format csv
cve|--release 6.1 --regions
cve|--release 6.1 --vex
profile list|
profile list|--format json
profile remove|a/w/1
profile|
profile|--format json
profile|--format folded
profile|--format svg
syscalls list|
syscalls list|--format json
syscalls remove|a/w/1
syscalls|--profile "$source/tests/data/seccomp/machine.json"
syscalls|--profile "$source/tests/data/seccomp/machine.json" --list all --format json
claims|"$source/workloads/claims.yaml" --format csv
sql|"SELECT 1"
sql|--format csv "SELECT 1"
report|-o page
paper|-o paper
export|--trial a/w
export|--trial a/w --format cobertura
export|--trial a/w --format syzkaller
export|--trial a/w --format json
export|--trial a/w --format csv
END
# Of a kernel without trials, each time anew.
"$covdb" kernel add --db spare.sqlite --notes tree --name spare >/dev/null 2>&1
cat >remove_spare <<END
#!/bin/sh
cp spare.sqlite gone.sqlite
'$covdb' kernel remove spare --db gone.sqlite
END
chmod +x remove_spare
echo 'kernel remove' >>tried
checked ./remove_spare
sort -u tried -o tried
sort -u commands | comm -23 - tried >untried
check "commands whose standard output is not checked here" "" "$(xargs <untried)"

# Where SIGPIPE is ignored, it is the same.
(
	trap '' PIPE
	unwritten 141 '' "$covdb" summary >&5
	unwritten 141 '' "$covdb" sql 'SELECT 1' >&5
)
# What prints nothing there needs no standard output.
"$covdb" decode first --notes tree -o file 2>err >&- || fail "a file, without standard output"
[ -s file ] || fail "nothing in the file"
# Of several writes that fail the first says why; and a database is never opened in its place.
"$covdb" kernel add --notes tree --name closed >&- 2>err || :
kernels=$("$covdb" kernel list)
echo "$kernels" >said
expect said '^closed'
