#!/bin/bash
# lcov2.sh FOLDER - fetch lcov 2.x to FOLDER/lcov2. Debian 12 has 1.16; Debian's newest is Perl only, so
# it runs from a folder. The Perl packages that it needs are in .ci/packages/bench.txt.
set -euo pipefail
[ $# = 1 ] || {
	echo "usage: lcov2.sh FOLDER" >&2
	exit 2
}
mkdir -p "$1"
folder=$(cd "$1" && pwd)
[ ! -x "$folder/lcov2/usr/bin/geninfo" ] || exit 0

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
rm -rf "$folder/lcov2"
dpkg -x "$apt"/lcov_*.deb "$folder/lcov2"
# It asks a script at its installed place for its version.
sed -i "s,/usr/share/lcov,$folder/lcov2&,g" "$folder/lcov2/usr/share/perl5/lcovutil.pm"
