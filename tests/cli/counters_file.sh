#!/bin/sh
# counters_file.sh COVDB SOURCE_DIR - a file of counters stands for its snapshot in decode and import, and no other is taken for it.
set -eu
# shellcheck source=tests/cli/lib.sh
. "$2/tests/cli/lib.sh"
need gcc python3 sqlite3
# shellcheck source=tests/cli/exchange_fixture.sh
. "$source/tests/cli/exchange_fixture.sh"
"$covdb" kernel pack -o k.covkernel 2>/dev/null

# The counts of a snapshot whose objects are not all whole, and what is said of them, are those of the file.
head -c 40 first/jumps.gcda >short
cp -r first damaged
cp short damaged/jumps.gcda
for snapshot in first damaged; do
	expected=$([ $snapshot = first ] && echo 0 || echo 1)
	status=0
	"$covdb" decode $snapshot --kernel-file k.covkernel --format counters -o $snapshot.covcounters 2>made.err || status=$?
	check "status of $snapshot" "$expected" "$status"
	for format in tsv info json hits counters; do
		"$covdb" decode $snapshot --db db.sqlite --format $format -o expected 2>expected.err || :
		status=0
		"$covdb" decode $snapshot.covcounters --kernel-file k.covkernel --format $format -o got 2>got.err || status=$?
		check "status of $snapshot as $format" "$([ $snapshot = first ] && echo 0 || echo 1)" "$status"
		cmp expected got || fail "$snapshot as $format"
		cmp expected.err got.err || fail "what is said of $snapshot as $format"
	done
done
expect made.err 'jumps.gcda: ' "the damaged object"

# Rows of hits are the lines of the database.
"$covdb" decode first --db db.sqlite --format hits 2>/dev/null >rows
sqlite3 -separator "$(printf '\t')" db.sqlite "SELECT line_id, count, state FROM trial_line JOIN trial USING (trial_id)
	JOIN platform p USING (platform_id) JOIN workload w USING (workload_id)
	WHERE p.name = 'a' AND w.name = 'w' AND number = 1 ORDER BY 1" | cmp - rows || fail "hits"

# Imported it is the same trial, but for where it came from.
for from in damaged damaged.covcounters; do
	"$covdb" import "$from" --platform c --workload w --seconds 10 --db db.sqlite >/dev/null 2>&1 && fail "a damaged object is said"
done
sqlite3 db.sqlite "SELECT count(*), count(DISTINCT counters), count(DISTINCT object_states), count(DISTINCT lines_hit), sum(objects_bad)
	FROM trial JOIN platform p USING (platform_id) WHERE p.name = 'c'" >imported
check "two trials, alike" "2|1|1|1|2" "$(cat imported)"
check "what was not decoded" "jumps.gcda|truncated|2" "$(sqlite3 db.sqlite "SELECT path, state, count(*) FROM trial_object
	JOIN trial USING (trial_id) JOIN platform p USING (platform_id) WHERE p.name = 'c' AND state <> 'not linked' GROUP BY path, state, message")"

status=0
python3 "$source/tests/cli/on_terminal.py" 24 100 '' "$covdb" decode first --kernel-file k.covkernel --format counters >seen || status=$?
check "counters on a terminal: status" 2 "$status"
check "counters on a terminal" 1 "$(grep -c 'nothing for a terminal; -o FILE writes it$' seen)"

# Another kernel, or another build of it.
"$covdb" kernel add --notes tree --name other --build-id fff --db other.sqlite >/dev/null
refused 1 'first.covcounters: taken on the kernel with build id abc, not on that with build id fff' \
	"$covdb" decode first.covcounters --db other.sqlite
mkdir few
cp tree/jumps.gcno tree/loops.gcno few
refused 1 'first.covcounters: of another build of the kernel: its objects are not those' "$covdb" decode first.covcounters --notes few

python3 - <<'END'
data = open("first.covcounters", "rb").read()
places = list(range(0, 28)) + [28 + (len(data) - 28) * i // 20 for i in range(20)]
for place in places:
    changed = bytearray(data)
    changed[place] ^= 4
    open(f"changed.{place}.covcounters", "wb").write(changed)
    open(f"cut.{place}.covcounters", "wb").write(data[:place])
changed = bytearray(data)
changed[12] = 7
open("version.covcounters", "wb").write(changed)
END
for file in changed.*.covcounters cut.*.covcounters; do
	refused 1 "^covdb decode: $file: (not a file of counters|a file of counters of version|cut short|too long|damaged)" \
		"$covdb" decode "$file" --kernel-file k.covkernel
done
refused 1 'version 7, and this covdb reads version 1' "$covdb" decode version.covcounters --kernel-file k.covkernel
refused 2 'per-object takes tsv or json' "$covdb" decode first --kernel-file k.covkernel --per-object --format hits
