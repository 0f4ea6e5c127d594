#!/bin/bash
# lcov2.sh FOLDER - have lcov 2.x as FOLDER/lcov2. Debian 12 has 1.16; Debian's newest is Perl only, so it runs from a folder: one of the
# cache, which it is fetched into once. The Perl packages that it needs are in .ci/packages/bench.txt.
set -euo pipefail
[ $# = 1 ] || {
	echo "usage: lcov2.sh FOLDER" >&2
	exit 2
}
mkdir -p "$1"
cache=${XDG_CACHE_HOME:-$HOME/.cache}/covdb
mkdir -p "$cache"
rm -rf "$1/lcov2"
ln -s "$cache/lcov2" "$1/lcov2"
[ ! -x "$cache/lcov2/usr/bin/geninfo" ] || exit 0

# apt gets lists of its own, so that the system never sees that suite.
apt=$(mktemp -d)
trap 'rm -rf "$apt"' EXIT
mkdir "$apt/lists" "$apt/cache"
key=/usr/share/keyrings/debian-archive-keyring.gpg
echo "deb [signed-by=$key] http://deb.debian.org/debian sid main" >"$apt/sources.list"
options=(-o "Dir::Etc::SourceList=$apt/sources.list" -o Dir::Etc::SourceParts=-
	-o "Dir::State::Lists=$apt/lists" -o "Dir::Cache=$apt/cache" -o APT::Sandbox::User=root)
apt-get "${options[@]}" -q update >/dev/null
(cd "$apt" && apt-get "${options[@]}" -q download lcov >/dev/null)
dpkg -x "$apt"/lcov_*.deb "$apt/lcov2"
# It asks a script at its installed place for its version.
sed -i "s,/usr/share/lcov,$cache/lcov2&,g" "$apt/lcov2/usr/share/perl5/lcovutil.pm"
rm -rf "$cache/lcov2"
mv "$apt/lcov2" "$cache/lcov2"
