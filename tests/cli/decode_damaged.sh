#!/bin/sh
# decode_damaged.sh COVDB SOURCE_DIR - broken objects are named and counted, the good ones decoded.
set -eu
# shellcheck source=tests/cli/lib.sh
. "$2/tests/cli/lib.sh"
need gcc


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
expect all.err '^12 objects decoded, 0 not' "all twelve decode"

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
check "exit status" 1 "$status"
expect some.err '^bad_notes.gcno: bad notes: .* byte [0-9]+' "the notes that cannot be used are named"
expect some.err '^truncated_record.gcda: truncated: .* byte [0-9]+' "a cut within a record"
expect some.err '^truncated_between.gcda: truncated: ' "a cut between functions"
expect some.err '^truncated_header.gcda: truncated: .*header' "a cut within the header"
expect some.err '^empty.gcda: damaged: the file is empty' "an empty file"
expect some.err '^foreign.gcda: damaged: not a gcov data file' "a foreign file"
expect some.err '^unreadable.gcda: unreadable: cannot open .*unreadable.gcda' "an unreadable file"
expect some.err '^stamp.gcda: stamp mismatch: stamp 04030201, in the notes' "another compilation"
expect some.err '^checksum.gcda: checksum mismatch: function ' "a function built differently"
expect some.err '^no_notes.gcda: without notes' "data without notes"
expect some.err '^bad_notes.gcda: without notes' "data whose notes are bad"
expect some.err '^10 objects not decoded: 2 without notes, 1 unreadable, 2 damaged, 3 truncated, 1 stamp mismatch, 1 checksum mismatch' "the count of each kind"
expect some.err '^2 objects decoded, 10 not, 0 not linked; ' "the last line"

# The good ones have the counts that they have among good ones; the bad ones have none.
awk -F'\t' '$1 ~ /^good/' all.tsv >good.all
awk -F'\t' '$1 ~ /^good/' some.tsv >good.some
cmp good.all good.some || fail "other counts among bad ones"
[ -s good.some ] || fail "the good ones have no counts"
if grep -vE '^(good|inline.h)' some.tsv; then fail "counts of objects that were not decoded"; fi

# Data that another compiler's version wrote, and that nobody's did.
mkdir versions
cp good1.gcda good2.gcda versions
printf '*13B' | dd of=versions/good1.gcda bs=1 seek=4 conv=notrunc 2>/dev/null
printf '*00@' | dd of=versions/good2.gcda bs=1 seek=4 conv=notrunc 2>/dev/null
"$covdb" decode versions --notes . -o versions.tsv 2>versions.err || :
expect versions.err '^good1.gcda: other version: compiler version [0-9.]+ .B31.., in the notes' "another version"
expect versions.err '^good2.gcda: other version: data of an unknown compiler version' "no known version"

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
check "a folder that cannot be listed: status" 1 "$status"
expect deep.err '^0+/.*: unreadable: cannot list the folder: File name too long' "a folder that cannot be listed"
expect deep.err '^2 objects decoded, 1 not' "the files beside it"

# A snapshot in which nothing belongs to the notes is refused as a whole.
mkdir other
cp good1.gcda other/unknown.gcda
refused 1 'none of its 1 objects .* is in the notes' "$covdb" decode other --notes .
refused 1 nowhere "$covdb" decode nowhere --notes .
refused 1 main.c "$covdb" decode main.c --notes .
echo "12 objects, 10 of them broken in ten ways: each named, 2 decoded"
