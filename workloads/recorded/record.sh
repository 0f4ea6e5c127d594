#!/bin/sh
# record.sh STUDY TREE [FOLDER] - make the recording anew, in FOLDER (this one).
#
# STUDY: what 'covdb lab run' left of workloads/lab.yaml: whole trials, and phases of some of them
# TREE: build tree of the kernel that it ran on: KERNEL_TREE of 'covdb lab build'
#
# Snapshots are stored as plain tar archives in one compressed archive, since they are much alike: the
# compressor then finds in one what it has seen in the others. It looks back 32 MiB, four snapshots: whoever reads the
# archive, as covdb import does, needs as much memory.
set -eu
export LC_ALL=C
here=$(cd "$(dirname "$0")" && pwd)
to=${3:-$here}
limit=25165824 # bytes of both archives
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

copy_trials() { # copy_trials FROM TO
	mkdir -p "$2"
	for manifest in "$1"/*.json; do
		sed 's/\.tar\.zst"/.tar"/' "$manifest" >"$2/$(basename "$manifest")"
	done
	for snapshot in "$1"/*.tar.zst; do
		zstd -qd "$snapshot" -o "$2/$(basename "$snapshot" .zst)"
	done
}
pack() { # pack FOLDER ARCHIVE - names on stdin; the same files give the same archive
	sort | tar -C "$1" --create --no-recursion --files-from=- --owner=0 --group=0 --numeric-owner \
		--mtime=@0 --mode=u=rwX,go=rX --format=ustar | zstd -q -19 --long=25 -f -o "$2"
}

copy_trials "$1/trials" "$folder/study/trials"
cp "$1"/*.yaml "$folder/study"
copy_trials "$1/phases/trials" "$folder/phases/trials"
(cd "$folder" && find . -type f | sed 's,^\./,,') | pack "$folder" "$to/trials.tar.zst"
(cd "$2" && {
	find . -name '*.gcno' | sed 's,^\./,,'
	echo include/config/kernel.release
	find . -name '.*.cmd' | sed 's,^\./,,'
}) | pack "$2" "$to/notes.tar.zst"
make -s -C "$2" -f "$here/../../kernel-config/options.mk" >"$folder/covdb.options" 2>"$folder/said" || {
	cat "$folder/said" >&2
	exit 1
}
zstd -q -19 -f "$folder/covdb.options" -o "$to/options.zst"
ls -l "$to"/*.zst
size=$(cat "$to"/trials.tar.zst "$to"/notes.tar.zst | wc -c)
[ "$size" -le "$limit" ] || {
	echo "record.sh: the archives have $size bytes, more than $limit" >&2
	exit 1
}
