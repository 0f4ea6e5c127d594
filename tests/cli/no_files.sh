#!/bin/sh
# no_files.sh COVDB SOURCE_DIR - a pipe that nobody writes to and a link to a device are refused at once, as any input.
set -eu
# shellcheck source=tests/cli/lib.sh
. "$2/tests/cli/lib.sh"
need sqlite3 python3

notes=$source/tests/data/cases/condition-coverage
mkdir good
cp "$notes"/c.* good
"$covdb" kernel add --notes good --name k --build-id ab >/dev/null
for platform in a b; do
	"$covdb" import good --platform $platform --baseline --seconds 10 >/dev/null 2>&1
	"$covdb" import good --platform $platform --workload w --seconds 10 >/dev/null 2>&1
done
"$covdb" diff >/dev/null
mkfifo pipe
ln -s /dev/zero zero
python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind("socket")'
kinds="pipe zero socket"
printf 'diff --git a/c.c b/c.c\n--- a/c.c\n+++ b/c.c\n@@ -0,0 +1 @@\n+int c;\n' >c.diff
printf '#!/bin/sh\necho gcov 14.2\n' >gcov
chmod +x gcov

echo 0xffffffff81000000 >addresses
mkdir records
echo '{}' >records/CVE-2024-1.json

# Each row: a command, what of it takes a file, and a command line in which BAD is the file.
cat >rows <<'END'
annotate|FILE|annotate --kernel-src srcBAD c.c
annotate|--kernel-src|annotate --kernel-src srcBAD c.c
claims|FILE|claims BAD
compare|--from|compare a/w b/w --from srcBAD
compare|--to|compare a/w b/w --to srcBAD
compare|--kernel-src|compare a/w b/w --by subsystem --kernel-src srcBAD
collect|EXPERIMENT|collect BAD -o out --dry-run
decode|SNAPSHOT|decode BAD --notes good
decode|--notes|decode good --notes BAD
decode|--kernel-file|decode good --kernel-file BAD
doctor|EXPERIMENT|doctor BAD
find|--kernel-src|find w --kernel-src srcBAD
import|DIR|import BAD --platform p --workload w --seconds 1
import|FILE|import BAD --set s
import|--vmlinux|import addresses --set s --vmlinux BAD
import|SNAPSHOT|import BAD --platform p --workload w --seconds 1
kernel add|--notes|kernel add --notes BAD --name n
kernel add|--kernel-file|kernel add --name n --kernel-file BAD
kernel add|--options|kernel add --notes good --name n --build-id ab --options BAD
kernel add|FILE|kernel add --info --name n BAD
kernel add|--sources|kernel add --notes good --name n --build-id ad --sources srcBAD
kernel check-config|FILE|kernel check-config BAD
kernel diff|--from|kernel diff k k --from srcBAD
kernel diff|--to|kernel diff k k --to srcBAD
syscalls|--profile|syscalls --profile BAD
lines|--from|lines a --in-lines-of k --from srcBAD
lines|--to|lines a --in-lines-of k --to srcBAD
lab run|EXPERIMENT|lab run BAD -o out
patch|FILE|patch BAD
patch|--kernel-src|patch c.diff --kernel-src srcBAD
patch|--notes|patch c.diff --snapshot good --notes BAD
patch|--snapshot|patch c.diff --snapshot BAD --notes good
report|--claims|report -o page --claims BAD
report|--patch|report -o page --patch BAD
report|--before-src|report -o page --before k --before-src srcBAD
venn|--kernel-src|venn --by subsystem --kernel-src srcBAD
verify|SNAPSHOT|verify BAD --notes good --gcov ./gcov
verify|--notes|verify good --notes BAD --gcov ./gcov
END
# What a command needs besides, when its database is the bad file.
operands() {
	case $1 in
	annotate) echo c.c ;;
	compare) echo a/w b/w ;;
	export) echo --trial a/w/1 ;;
	"cve add") echo records ;;
	decode) echo good ;;
	import) echo good --platform p --workload w --seconds 1 ;;
	"kernel add") echo --notes good --name n --build-id ab ;;
	"kernel diff") echo k k ;;
	"kernel remove") echo k ;;
	lines | find) echo a ;;
	patch) echo c.diff ;;
	"kernel pack" | report | paper) echo -o page ;;
	sql) echo "select_1" ;;
	top) echo a b ;;
	"trial remove" | "profile remove" | "syscalls remove") echo a/w/1 ;;
	esac
}
"$covdb" help | sed -n '/^Commands:/,/^$/p' | sed -n 's/^  \([a-z-]*\( [a-z-]*\)\{0,1\}\)  *.*/\1/p' | sed 's/ *$//' >commands
while read -r command; do
	# shellcheck disable=SC2086 # a command may be two words
	"$covdb" help $command >described
	"$covdb" help "$command" | cmp -s - described || fail "'$command' is not described when it is one word"
	# The tour asks its database by other commands.
	if [ "$command" != tour ] && grep -q -- ' --db=' described; then
		echo "$command|--db|$command --db BAD $(operands "$command")" >>rows
	fi
	# Nothing that takes a file is missing here; --kernel-src of report may be without any of its files, and
	# a record that is none is named beside those that were added: below; its source is read beside a git alone.
	{
		sed -n 's/.* \(--[a-z-]*\)=\(FILE\|DIR\).*/\1/p' described | grep -vE -- '--(output|console|root|dir|db|git)$' || :
		sed -n '/^Usage\|^  or:/{s/ --*[a-z-]* [A-Z]*//g;p}' described | grep -oE '\<(FILE|DIR|SNAPSHOT|EXPERIMENT)\>' || :
	} | sort -u >takes
	while read -r what; do
		case "$command $what" in
		"report --kernel-src" | "cve add "*) continue ;;
		esac
		grep -q -- "^$command|$what|" rows ||
			fail "no row for $what of $command"
	done <takes
done <commands
[ "$(wc -l <rows)" -ge 35 ] || fail "only $(wc -l <rows) rows"

for kind in $kinds; do
	# Within a folder: a source, the list of maintainers, a CVE record, and the manifest of a trial.
	mkdir -p "src$kind" "import$kind/trials"
	ln -s "../$kind" "src$kind/c.c"
	ln -s "../$kind" "src$kind/MAINTAINERS"
	ln -s "../$kind" "src$kind/CVE-2024-1.json"
	ln -s "../../$kind" "import$kind/trials/a-w-1.json"
done
try() { # try WHY ARGUMENT...
	why=$1
	shift
	refused 1 "$why" "$covdb" "$@"
}
while IFS='|' read -r command what line; do
	for kind in $kinds; do
		case $kind in
		pipe) why="is a pipe, not a file" ;;
		zero) why="is a device, not a file" ;;
		socket) why="is a socket, not a file" ;;
		esac
		# shellcheck disable=SC2046 # words of a command line
		try "$why" $(echo "$line" | sed "s/BAD/$kind/")
	done
done <rows
for kind in $kinds; do
	status=0
	"$covdb" import "import$kind" >counted 2>err || status=$?
	check "a manifest that is a $kind" "1 1" "$status $(grep -c "import$kind/trials/a-w-1.json is a [a-z]*, not a file" err)"
done

# Beside a database: SQLite opens these by itself.
for suffix in -journal -wal -shm; do
	cp "$COVDB" with.sqlite
	mkfifo "with.sqlite$suffix"
	try "with.sqlite$suffix is a pipe, not a file" summary --db with.sqlite
	rm "with.sqlite$suffix"
done

# Within a snapshot or notes: named, and the others are decoded.
for kind in $kinds; do
	rm -rf mixed
	mkdir mixed
	cp good/* mixed
	ln -s "../$kind" mixed/link.gcda
	ln -s "../$kind" mixed/link.gcno
	mkfifo mixed/pipe.gcda mixed/pipe.gcno
	status=0
	"$covdb" decode mixed --notes mixed >out 2>err || status=$?
	check "beside a $kind: status" 1 "$status"
	expect err '^link.gcno: bad notes: .* is a [a-z]*, not a file$'
	expect err '^pipe.gcno: bad notes: .* is a pipe, not a file$'
	expect err '^1 objects? decoded, 2 not'
	check "beside a $kind: rows" 3 "$(wc -l <out)"
done

for kind in $kinds; do
	status=0
	"$covdb" cve add "src$kind" >out 2>err || status=$?
	check "a record that is a $kind: status" 1 "$status"
	expect err '/CVE-2024-1.json is a [a-z]*, not a file; not added$'
done

# A pipe that was handed over open is read.
tar cf snapshot.tar -C good c.gcda
"$covdb" decode good --notes good >expected 2>/dev/null
"$covdb" decode /dev/stdin --notes good <snapshot.tar >out 2>/dev/null
cmp expected out || fail "a file as standard input"
# shellcheck disable=SC2002 # the pipe is what is tested
cat snapshot.tar | "$covdb" decode /dev/stdin --notes good >out 2>/dev/null
cmp expected out || fail "a pipe as standard input"
try "is a device, not a file" decode /dev/null --notes good
echo "$(wc -l <rows) places of a file, each given a pipe, a device and a socket"
