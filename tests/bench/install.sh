#!/bin/bash
# install.sh FOLDER - install the peers that bench.py measures: Debian's packages into the system,
# newer versions into FOLDER, which bench.py takes as --peers.
set -euo pipefail
[ $# = 1 ] || {
	echo "usage: install.sh FOLDER" >&2
	exit 2
}
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1"
folder=$(cd "$1" && pwd)
"$here/../install.sh" "$here/packages.txt"

if [ ! -x "$folder/venv/bin/fastcov" ] || [ ! -x "$folder/venv/bin/gcovr" ]; then
	python3 -m venv "$folder/venv"
	"$folder/venv/bin/pip" install -q fastcov gcovr
fi

# lcov 2.x, which Debian 12 does not have: Debian's newest is Perl only, so it runs from a folder.
# apt gets lists of its own, so that the system never sees that suite.
if [ ! -x "$folder/lcov2/usr/bin/geninfo" ]; then
	apt=$(mktemp -d)
	trap 'rm -rf "$apt"' EXIT
	mkdir "$apt/lists" "$apt/cache"
	key=/usr/share/keyrings/debian-archive-keyring.gpg
	echo "deb [signed-by=$key] http://deb.debian.org/debian sid main" >"$apt/sources.list"
	options=(-o "Dir::Etc::SourceList=$apt/sources.list" -o Dir::Etc::SourceParts=-
		-o "Dir::State::Lists=$apt/lists" -o "Dir::Cache=$apt/cache"
		-o APT::Sandbox::User=root)
	apt-get "${options[@]}" -q update >/dev/null
	(cd "$apt" && apt-get "${options[@]}" -q download lcov >/dev/null)
	rm -rf "$folder/lcov2"
	dpkg -x "$apt"/lcov_*.deb "$folder/lcov2"
	# It asks a script at its installed place for its version.
	sed -i "s,/usr/share/lcov,$folder/lcov2&,g" "$folder/lcov2/usr/share/perl5/lcovutil.pm"
fi
