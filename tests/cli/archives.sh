#!/bin/sh
# archives.sh COVDB SOURCE_DIR - an archive is decoded as tar(1) would unpack it, or what is left out is said.
set -eu
# shellcheck source=tests/cli/lib.sh
. "$2/tests/cli/lib.sh"
need gcc python3 tar

# Three objects whose counts tell them and their two runs apart.
mkdir notes runs runs/1 runs/2
for name in a b c; do
	printf 'int %s(int x)\n{\n\treturn x + 1;\n}\n' $name >$name.c
	gcc -O1 --coverage -c $name.c -o $name.o
done
cat >main.c <<'END'
#include <stdlib.h>
int a(int), b(int), c(int);
int main(int count, char **arguments)
{
	int times = atoi(arguments[count - 1]);
	for (int i = 0; i < times; i++)
		a(b(b(c(c(c(i))))));
	return 0;
}
END
gcc --coverage main.c a.o b.o c.o -o main
for run in 1 2; do
	rm -f ./*.gcda
	./main $run
	mv [abc].gcda runs/$run
done
mv [abc].gcno notes
cat >make.py <<'PYTHON'
"""One archive per case: cases/NAME.tar, and its name with what is left out."""
import io, os, tarfile

os.mkdir("cases")
data = {name + run: open(f"runs/{run}/{name}.gcda", "rb").read() for name in "abc" for run in "12"}


def member(name, content=None, kind=tarfile.REGTYPE, target=""):
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    info.size = len(data[content]) if content else 0
    return info, data.get(content)


def hard(name, target):
    return member(name, None, tarfile.LNKTYPE, target)


def soft(name, target):
    return member(name, None, tarfile.SYMTYPE, target)


def folder(name):
    return member(name, None, tarfile.DIRTYPE)


def case(name, left_out, *members, form=tarfile.GNU_FORMAT):
    with tarfile.open(f"cases/{name}.tar", "w", format=form) as archive:
        for info, content in members:
            archive.addfile(info, io.BytesIO(content) if content else None)
    print(name, left_out)


a, b, c = member("a.gcda", "a1"), member("b.gcda", "b1"), member("c.gcda", "c1")
case("plain", 0, a, b, c)
case("dotted", 0, member("./a.gcda", "a1"), member("././b.gcda", "b1"), member(".//c.gcda", "c1"))
case("absolute", 0, member("/a.gcda", "a1"), b, c)
case("dots-within", 0, member("x/./a.gcda", "a1"), member("x//b.gcda", "b1"), member("x/c.gcda", "c1"))
case("replaced", 0, a, b, c, member("a.gcda", "a2"))
case("replaced-by-another-spelling", 0, a, b, c, member("./a.gcda", "a2"))
case("hard-link", 0, member("copy/a.gcda", "a1"), hard("a.gcda", "copy/a.gcda"), hard("./b.gcda", "./copy/a.gcda"), b, c)
case("hard-link-keeps", 0, a, hard("x/a.gcda", "a.gcda"), member("a.gcda", "a2"), b, c)
case("hard-link-to-nothing", 1, hard("a.gcda", "later/a.gcda"), member("later/a.gcda", "a1"), b, c)
case("symbolic-link", 0, soft("a.gcda", "x/real.gcda"), member("x/real.gcda", "a1"), b, c)
case("symbolic-link-upwards", 0, member("y/a.gcda", "a1"), soft("x/a.gcda", "../y/./a.gcda"), b, c)
case("symbolic-link-replaced", 0, soft("a.gcda", "b.gcda"), member("a.gcda", "a2"), b, c)
case("link-to-a-replaced-file", 0, soft("a.gcda", "x/real.gcda"), member("x/real.gcda", "a1"), b, c,
     member("x/real.gcda", "a2"))
case("link-to-a-link", 0, soft("a.gcda", "l.gcda"), soft("l.gcda", "r.gcda"), member("r.gcda", "a1"), b, c)
case("link-of-links", 3, soft("a.gcda", "l.gcda"), soft("l.gcda", "a.gcda"), b, c, soft("x.gcda", "x.gcda"))
case("dangling", 1, soft("a.gcda", "nowhere.gcda"), b, c)
case("link-out", 1, soft("a.gcda", "../../a.gcda"), b, c)
case("link-absolute", 1, soft("a.gcda", "/etc/a.gcda"), b, c)
case("through-a-link", 0, folder("real"), soft("way", "real"), member("way/a.gcda", "a1"), b, c)
case("parent", 1, member("../a.gcda", "a1"), b, c)
case("parent-within", 1, member("x/../a.gcda", "a1"), b, c)
case("in-a-file", 1, b, c, member("b.gcda/a.gcda", "a1"))
case("folder-of-the-name", 1, folder("a.gcda"), member("a.gcda/b.gcda", "b1"), member("a.gcda", "a1"), c)
case("pipe", 1, member("a.gcda", None, tarfile.FIFOTYPE), b, c)
case("long-name", 0, member("x/" * 120 + "a.gcda", "a1"), b, c)
case("pax-name", 0, member("x" * 120 + "/a.gcda", "a1"), b, c, form=tarfile.PAX_FORMAT)
case("pax-letters", 0, member("\u00e9\u20ac/a.gcda", "a1"), member("\u00e9\u20ac/b.gcda", "b1"), c, form=tarfile.PAX_FORMAT)
case("latin-letters", 0, member("caf\udce9/a.gcda", "a1"), member("caf\udce9/b.gcda", "b1"), c)
PYTHON
python3 make.py >cases.list

while read -r name left_out; do
	for locale in C C.UTF-8; do
		rm -rf unpacked notes.here
		mkdir unpacked notes.here
		LC_ALL=C tar xf "cases/$name.tar" -C unpacked 2>/dev/null || :
		# Notes for every file that was unpacked, by the name of its object, and for those left out.
		(cd unpacked && find . -name '*.gcda' ! -type d ! -type p) >files
		while read -r file; do
			mkdir -p "notes.here/$(dirname "$file")"
			for run in 1 2; do
				for object in a b c; do
					cmp -s "unpacked/$file" "runs/$run/$object.gcda" &&
						cp "notes/$object.gcno" "notes.here/${file%.gcda}.gcno"
				done
			done || :
		done <files
		"$covdb" decode unpacked --notes notes.here --per-object >expected 2>/dev/null || :
		status=0
		LC_ALL=$locale "$covdb" decode "cases/$name.tar" --notes notes.here --per-object >got 2>got.err || status=$?
		cmp -s expected got || {
			fail "$name ($locale): the archive and what tar unpacks of it differ"
			diff expected got || :
			cat got.err
		}
		if [ "$left_out" = 0 ]; then
			check "$name ($locale): status" 0 "$status"
			expect got.err ' 0 not, ' "$name ($locale)"
		else
			check "$name ($locale): status" 1 "$status"
			expect got.err "objects? decoded, $left_out not, " "$name ($locale)"
		fi
		[ -s got ] || fail "$name ($locale): nothing is decoded"
	done
done <cases.list

# A sparse file, as GNU tar writes it in each of its forms.
mkdir sparse
cp runs/1/*.gcda sparse
truncate -s 10M sparse/a.gcda
for form in gnu posix; do
	tar cSf $form.tar --format=$form -C sparse .
	"$covdb" decode sparse --notes notes >expected 2>/dev/null || :
	"$covdb" decode $form.tar --notes notes >got 2>/dev/null || :
	cmp expected got || fail "a sparse file, $form"
done
echo "$(wc -l <cases.list) archives, each as tar unpacks it"
