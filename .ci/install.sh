#!/bin/bash
# install.sh FILE... - install the Debian packages that the files list, if any is missing.
set -euo pipefail
mapfile -t packages < <(sort -u "$@")
missing=()
for package in "${packages[@]}"; do
	# Node.js often comes from elsewhere, and then has npm with it.
	case $package in
	nodejs) ! command -v node >/dev/null || continue ;;
	npm) ! command -v npm >/dev/null || continue ;;
	esac
	status=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) || status=
	[ "$status" = installed ] || missing+=("$package")
done
[ ${#missing[@]} = 0 ] && exit 0
become=()
if [ "$(id -u)" != 0 ]; then
	command -v sudo >/dev/null || {
		echo "install.sh: as root, run: apt-get install ${missing[*]}" >&2
		exit 3
	}
	become=(sudo)
fi
echo "== installing ${#missing[@]} packages: ${missing[*]}" >&2
"${become[@]}" apt-get update -q >/dev/null
"${become[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends \
	"${missing[@]}" >/dev/null
