#!/bin/sh
# lab_build.sh COVDB SOURCE_DIR - what the lab's build.sh says of a tree that it cannot build: what failed, and what would do;
# a program that is a Go module is compiled, or skipped with the reason.
set -eu
# shellcheck source=tests/cli/lib.sh
. "$2/tests/cli/lib.sh"
need bash gcc
[ -e /usr/src/linux-source-6.1.tar.xz ] || skip "there is no source of Debian's kernel"
export XDG_CACHE_HOME="$folder/cache" KERNEL_SRC="$folder/tree" COVDB_COLLECTOR="$folder/bin/collector" COVDB_WORK="$folder/bin/collector"
mkdir -p tree/kernel/gcov bin
touch tree/kernel/gcov/Kconfig
printf 'VERSION = 5\nPATCHLEVEL = 4\nSUBLEVEL = 7\n\nmrproper:\n\t@echo no such rule; exit 1\n' >tree/Makefile
echo 'int main(void) { return 0; }' | gcc -static -x c -o bin/collector - || skip "no static program can be built"
build() { bash "$source/workloads/lab/build.sh" build; }
status=0
build 2>err || status=$?
[ "$status" != 3 ] || skip "$(tail -n 1 err)"
check "a tree that cannot be cleaned" 1 "$status"
expect err "^covdb lab: 'make mrproper' fails in the copy of $folder/tree$"
expect err '^no such rule$'

# The compilers that would do are those that are here.
printf 'VERSION = 5\nPATCHLEVEL = 4\nSUBLEVEL = 7\nmrproper:\n' >tree/Makefile
echo '#if (__GNUC__ >= 10)' >tree/kernel/gcov/gcc_4_7.c
for version in 9 11 77; do
	printf '#!/bin/sh\ncase $* in *-dumpversion*) echo %s ;; *) exec gcc "$@" ;; esac\n' "$version" >"bin/gcc-$version"
	chmod +x "bin/gcc-$version"
done
status=0
PATH="$folder/bin:$PATH" CC=gcc-77 build 2>err || status=$?
check "a compiler that the tree does not know" 1 "$status"
expect err 'does not know GCC 77; an older one that is installed: .*CC=gcc-11 .*CC=gcc-9 '
check "the one that does not do is not suggested" 0 "$(grep -c 'CC=gcc-77' err)"

# A Go module, by a go that is none: it writes what it is told to.
cat >bin/go <<'END'
#!/bin/sh
[ -e go.version ] || exit 127
case $1 in
env) cat go.version ;;
install)
	echo "go: $*: $(cat go.fails 2>/dev/null)"
	[ ! -e go.fails ] || exit 1
	echo "CGO_ENABLED=$CGO_ENABLED GOTOOLCHAIN=$GOTOOLCHAIN $*" >"$GOBIN/runsc" ;;
esac
END
chmod +x bin/go
with_module() { # with_module NAME VERB: the kernel cannot be built
	PATH="$folder/bin:$PATH" COVDB_PROGRAMS="$1=module" bash "$source/workloads/lab/build.sh" "$2" 2>err
}
modules() { find cache/covdb/programs -type f 2>/dev/null | wc -l; }
with_module runsc build || true
expect err '^program runsc: skipped: there is no Go here, and it needs 1[.0-9]* or newer$'
echo go1.19.8 >go.version
for verb in build paths; do
	with_module runsc $verb || true
	expect err '^program runsc: skipped: it needs Go 1[.0-9]* or newer, and this is 1\.19\.8$'
done
check "nothing was compiled" 0 "$(modules)"
echo go1.100.0 >go.version
with_module runsc paths || true
expect err '^covdb lab: the program runsc of its Go module is missing; run: covdb lab build'
echo 'no such host' >go.fails
status=0
with_module runsc build || status=$?
check "a module that cannot be had" "1 0" "$status $(modules)"
expect err '^covdb lab: cannot compile gvisor.dev/gvisor/runsc@v0'
expect err '^go: .*: no such host$'
rm go.fails
with_module runsc build || true
version=$(sed -n 's/^program runsc: compiling .*@\(.*\), some minutes$/\1/p' err)
check "how it is compiled" "CGO_ENABLED=0 GOTOOLCHAIN=local install -trimpath -ldflags=-s -w gvisor.dev/gvisor/runsc@$version" \
	"$(cat "cache/covdb/programs/runsc-$version/runsc")"
rm go.version
with_module runsc build || true
check "what is there is not compiled again" "" "$(grep '^program' err || true)"
status=0
with_module firecracker build || status=$?
check "no module is known" 2 "$status"
expect err '^covdb lab: no Go module is known for the program firecracker, only for: runsc$'

# A kernel of another tree that is built is named with its tree.
mkdir -p cache/covdb/kernel/5.4.7-other
printf '{\n  "source": "/src/linux-5.4.7",\n  "tree": "x"\n}\n' >cache/covdb/kernel/5.4.7-other/kernel.json
touch cache/covdb/kernel/5.4.7-other/done
unset KERNEL_SRC
refused 1 'linux-source-6.1 is missing; run: covdb lab build \(built are those of: KERNEL_SRC=/src/linux-5.4.7 \)' \
	bash "$source/workloads/lab/build.sh" paths

# The kernel that was built last is the one that is run, whatever became of its tree, until another is named.
echo "$folder/cache/covdb/kernel/5.4.7-other" >cache/covdb/kernel/last
bash "$source/workloads/lab/build.sh" paths 2>err || true
expect err "^kernel: 5.4.7-other, which was built last \\(KERNEL_SRC= takes Debian's\\)$"
expect err 'the root file system is missing; run: covdb lab build$'
refused 1 'the kernel of linux-source-6.1 is missing' env KERNEL_SRC= bash "$source/workloads/lab/build.sh" paths
refused 1 'the kernel of linux-source-6.1 is missing' env CC=gcc bash "$source/workloads/lab/build.sh" paths
rm cache/covdb/kernel/5.4.7-other/done
refused 1 'the kernel of linux-source-6.1 is missing' bash "$source/workloads/lab/build.sh" paths

# Of another platform's package everything comes along, with what its programs need, but for what people read; one that is not
# installed does not.
mkdir -p tool packages/.ci/packages packages/workloads/lab root
printf '#!/bin/sh\n' >tool/helper
chmod +x tool/helper
ln -s helper tool/alias
echo key=1 >tool/tool.conf
printf 'tool\nother\n' >packages/.ci/packages/platforms.txt
cat >bin/dpkg-query <<END
#!/bin/sh
case \$1 in
-L) printf '%s\n' /. $folder/tool $folder/tool/helper $folder/tool/alias $folder/tool/tool.conf /usr/share/doc ;;
*)
	printf 'installed tool 1.2-3\nnot-installed other \n'
	exit 1 ;;
esac
END
chmod +x bin/dpkg-query
PATH="$folder/bin:$PATH" bash -euo pipefail -c '
here=packages/workloads/lab
copy_file() { install -D -m 755 "$1" "$2$3" && echo "program ${3##*/}"; }
. "$1"
other_packages
add_other_packages root' packages "$source/workloads/lab/programs.sh" >out
check "what comes along" "tool 1.2-3|program helper|" "$(tr '\n' '|' <out)"
check "with its files" "helper key=1" "$(readlink "root$folder/tool/alias") $(cat "root$folder/tool/tool.conf")"
check "and no documents" "" "$(find root -path '*share*')"
