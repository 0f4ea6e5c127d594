#!/bin/sh
# package.sh COVDB SOURCE_DIR PACKAGES BUILD_DIR - what an installation under any prefix has is found by its programs, and the
# packages are as Debian wants them; they are left in the folder PACKAGES.
set -eu
# shellcheck source=tests/cli/lib.sh
. "$2/tests/cli/lib.sh"
packages=$3
build=$4
need cmake cpack lintian dpkg-deb
unset COVDB_DATA

cmake --install "$build" --prefix "$folder/first" >/dev/null
mv "$folder/first" "$folder/moved"
PATH="$folder/moved/bin:$PATH"
installed="$folder/moved/bin/covdb"
echo 'CONFIG_NOTHING=y' >config
status=0
"$installed" kernel check-config config >found || status=$?
check "check-config of an empty configuration, by the installed rules" 1 "$status"
expect found CONFIG_GCOV_KERNEL
"$folder/moved/bin/covdb-collector" kernel check-config config >found.collector || :
cmp found found.collector || fail "the collector has other rules"
rm "$folder/moved/share/covdb/kernel-config/gcov.config"
status=0
"$installed" kernel check-config config 2>err || status=$?
check "without its rules" 1 "$status"
expect err "cannot find covdb's file kernel-config/gcov.config below $folder/moved/bin/../share/covdb; set COVDB_DATA$"
for program in covdb covdb-collector covdb-work; do
	if grep -q "$source" "$folder/moved/bin/$program"; then
		fail "$program has the path of its sources in it"
	fi
done
for page in covdb covdb-collector covdb-venn covdb-kernel-check-config; do
	[ -s "$folder/moved/share/man/man1/$page.1" ] || fail "no man page $page"
done

# None of an earlier run is taken for one of these.
rm -rf "$packages"
(cd "$build" && cpack -B "$folder/packages" >"$folder/cpack.log" 2>&1) || {
	cat "$folder/cpack.log"
	exit 1
}
mkdir -p "$packages"
mv "$folder"/packages/*.deb "$packages"
ls "$packages"
lintian --allow-root --fail-on error "$packages"/*.deb || fail "lintian finds errors"
dpkg-deb --contents "$packages"/covdb_*.deb >contents
for path in usr/bin/covdb usr/bin/covdb-collector usr/bin/covdb-work usr/share/man/man1/covdb.1.gz \
	usr/share/bash-completion/completions/covdb usr/share/zsh/vendor-completions/_covdb \
	usr/share/fish/vendor_completions.d/covdb.fish usr/share/covdb/workloads/vee20.yaml usr/share/covdb/kernel-config/gcov.config; do
	expect contents " \./$path\$"
done
if grep -q recorded contents; then fail "the recorded study is in the package of the program"; fi
dpkg-deb --contents "$packages"/covdb-study_*.deb >contents
for path in workloads/recorded/load.sh workloads/recorded/tour.sh workloads/recorded/notes.tar.zst \
	workloads/recorded/trials.tar.zst docs/tour.md; do
	expect contents " \./usr/share/covdb/$path\$"
done
