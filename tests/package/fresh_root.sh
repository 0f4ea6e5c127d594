#!/bin/bash
# fresh_root.sh COVDB SOURCE_DIR PACKAGES - in a Debian 12 with nothing but the packages, and what they depend on, the
# recorded study loads and every command of the tour prints what docs/tour.md shows.
set -eu
# shellcheck source=tests/cli/lib.sh
. "$2/tests/cli/lib.sh"
packages=$3
need debootstrap unshare chroot
set -- "$packages"/*.deb
[ -e "$1" ] || skip "$packages is made by the test package"
[ "$(id -u)" = 0 ] || skip "only root makes a root"
if [ -z "${COVDB_TEST_OWN_MOUNTS:-}" ]; then
	unshare --mount true 2>/dev/null || skip "no mount namespace of its own"
	status=0
	COVDB_TEST_OWN_MOUNTS=1 unshare --mount "$script" "$covdb" "$source" "$packages" || status=$?
	exit "$status"
fi

# The minimal root, once; each run has a fresh layer over it.
base=${XDG_CACHE_HOME:-$HOME/.cache}/covdb/root/bookworm-minbase
if [ ! -d "$base" ]; then
	rm -rf "$base.new"
	mkdir -p "$base.new"
	debootstrap --variant=minbase bookworm "$base.new" >"$folder/debootstrap.log" 2>&1 || {
		tail -n 5 "$folder/debootstrap.log"
		rm -rf "$base.new"
		skip "no Debian packages can be had"
	}
	mv "$base.new" "$base"
fi
tidy_up() { # what is mounted is gone before anything is removed
	umount root/proc root layers 2>/dev/null
}
mkdir layers root
mount -t tmpfs -o size=4g tmpfs layers
mkdir layers/upper layers/work
mount -t overlay -o "lowerdir=$base,upperdir=$folder/layers/upper,workdir=$folder/layers/work" overlay root || skip "no overlay can be mounted"
mount -t proc proc root/proc
# What this machine reaches Debian by.
cp /etc/resolv.conf root/etc/resolv.conf
rm -f root/etc/apt/sources.list
cp -r /etc/apt/sources.list* root/etc/apt/ 2>/dev/null || :
mkdir -p root/etc/ssl/certs
cp -L /etc/ssl/certs/ca-certificates.crt root/etc/ssl/certs/ 2>/dev/null || :

mkdir root/packages
cp "$packages"/*.deb root/packages/
inside() { env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive chroot root "$@"; }
inside apt-get update -q >apt.log 2>&1 || {
	tail -n 5 apt.log
	skip "no Debian packages can be had"
}
inside sh -c 'apt-get install -q -y --no-install-recommends /packages/*.deb' >apt.log 2>&1 || {
	tail -n 20 apt.log
	fail "the packages cannot be installed"
	exit 1
}
inside covdb --version
inside /usr/share/covdb/workloads/recorded/load.sh covdb /study.sqlite

# The commands of the tour, those of covdb within.
cat >covdb <<END
#!/bin/sh
exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 COVDB=/study.sqlite chroot "$folder/root" covdb "\$@"
END
chmod +x covdb
inside covdb tour --db /study.sqlite 1 >one
expect one 'host     39,468' "the first question of covdb tour"
cp "$source/docs/tour.md" tour.md
python3 "$source/tests/oracle/doc_examples.py" "$folder/covdb" tour.md
