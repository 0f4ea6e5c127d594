#!/bin/sh
# output_disk.sh COVDB SOURCE_DIR - on a disk that is full, what -o names stays as it was.
set -eu
# shellcheck source=tests/cli/lib.sh
. "$2/tests/cli/lib.sh"
need gcc unshare
# A disk of its own, in a mount namespace of its own: it goes when this script does.
if [ "${3:-}" != within ]; then
	unshare --mount true 2>/dev/null || skip "mounting needs root"
	status=0
	unshare --mount "$source/tests/cli/output_disk.sh" "$covdb" "$source" within || status=$?
	exit "$status"
fi
# shellcheck source=tests/cli/output_fixture.sh
. "$source/tests/cli/output_fixture.sh"
mkdir disk larger
tidy_up() {
	umount "$folder/disk"
	! mountpoint -q "$folder/larger" || umount "$folder/larger"
}
mount -t tmpfs -o size=16k none disk
echo old >disk/good
outputs | while IFS= read -r words; do
	# shellcheck disable=SC2086 # words of a command
	refused 1 'cannot write disk/good: No space left on device$' "$covdb" $words -o disk/good
	check "$words: what was there" old "$(cat disk/good)"
	check "$words: and nothing else" good "$(ls -A disk)"
done

# A report has room once, not twice.
"$covdb" import snapshot --platform p --baseline --seconds 20 >out 2>err
"$covdb" report -o measured >out
mount -t tmpfs -o "size=$(($(du -sk measured | cut -f1) * 3 / 2))k" none larger
"$covdb" report -o larger/page >out
cp -r larger/page page.before
refused 1 'cannot write larger/page/report.new/.*: No space left on device$' "$covdb" report -o larger/page
diff -r page.before larger/page || fail "a report that has no room changes the older one"
refused 1 'cannot write disk/page/.*: No space left on device$' "$covdb" report -o disk/page
check "what is left of a first report" "covdb-report.txt" "$(ls -A disk/page)"
