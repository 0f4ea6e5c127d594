#!/bin/sh
# npm.sh NPM SOURCE FOLDER - the packages that SOURCE/package-lock.json names, as FOLDER/node_modules. They are fetched once, by what that
# names, into the cache, where all builds of all clones have them.
set -eu
npm=$1
source=$2
folder=$3
cache=${XDG_CACHE_HOME:-$HOME/.cache}/covdb/npm
key=$({ uname -m && cat "$source/package.json" "$source/package-lock.json"; } | sha256sum | cut -c 1-12)
mkdir -p "$cache" "$folder"
# Two builds at once make it once.
exec 9>"$cache/$key.lock"
flock 9
if [ ! -e "$cache/$key/complete" ]; then
	rm -rf "${cache:?}/$key"
	mkdir "$cache/$key"
	cp "$source/package.json" "$source/package-lock.json" "$cache/$key"
	(cd "$cache/$key" && "$npm" ci --no-audit --no-fund --ignore-scripts --prefer-offline --loglevel=error)
	: >"$cache/$key/complete"
fi
rm -rf "$folder/node_modules"
ln -s "$cache/$key/node_modules" "$folder/node_modules"
