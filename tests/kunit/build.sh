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
readonly recipe=1
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
exec 9>"$cache/lock"
flock 9
rm -rf "$folder"
mkdir -p "$folder/source" "$folder/notes"
{
	tar xf "$archive" -C "$folder/source" --strip-components=1 --exclude='*/tools/testing/selftests'
	patch -d "$folder/source" -p1 <"$here/pair.diff"
	cd "$folder/source"
	# libgcov has a function of that name, too.
	build=(make ARCH=um SUBARCH=x86_64 O="$folder/notes" KCFLAGS=-Dmangle_path=seq_file_mangle_path)
	"${build[@]}" KCONFIG_ALLCONFIG="$here/kunit.config" allnoconfig
	while read -r option; do
		grep -qx "$option" "$folder/notes/.config"
	done < <(grep -v '^#' "$here/kunit.config")
	"${build[@]}" -j "${COVDB_JOBS:-2}" linux
	strip -o "$folder/linux" "$folder/notes/linux"
	# What covdb reads of the build: notes, commands, and the sources that these name.
	find "$folder/notes" -type f ! -name '*.gcno' ! -name '*.cmd' ! -name '*.[ch]' ! -name .config -delete
	find "$folder/source" \( -path ./Documentation -o -path '*/drivers' -o -path '*/sound' -o -path '*/net' -o -path '*/tools' \) \
		-prune -o -type f ! -name '*.[chS]' -delete
	rm -rf Documentation drivers sound net tools samples arch/[!ux]* fs/[!a-p]*
} >"$cache/build.log" 2>&1 || {
	tail -n 20 "$cache/build.log" >&2
	echo "log: $cache/build.log" >&2
	exit 1
}
touch "$folder/done"
echo "$folder"
