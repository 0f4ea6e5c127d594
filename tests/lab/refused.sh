#!/bin/sh
# refused.sh COVDB SOURCE_DIR RESULTS - a snapshot of another kernel build is refused, with both
# build ids; nothing of it gets into the database.
set -eu
# shellcheck source=tests/lab/lib.sh
. "$2/tests/lab/lib.sh"
COVDB=$results/covdb.sqlite
own=$("$covdb" kernel list --format csv | cut -d, -f3 | tail -n 1)
other=00112233445566778899aabbccddeeff00112233
before=$("$covdb" kernel list --format csv)

is_refused() { # is_refused MESSAGE COMMAND...: and names the build id of the kernel
	pattern=$1
	shift
	status=0
	"$@" 2>"$folder/err" || status=$?
	if [ "$status" != 1 ] || ! grep -q "$pattern" "$folder/err" ||
		! grep -q "$own" "$folder/err"; then
		echo "not refused as it should be (status $status): $*"
		cat "$folder/err"
		exit 1
	fi
	tail -n 1 "$folder/err"
}

# Another build by its manifest.
mkdir -p "$folder/out/trials"
for trial in baseline-idle-1 host-cpu-1; do
	sed "s/$own/$other/" "$results/trials/$trial.json" >"$folder/out/trials/$trial.json"
	cp "$results/trials/$trial.tar.zst" "$folder/out/trials/"
done
is_refused "$other" "$covdb" import "$folder/out"
is_refused "$other" "$covdb" import "$folder/out/trials/host-cpu-1.tar.zst" --platform x --workload y --seconds 1
is_refused "$other" "$covdb" decode "$folder/out/trials/host-cpu-1.tar.zst" -o "$folder/x"

# Another build by the stamps of its objects: the same files, each with another stamp.
mkdir "$folder/tree"
tar -xf "$results/trials/host-cpu-1.tar.zst" -C "$folder/tree"
find "$folder/tree" -name '*.gcda' -exec sh -c '
	for file; do printf "\001\002\003\004" | dd of="$file" bs=1 seek=8 conv=notrunc 2>/dev/null; done
' sh {} +
is_refused 'another build' "$covdb" import "$folder/tree" --platform x --workload y --seconds 1

[ "$("$covdb" kernel list --format csv)" = "$before" ] || {
	echo "the database changed"
	exit 1
}
