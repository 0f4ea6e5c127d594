#!/bin/sh
# record.sh STUDY PHASES TREE - make the recording in this folder anew.
#
# STUDY, PHASES: what 'covdb lab run' left of workloads/lab.yaml and of workloads/lab-short.yaml
# TREE: build tree of the kernel that both ran on: KERNEL_TREE of 'covdb lab build'
#
# Snapshots are stored as plain tar archives in one compressed archive, since they are much alike: the
# compressor then finds in one what it has seen in the others.
set -eu
export LC_ALL=C
here=$(cd "$(dirname "$0")" && pwd)
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
		--mtime=@0 --mode=u=rwX,go=rX --format=ustar | zstd -q -19 --long=27 -f -o "$2"
}

copy_trials "$1/trials" "$folder/study/trials"
cp "$1"/*.yaml "$folder/study"
copy_trials "$2/phases/trials" "$folder/phases/trials"
(cd "$folder" && find . -type f | sed 's,^\./,,') | pack "$folder" "$here/trials.tar.zst"
(cd "$3" && {
	find . -name '*.gcno' | sed 's,^\./,,'
	echo include/config/kernel.release
	echo init/.main.o.cmd
}) | pack "$3" "$here/notes.tar.zst"
ls -l "$here"/*.tar.zst
