#!/bin/sh
# compiled.sh COVDB SOURCE_DIR - what a build compiled without instrumenting it is stored with the kernel, or said to be unknown.
set -eu
# shellcheck source=tests/cli/lib.sh
. "$2/tests/cli/lib.sh"
need gcc sqlite3 tar
sql() { sqlite3 "$COVDB" "$1" | xargs; }

mkdir -p tree/net tree/lib tree/include/net tree/scripts tree/tools/objtool tree/kernel
echo 'static inline int twice(int n) { return 2 * n; }' >tree/include/net/sock.h
printf '#include "include/net/sock.h"\nint send(int n) { return twice(n); }\n' >tree/net/send.c
echo 'int plain(int n) { return n; }' >tree/lib/plain.c
echo 'int bounds;' >tree/kernel/bounds.c

# As fixdep writes it: cmd FOLDER OBJECT COMMAND SOURCE INCLUDED...
cmd() {
	name=$1/$2 command=$3 from=$4
	path=$1/.$2.cmd
	shift 4
	{
		printf 'cmd_%s := %s -c -o %s %s\n\nsource_%s := %s\n\ndeps_%s := \\\n' "$name" "$command" "$name" "$from" "$name" "$from" "$name"
		# shellcheck disable=SC2016 # of make
		printf '    $(wildcard include/config/SMP) \\\n'
		for included; do printf '  %s \\\n' "$included"; done
		# shellcheck disable=SC2016
		printf '\n%s: $(deps_%s)\n\n$(deps_%s):\n' "$name" "$name" "$name"
	} >"$path"
}
(cd tree && gcc -ftest-coverage -fprofile-arcs -I. -c -o net/send.o net/send.c && rm net/send.o)
# Its numbers are wanted, not its code: it has notes, and is no object.
(cd tree && gcc -ftest-coverage -fprofile-arcs -S -o kernel/bounds.s kernel/bounds.c)
[ -e tree/net/send.gcno ] || fail "no notes"
cmd tree/net send.o "gcc -D__KERNEL__ -fprofile-arcs" net/send.c "$PWD/tree/include/net/sock.h" include/linux/kconfig.h
sed -i 's,tree/,,g' tree/net/.send.o.cmd
sed -i "s, $PWD, $PWD/tree,; s,tree/tree,tree," tree/net/.send.o.cmd
cmd tree/lib plain.o "gcc -D__KERNEL__ -O2" lib/plain.c ./include/linux/kconfig.h
cmd tree/lib copy.o "gcc -D__KERNEL__ -D__ASSEMBLY__" lib/../lib/copy.S
cmd tree/kernel bounds.s "gcc -D__KERNEL__" kernel/bounds.c
cmd tree/scripts fix.o "gcc -O2" scripts/fix.c
cmd tree/tools/objtool elf.o "gcc -D__KERNEL__" elf.c
sed -i 's,tree/,,g' tree/lib/.*.cmd tree/scripts/.*.cmd tree/kernel/.*.cmd
sed -i "s,tree/tools,$PWD/tree/tools,g" tree/tools/objtool/.elf.o.cmd
# As KVM is compiled: its name goes out of the folder and in again. Its notes are where it is.
mkdir -p tree/virt tree/arch/kvm
(cd tree && echo 'int kvm(int n) { return n; }' >virt/kvm.c && gcc -ftest-coverage -fprofile-arcs -c -o virt/kvm.o virt/kvm.c)
cmd tree/virt kvm.o "gcc -D__KERNEL__" arch/kvm/../../virt/kvm.c
sed -i 's,tree/virt/kvm.o,arch/kvm/../../virt/kvm.o,g' tree/virt/.kvm.o.cmd
# What was linked has a command alone.
echo 'cmd_net/built-in.a := rm -f net/built-in.a; ar cDPrST net/built-in.a net/send.o' >tree/net/.built-in.a.cmd
printf 'cmd_net/all.o := ld -r -o net/all.o net/send.o\n' >tree/net/.all.o.cmd

"$covdb" kernel add --notes tree --name k >said 2>/dev/null
expect said '^4 objects were compiled, instrumented or not$'
objects="lib/copy.o|lib/copy.S lib/plain.o|lib/plain.c net/send.o|net/send.c virt/kvm.o|virt/kvm.c"
files="include/linux/kconfig.h include/net/sock.h kernel/bounds.c lib/copy.S lib/plain.c net/send.c scripts/fix.c virt/kvm.c"
check "objects" "$objects" "$(sql "SELECT path, source FROM compiled_object ORDER BY path")"
check "files" "$files" "$(sql "SELECT path FROM compiled_file ORDER BY path")"
check "files of notes are among them, spelled alike" "virt/kvm.c net/send.c include/net/sock.h" \
	"$(sql "SELECT path FROM file WHERE path IN (SELECT path FROM compiled_file) ORDER BY path DESC")"
"$covdb" kernel remove k >/dev/null
check "they go with their kernel" "0 0" "$(sql "SELECT count(*) FROM compiled_object; SELECT count(*) FROM compiled_file")"

# An archive of notes and commands says the same.
(cd tree && find . -name '*.gcno' -o -name '.*.cmd') | tar -C tree -cf notes.tar -T -
"$covdb" kernel add --notes notes.tar --name k >said 2>/dev/null
expect said '^4 objects were compiled'
check "objects of an archive" "$objects" "$(sql "SELECT path, source FROM compiled_object ORDER BY path")"
"$covdb" kernel remove k >/dev/null

# Notes without their command: then other objects may lack theirs as well.
rm tree/net/.send.o.cmd
"$covdb" kernel add --notes tree --name k >said 2>/dev/null
expect said '^which other objects were compiled is unknown: 1 of 3 have no .cmd file of Kbuild$'
check "nothing is kept of a part" "0 0" "$(sql "SELECT count(*) FROM compiled_object; SELECT count(*) FROM compiled_file")"
"$covdb" kernel remove k >/dev/null
find tree -name '.*.cmd' -delete
"$covdb" kernel add --notes tree --name k >said 2>/dev/null
expect said '^which other objects were compiled is unknown: 3 of 3 have'

# One that the system does not give is no kernel without it.
cmd tree/net send.o "gcc -D__KERNEL__" net/send.c
ln -s nowhere tree/lib/.gone.o.cmd
"$covdb" kernel remove k >/dev/null
refused 1 'cannot open tree/lib/.gone.o.cmd: No such file' "$covdb" kernel add --notes tree --name k --build-id 1
# Cut anywhere, one is read as far as it goes.
rm tree/lib/.gone.o.cmd
sed -i 's,tree/,,g' tree/net/.send.o.cmd
cp tree/net/.send.o.cmd whole
for size in 0 1 20 60 80 100 120 140; do
	head -c "$size" whole >tree/net/.send.o.cmd
	"$covdb" kernel add --notes tree --name "k$size" --build-id "a$size" >said 2>/dev/null || fail "cut at $size"
done
