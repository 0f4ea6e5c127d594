#!/bin/sh
# lab_build.sh COVDB SOURCE_DIR - what the lab's build.sh says of a tree that it cannot build: what failed, and what would do.
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
