#!/bin/sh
# collect_spaces.sh COVDB SOURCE_DIR - an overlay over a platform's files, and the peer of the traffic. Both are made
# in namespaces of the test's own, so that nothing of this machine is touched.
# shellcheck disable=SC2016 # of the inner shells
set -eu
# shellcheck source=tests/cli/lib.sh
. "$2/tests/cli/lib.sh"
[ "$(id -u)" = 0 ] || skip "overlays and networks are root's"
need python3 ip ping mkfs.ext4
# shellcheck source=tests/cli/collect_fixture.sh
. "$source/tests/cli/collect_fixture.sh"
mkdir root ext
echo lower >root/file
in_own_spaces() { unshare --net --mount sh -c 'mount -t tmpfs tmpfs /run && mkdir /run/netns && exec "$@"' sh "$@"; }
in_own_spaces true 2>/dev/null || skip "no namespaces of its own"
cat >overlay.yaml <<END
name: overlay
settle: 0
platforms:
  - {name: over, driver: command, rootfs: $folder/root, overlay: true, template: [sh, -c, 'cat {root}/file; echo upper >{root}/file; cat {root}/file']}
workloads:
  - {name: w, command: ["true"], duration: 1}
END
# Where the work folder is an overlay itself, there is no other on top of it.
truncate -s 64M ext4
mkfs.ext4 -q ext4
on_ext4() { in_own_spaces sh -c 'mount -o loop ext4 ext && export TMPDIR="$PWD/ext" && exec "$@"' sh "$@"; }
on_ext4 true || skip "no loop device"
on_ext4 "$covdb" collect overlay.yaml -o overlay 2>err || {
	fail "an overlay"
	cat err
}
check "what was written to the overlay" "lower upper" \
	"$(python3 -c 'import json; print(*json.load(open("overlay/trials/over-w-1.json"))["output"].split())')"
check "is not below it" lower "$(cat root/file)"

cat >peer.yaml <<END
name: peer
settle: 0
platforms:
  - {name: host, driver: host}
workloads:
  - {name: reaches, peer: [sh, -c, 'echo starting; echo "{\\"event\\": \\"ready\\"}"; exec sleep 1000'], command: [ping, -c, "1", -W, "5", "{peer}"], duration: 1}
END
in_own_spaces "$covdb" collect peer.yaml -o peer 2>err || {
	fail "the peer"
	cat err
}
sed 's/echo starting;.*sleep 1000/echo broken; exit 1/' peer.yaml >broken.yaml
status=0
in_own_spaces "$covdb" collect broken.yaml -o broken 2>err || status=$?
check "a peer that does not start" 1 "$status"
expect err 'the peer did not become ready: broken'
sed 's/peer: \[sh/peer: [no-such-program/' peer.yaml >missing.yaml
refused 3 "workload reaches: there is no program 'no-such-program' in PATH, for the peer" "$covdb" collect missing.yaml -o missing
