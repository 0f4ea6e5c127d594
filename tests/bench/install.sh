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
"$here/../../.ci/install.sh" "$here/../../.ci/packages/bench.txt"

if [ ! -x "$folder/venv/bin/fastcov" ] || [ ! -x "$folder/venv/bin/gcovr" ]; then
	python3 -m venv "$folder/venv"
	"$folder/venv/bin/pip" install -q fastcov gcovr
fi

"$here/lcov2.sh" "$folder"
