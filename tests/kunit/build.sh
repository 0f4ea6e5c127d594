#!/usr/bin/env bash
# build.sh - a kernel for user-mode Linux that counts its lines, has pair.diff, and runs KUnit's tests of lists; in the cache.
#
# usage: build.sh build    make it if it is missing, then print its folder (five minutes on one processor)
#        build.sh path     print its folder; status 3 and the reason if it is not built
#
# The folder has linux, which runs the tests; notes/, its build tree without objects; source/, the files that were compiled.
set -euo pipefail
export LC_ALL=C

# Raise it when a change here changes what is built.
readonly recipe=2
readonly archive=/usr/src/linux-source-6.1.tar.xz

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/covdb/kunit

missing() {
	echo "$*"
	exit 3
}

for program in gcc make flex bison bc patch xz; do
	command -v "$program" >/dev/null || missing "$program is not installed"
done
[[ -e $archive ]] || missing "linux-source-6.1 is not installed"
version=$(dpkg-query -W -f '${Version}' linux-source-6.1 2>/dev/null || stat -c '%s-%Y' "$archive")
key=$( (echo "$recipe" "$version" && gcc --version | head -n 1 && cat "$here/kunit.config" "$here/pair.diff") | sha256sum | cut -c 1-12)
folder=$cache/${version%%-*}-$key

if [[ -e $folder/done ]]; then
	echo "$folder"
	exit
fi
[[ ${1-} == build ]] || missing "no kernel for user-mode Linux is built: tests/kunit/build.sh build"

mkdir -p "$cache"
exec 9>"$cache/lock" 3>&1 4>&2 >"$cache/build.log" 2>&1
flock 9
# With the end of the log, because that is where the reason is.
trap '[[ $? == 0 ]] || { tail -n 20 "$cache/build.log" >&4 && echo "log: $cache/build.log" >&4; }' EXIT

rm -rf "$folder"
mkdir -p "$folder/source" "$folder/notes"
tar xf "$archive" -C "$folder/source" --strip-components=1 --exclude='*/tools/testing/selftests'
cd "$folder/source"
patch -p1 <"$here/pair.diff"
# GCC 7 and later write counters in functions of .fini_array.00100, which these scripts leave out of what runs in the end.
for script in arch/um/include/asm/common.lds.S arch/um/kernel/dyn.lds.S; do
	sed -i 's/\*(\.fini_array)/*(.fini_array.*) *(.fini_array)/' "$script"
	grep -q 'fini_array\.\*' "$script"
done
# libgcov has a function of that name, too.
build=(make ARCH=um SUBARCH=x86_64 O="$folder/notes" KCFLAGS=-Dmangle_path=seq_file_mangle_path)
"${build[@]}" KCONFIG_ALLCONFIG="$here/kunit.config" allnoconfig
grep -v '^#' "$here/kunit.config" | while read -r option; do
	grep -x "$option" "$folder/notes/.config"
done
"${build[@]}" -j "${COVDB_JOBS:-2}" linux
strip -o "$folder/linux" "$folder/notes/linux"
# What covdb reads of it: notes, commands, and the sources that these name.
find "$folder/notes" -type f ! -name '*.gcno' ! -name '*.cmd' ! -name '*.[ch]' ! -name .config -delete
rm -rf Documentation drivers net samples sound tools
find . -type f ! -name '*.[chS]' -delete
touch "$folder/done"
echo "$folder" >&3
