#!/bin/sh
# decode_damaged.sh COVDB SOURCE_DIR - broken objects are named and counted, the good ones decoded.
set -eu
covdb=$1
source=$2
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

command -v gcc >/dev/null || {
	echo "skipped: gcc is not installed"
	exit 77
}
failures=0
expect() { # expect WHAT FILE PATTERN
	if ! grep -qE "$3" "$2"; then
		echo "not ok: $1: no line of $2 matches: $3"
		sed 's/^/    /' "$2"
		failures=$((failures + 1))
	fi
}

cp "$source"/tests/data/programs/*.h .
objects="good1 good2 truncated_record truncated_between truncated_header empty foreign unreadable
stamp checksum no_notes bad_notes"
for object in $objects; do
	sed "s/int main(void)/int ${object}_main(void)/" "$source/tests/data/programs/loops.c" >"$object.c"
	gcc -O1 --coverage -c "$object.c" -o "$object.o"
	echo "int ${object}_main(void);"
done >main.h
{
	cat main.h
	echo "int main(void) {"
	for object in $objects; do echo "${object}_main();"; done
	echo "return 0; }"
} >main.c
gcc --coverage main.c ./*.o -o main
./main
rm -f main-main.gc* main.gc*

"$covdb" decode . --notes . -o all.tsv 2>all.err
expect "all twelve decode" all.err '^12 objects decoded, 0 not'

size=$(stat -c %s truncated_record.gcda)
truncate -s $((size - 20)) truncated_record.gcda
truncate -s 9 truncated_header.gcda
: >empty.gcda
echo '#!/bin/sh' >foreign.gcda
rm unreadable.gcda
ln -s nowhere unreadable.gcda
# The stamp is the third word; the first function's lineno checksum stands behind header,
# summary record, tag, length and ident.
printf '\001\002\003\004' | dd of=stamp.gcda bs=1 seek=8 conv=notrunc 2>/dev/null
printf '\001\002\003\004' | dd of=checksum.gcda bs=1 seek=44 conv=notrunc 2>/dev/null
# What the kernel writes ends without a marker, so it can end between two functions unnoticed:
# header and first function record only.
head -c 48 truncated_between.gcda >short && mv short truncated_between.gcda
rm no_notes.gcno
head -c 100 bad_notes.gcno >short && mv short bad_notes.gcno

status=0
"$covdb" decode . --notes . -o some.tsv 2>some.err || status=$?
[ "$status" = 1 ] || {
	echo "not ok: exit status $status, not 1"
	failures=$((failures + 1))
}
expect "the notes that cannot be used are named" some.err '^bad_notes.gcno: bad notes: .* byte [0-9]+'
expect "a cut within a record" some.err '^truncated_record.gcda: truncated: .* byte [0-9]+'
expect "a cut between functions" some.err '^truncated_between.gcda: truncated: '
expect "a cut within the header" some.err '^truncated_header.gcda: truncated: .*header'
expect "an empty file" some.err '^empty.gcda: damaged: the file is empty'
expect "a foreign file" some.err '^foreign.gcda: damaged: not a gcov data file'
expect "an unreadable file" some.err '^unreadable.gcda: unreadable: cannot open .*unreadable.gcda'
expect "another compilation" some.err '^stamp.gcda: stamp mismatch: stamp 04030201, in the notes'
expect "a function built differently" some.err '^checksum.gcda: checksum mismatch: function '
expect "data without notes" some.err '^no_notes.gcda: without notes'
expect "data whose notes are bad" some.err '^bad_notes.gcda: without notes'
expect "the count of each kind" some.err \
	'^10 objects not decoded: 2 without notes, 1 unreadable, 2 damaged, 3 truncated, 1 stamp mismatch, 1 checksum mismatch'
expect "the last line" some.err '^2 objects decoded, 10 not, 0 not linked; '

# The good ones have the counts that they have among good ones; the bad ones have none.
awk -F'\t' '$1 ~ /^good/' all.tsv >good.all
awk -F'\t' '$1 ~ /^good/' some.tsv >good.some
cmp good.all good.some || failures=$((failures + 1))
[ -s good.some ] || failures=$((failures + 1))
if grep -vE '^(good|inline.h)' some.tsv; then
	echo "not ok: counts of objects that were not decoded"
	failures=$((failures + 1))
fi

# Data that another compiler's version wrote, and that nobody's did.
mkdir versions
cp good1.gcda good2.gcda versions
printf '*13B' | dd of=versions/good1.gcda bs=1 seek=4 conv=notrunc 2>/dev/null
printf '*00@' | dd of=versions/good2.gcda bs=1 seek=4 conv=notrunc 2>/dev/null
"$covdb" decode versions --notes . -o versions.tsv 2>versions.err || :
expect "another version" versions.err '^good1.gcda: other version: compiler version [0-9.]+ .B31.., in the notes'
expect "no known version" versions.err '^good2.gcda: other version: data of an unknown compiler version'

# A folder that cannot be listed, here for the length of its path, is named; the rest is decoded.
mkdir deep
cp good1.gcda good2.gcda deep
python3 -c '
import os
os.chdir("deep")
for _ in range(20):
    os.mkdir("0" * 250)
    os.chdir("0" * 250)
'
status=0
"$covdb" decode deep --notes . -o deep.tsv 2>deep.err || status=$?
[ "$status" = 1 ] || failures=$((failures + 1))
expect "a folder that cannot be listed" deep.err '^0+/.*: unreadable: cannot list the folder: File name too long'
expect "the files beside it" deep.err '^2 objects decoded, 1 not'

# A snapshot in which nothing belongs to the notes is refused as a whole.
mkdir other
cp good1.gcda other/unknown.gcda
status=0
"$covdb" decode other --notes . 2>other.err || status=$?
[ "$status" = 1 ] || failures=$((failures + 1))
expect "no object known" other.err 'none of its 1 objects .* is in the notes'
for wrong in nowhere main.c; do
	status=0
	"$covdb" decode "$wrong" --notes . 2>wrong.err || status=$?
	if [ "$status" != 1 ] || [ "$(wc -l <wrong.err)" != 1 ]; then
		echo "not ok: decode $wrong: exit status $status"
		failures=$((failures + 1))
	fi
done
[ "$failures" = 0 ] || exit 1
echo "12 objects, 10 of them broken in ten ways: each named, 2 decoded"
