#!/bin/sh
# javascript.sh ROOT [MODULES] - every script, style sheet and page that git lists under ROOT: no error
# that a linter finds, set as prettier sets it, no line wider than 100 columns. MODULES has the
# node_modules that package.json beside this file names.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$1
modules=${2:-$root/build/release/tests/lint}
for tool in git node; do
	command -v "$tool" >/dev/null || {
		echo "skipped: $tool is not installed"
		exit 77
	}
done
for package in eslint prettier; do
	[ -d "$modules/node_modules/$package" ] || {
		echo "skipped: $modules/node_modules has no $package"
		exit 77
	}
done
cd "$root"
# A list that cannot be had ends the check here; an empty one is an error of the check below.
list=$(git -c core.quotePath=off ls-files -- '*.js' '*.jsx' '*.mjs' '*.cjs' '*.css' '*.html')
echo "$list" | NODE_PATH="$modules/node_modules" node "$here/javascript.cjs"
