#!/bin/sh
# readdir_fails.sh COVDB SOURCE_DIR - a folder that cannot be listed to its end, or a file that cannot be read, is named, and the status is 1.
set -eu
# shellcheck source=tests/cli/lib.sh
. "$2/tests/cli/lib.sh"
need gcc python3
# In the folder $FAIL_FOLDER readdir() fails after $FAIL_AFTER entries; getdents64(), which gives many at once, at the first
# call if $FAIL_AFTER is 0, else at the second.
cat >fail.c <<'END'
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
static bool is_chosen(int folder)
{
	char link[64], path[4096];
	snprintf(link, sizeof(link), "/proc/self/fd/%d", folder);
	ssize_t length = readlink(link, path, sizeof(path) - 1);
	if (length < 0)
		return false;
	path[length] = '\0';
	const char *name = strrchr(path, '/');
	return name && strcmp(name + 1, getenv("FAIL_FOLDER")) == 0;
}
struct dirent *readdir(DIR *stream)
{
	static int count;
	struct dirent *(*real)(DIR *) = dlsym(RTLD_NEXT, "readdir");
	if (is_chosen(dirfd(stream)) && count++ >= atoi(getenv("FAIL_AFTER"))) {
		errno = EIO;
		return NULL;
	}
	return real(stream);
}
ssize_t getdents64(int folder, void *entries, size_t size)
{
	static int count;
	ssize_t (*real)(int, void *, size_t) = dlsym(RTLD_NEXT, "getdents64");
	if (is_chosen(folder) && count++ >= (atoi(getenv("FAIL_AFTER")) > 0)) {
		errno = EIO;
		return -1;
	}
	return real(folder, entries, size);
}
END
gcc -shared -fPIC -o fail.so fail.c -ldl
failing() { # failing FOLDER ENTRIES COMMAND...
	fail_folder=$1
	fail_after=$2
	shift 2
	FAIL_FOLDER=$fail_folder FAIL_AFTER=$fail_after LD_PRELOAD="$folder/fail.so" \
		ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}verify_asan_link_order=0" "$@"
}
status_of() { # status_of COMMAND... - its output is in out, its messages in err
	status=0
	"$@" >out 2>err || status=$?
	echo "$status"
}

mkdir -p tree/deep study/trials
echo 'int main(void) { return 0; }' >tree/main.c
echo 'int other(void) { return 1; }' >tree/deep/other.c
(cd tree && gcc --coverage -c main.c -o main.o && gcc --coverage -c deep/other.c -o deep/other.o &&
	gcc --coverage main.o deep/other.o -o main && ./main)
mkdir -p snapshot/deep
mv tree/main.gcda snapshot
mv tree/deep/other.gcda snapshot/deep

# Notes and counters: what is below is decoded without what is not listed, and that is said.
for entries in 0 2; do
	check "notes, after $entries" 1 "$(status_of failing deep $entries "$covdb" kernel add --notes tree --db "notes-$entries")"
	expect err 'deep.*: Input/output error'
	check "a snapshot, after $entries" 1 "$(status_of failing deep $entries "$covdb" decode snapshot --notes tree)"
	expect err 'deep.*: Input/output error'
done
refused 1 'tree: Input/output error$' failing tree 0 "$covdb" kernel add --notes tree
refused 1 'snapshot: Input/output error$' failing snapshot 2 "$covdb" decode snapshot --notes tree

# Manifests: those that were listed are imported, and the next import finds the rest.
(cd snapshot && tar cf ../study/trials/all.tar .)
python3 - <<'END'
import json, shutil

for i in range(20):
    path = f"study/trials/host-w-{i}"
    shutil.copy("study/trials/all.tar", path + ".tar")
    about = {"platform": "host", "driver": "host", "workload": "w", "baseline": None, "kind": None, "phase": None, "number": 1}
    json.dump({"format": "covdb-trial", "version": 1, "trial": about, "status": "ok", "failure": None,
        "exit_status": 0, "signal": None, "duration_ns": 10**10, "started_at": f"2026-01-01T00:00:{i:02}Z",
        "steps": [], "snapshot": {"file": path.rsplit("/", 1)[1] + ".tar", "files": 2, "bytes": 1, "unreadable": []},
        "kernel": {"release": "6.1", "version": "1", "build_id": "abc", "config_sha256": None, "compiler": None,
                   "cpus": 1, "boot_parameters": None, "clock_source": None, "emulated": True,
                   "profile_update": "unknown", "gcov_persist": True},
        "versions": {"covdb": "0.1.0"}, "command": [], "output": "", "output_truncated": False, "metrics": []},
        open(path + ".json", "w"))
END
"$covdb" kernel add --notes tree --name k --build-id abc >/dev/null
refused 1 'study/trials: Input/output error$' failing trials 0 "$covdb" import study
check "import, after some" 1 "$(status_of failing trials 30 "$covdb" import study)"
expect err '^not all trials imported: .*study/trials: Input/output error$'
some=$(sed -n 's/^\([0-9]*\) trials* imported$/\1/p' out)
if [ "${some:-0}" -eq 0 ] || [ "$some" -ge 20 ]; then fail "imported: $(cat out)"; fi
check "import, all" 0 "$(status_of "$covdb" import study)"
check "what was left out comes now" "$((20 - some)) trials imported, $some known before" "$(cat out)"

# A file that is there and cannot be read is not one that is missing.
mkdir study/experiment.yaml
check "an experiment that cannot be read" 1 "$(status_of "$covdb" import study)"
expect err '^platforms are in the order of their trials: .*study/experiment.yaml'
mkdir -p tree/include/config/kernel.release
refused 1 'include/config/kernel.release' "$covdb" kernel add --notes tree --name other --build-id abd
rmdir tree/include/config/kernel.release
mkdir -p tree/init/.main.o.cmd
refused 1 'init/.main.o.cmd' "$covdb" kernel add --notes tree --name other --build-id abd
if [ "$(id -u)" = 0 ]; then
	chmod 755 "$test_folder" "$folder"
	cp "$covdb" covdb
	cp "$COVDB" open.sqlite
	chmod 666 open.sqlite
	mkdir open
	chmod 777 open
	mv open.sqlite open
	chmod 700 study/trials
	refused 1 'study/trials: Permission denied' setpriv --reuid=65534 --regid=65534 --clear-groups \
		./covdb import study --db open/open.sqlite
fi
