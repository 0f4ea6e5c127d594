#!/bin/sh
# notes_archive.sh COVDB SOURCE_DIR - an archive of notes gives the kernel that the folder of it gives, however it was packed.
set -eu
# shellcheck source=tests/cli/lib.sh
. "$2/tests/cli/lib.sh"
need gcc sqlite3 tar gzip zstd

mkdir -p tree/net tree/lib tree/init tree/include/config
for name in net/send lib/sort init/main; do
	echo "int f$(basename $name)(int n) { return n ? 2 * n : 1; }" >"tree/$name.c"
	(cd tree && gcc -ftest-coverage -fprofile-arcs -c -o "$name.o" "$name.c" && rm "$name.o")
	printf 'cmd_%s.o := gcc -D__KERNEL__ -fprofile-update=atomic -c\n\nsource_%s.o := %s.c\n\ndeps_%s.o := \\\n  lib/all.h \\\n\n' \
		"$name" "$name" "$name" "$name" >"tree/$(dirname $name)/.$(basename $name).o.cmd"
done
echo 6.1.9-own >tree/include/config/kernel.release
echo 'net/send.o NET INET' >tree/covdb.options
echo more >tree/net/more.txt

# What a database has of a kernel that is added to none: dump OUT STATUS NOTES
dump() {
	rm -f "$COVDB"
	status=0
	"$covdb" kernel add --notes "$3" --build-id 12ab >said 2>said.err || status=$?
	check "status of $3" "$2" "$status"
	sqlite3 "$COVDB" .dump >"$1"
}
same() { # same WHAT ARCHIVE [STATUS] - as what is unpacked of it
	rm -rf unpacked
	mkdir unpacked
	tar -C unpacked -xf "$2"
	dump want "${3:-0}" unpacked
	sed "s,unpacked,$2,g" said.err >want.err
	dump got "${3:-0}" "$2"
	cmp -s want got || fail "$1: other rows: $(diff want got)"
	cmp -s want.err said.err || fail "$1: says something else: $(diff want.err said.err)"
}

tar -C tree -cf plain.tar include init lib net covdb.options
same "a tar" plain.tar
check "name, counters, options" "6.1.9-own|atomic|2|3" \
	"$(sqlite3 "$COVDB" "SELECT name, profile_update, (SELECT count(*) FROM object_option), (SELECT count(*) FROM compiled_object) FROM kernel")"
tar -C tree -cf dots.tar .
same "names that begin with ./" dots.tar
gzip -k plain.tar
zstd -q dots.tar
same "a tar.gz" plain.tar.gz
same "a tar.zst" dots.tar.zst
(
	export COVDB_JOBS=1
	same "with one job" plain.tar
)
tar -C tree -cf backwards.tar net/send.gcno covdb.options lib/sort.gcno init/main.gcno init/.main.o.cmd include/config/kernel.release
same "without folders, in another order" backwards.tar

# Links and names that come again: what is there is what unpacking leaves.
cp -r tree other
(cd other/lib && echo 'int g(int n) { return n; } int h(int n) { return g(n) ? 1 : 2; }' >sort.c && cd .. && gcc -ftest-coverage -fprofile-arcs -c -o lib/sort.o lib/sort.c)
cp plain.tar again.tar
tar -C other -rf again.tar lib/sort.gcno
same "a member that comes again" again.tar
check "the later is taken" "4" "$(sqlite3 "$COVDB" "SELECT count(*) FROM function")"
mkdir -p links/deep
cp tree/net/send.gcno links/deep/send.gcno
ln -s deep/send.gcno links/near.gcno
ln -s /usr/src links/source
tar -C links -cf links.tar deep/send.gcno near.gcno source
same "a link to notes" links.tar
ln links/deep/send.gcno links/hard.gcno
tar -C links -cf hard.tar deep/send.gcno hard.gcno
same "a hard link to notes" hard.tar
tar -C links -cf unused.tar source deep/send.gcno
same "a link that leads elsewhere" unused.tar
cp unused.tar through.tar
tar -C tree -rf through.tar --transform 's,^net,source,' net/send.gcno
dump got 1 through.tar
expect said.err '^ *source/send.gcno: bad notes: left out: a link leads out of the archive$'

# Damage.
head -c 100 tree/lib/sort.gcno >other/lib/sort.gcno
tar -C other -cf damaged.tar net lib init include
same "damaged notes" damaged.tar 1
expect said.err 'lib/sort.gcno'
tar -C tree -cf none.tar include covdb.options
refused 1 'none.tar: no .gcno file in it' "$covdb" kernel add --notes none.tar --build-id 1
head -c $(($(stat -c %s dots.tar.zst) / 2)) dots.tar.zst >short.tar.zst
rm -f "$COVDB"
refused 1 'short.tar.zst: ' "$covdb" kernel add --notes short.tar.zst --build-id 1
[ ! -e "$COVDB" ] || fail "a kernel of half an archive"
tar -C tree -cf options.tar net lib init
printf 'net/send.o NET\nwrong\n' >tree/covdb.options
tar -C tree -rf options.tar covdb.options
refused 1 'options.tar/covdb.options:2: ' "$covdb" kernel add --notes options.tar --build-id 1
