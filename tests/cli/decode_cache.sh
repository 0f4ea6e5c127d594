#!/bin/sh
# decode_cache.sh COVDB SOURCE_DIR - notes that were compiled are not compiled again, and nothing else is believed.
set -eu
# shellcheck source=tests/cli/lib.sh
. "$2/tests/cli/lib.sh"
need gcc python3
unset COVDB_CACHE
export XDG_CACHE_HOME="$folder/cache"

mkdir -p tree/a tree/b snapshot
cp "$source"/tests/data/programs/*.h .
for object in a/one b/two; do
	sed "s/int main(void)/int $(basename "$object")_main(void)/" "$source/tests/data/programs/loops.c" >"tree/$object.c"
	(cd tree && gcc -I.. -O1 --coverage -c "$object.c" -o "$object.o")
done
echo 'int one_main(void); int two_main(void); int main(void) { one_main(); return two_main() & 0; }' >main.c
gcc --coverage main.c tree/a/one.o tree/b/two.o -o main
./main
for object in a/one b/two; do
	mkdir -p "snapshot/$(dirname "$object")"
	mv "tree/$object.gcda" "snapshot/$object.gcda"
done
decode() { "$covdb" decode snapshot --notes tree -o "$1" 2>err || fail "$1: $(cat err)"; }
cached() { find cache -type f; }
COVDB_CACHE=off decode expected

# Times of files tick slowly: what was changed just now may be changed again without one seeing it.
touch tree/a/one.gcno
decode fresh
check "new notes" "" "$(ls cache 2>/dev/null)"
sleep 3
COVDB_CACHE=off decode off
check "no cache is wanted" "" "$(ls cache 2>/dev/null)"
decode first
file=$(cached)
check "one file" 1 "$(echo "$file" | wc -l)"
check "modes" "700 700 700 600" "$(stat -c %a cache cache/covdb cache/covdb/notes "$file" | xargs)"
cmp expected first

# A file of the cache that is used is the same file, used now; one that is replaced is another.
cp -p "$file" good
is_used() { # is_used WHAT yes|no
	touch -d 2020-01-01 "$file"
	before=$(stat -c %i "$file")
	decode again
	cmp expected again || fail "$1: other counts"
	used=no
	[ "$before" != "$(stat -c %i "$file")" ] || [ "$(date -r "$file" +%Y)" = 2020 ] || used=yes
	check "$1" "$2" "$used"
}
is_used "as it was" yes
check "through a link to the notes" yes "$(ln -s tree link && touch -d 2020-01-01 "$file" &&
	"$covdb" decode snapshot --notes link -o again 2>err && [ "$(date -r "$file" +%Y)" != 2020 ] && echo yes)"

# What changed, and how, does not matter.
touch tree/b/two.gcno
sleep 3
is_used "the time of a file" no
is_used "once more" yes
cp tree/b/two.gcno new && mv new tree/b/two.gcno
sleep 3
is_used "another file" no
cp tree/b/two.gcno tree/b/three.gcno
sleep 3
"$covdb" decode snapshot --notes tree -o again 2>err || fail "a third object"
expect err "1 not linked" "a file was added"
mv tree/b/three.gcno .
sleep 3
is_used "a file was taken out" no

# The cache is input: what is not what was written is not believed, and is written anew.
cp -p "$file" good
size=$(stat -c %s good)
for change in 0 5 17 40 $((size / 4)) $((size / 2)) $((size - 9)) $((size - 1)); do
	python3 -c "
import sys
data = bytearray(open('good', 'rb').read())
data[$change] ^= 4
open('bad', 'wb').write(data)"
	cat bad >"$file"
	is_used "byte $change" no
	cmp -s bad "$file" && fail "byte $change: still there"
	cp good bad
	truncate -s "$change" bad
	cat bad >"$file"
	is_used "cut at $change" no
done

# Nobody else can have written it.
chmod 644 "$file"
is_used "a file that others may read" no
chmod 755 cache/covdb/notes
is_used "a folder that others may enter" no
chmod 700 cache/covdb/notes
chmod 777 cache
is_used "a folder above in which others may write" no
chmod 755 cache
if [ "$(id -u)" = 0 ]; then
	chown 1 "$file"
	is_used "a file of another user" no
fi
mv "$file" real
ln -s "$folder/real" "$file"
touch -d 2020-01-01 real
decode again
check "a link" 2020 "$(date -r real +%Y)"
is_used "written anew" yes

# It does not grow beyond its limit; what was used longest ago goes.
truncate -s 200M cache/covdb/notes/old cache/covdb/notes/older
touch -d 2019-01-01 cache/covdb/notes/older
touch -d 2019-01-02 cache/covdb/notes/old
truncate -s 0 "$file"
decode again
check "what is left" "$(basename "$file") old" "$(cd cache/covdb/notes && echo *)"

# A place that cannot be used is passed over in silence.
for place in relative "$folder/main.c/x" /proc/nothing; do
	XDG_CACHE_HOME=$place HOME=/nonexistent decode again
	cmp expected again
	check "place $place" 1 "$(wc -l <err)"
done
[ ! -e relative ] || fail "a relative folder is ignored"

# Where nothing is kept, only the notes of the snapshot's files are looked at, if all of them have some.
printf 'broken' >tree/b/broken.gcno
COVDB_CACHE=off
export COVDB_CACHE
decode again
cmp expected again
expect err '^2 objects decoded, 0 not; ' "notes without counters"
"$covdb" decode snapshot --notes tree --format hits -o again 2>err && fail "line ids are numbers among all notes"
expect err 'b/broken.gcno' "line ids"
cp snapshot/b/two.gcda snapshot/b/four.gcda
"$covdb" decode snapshot --notes tree -o again 2>err && fail "a file of counters without notes"
cmp expected again
for word in b/broken.gcno b/four.gcda '^2 objects decoded, 1 not, 0 not linked; '; do
	expect err "$word" "counters without notes"
done
