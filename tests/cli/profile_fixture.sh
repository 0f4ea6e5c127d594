# profile_fixture.sh - a kernel of six functions with two counted trials, and the profiles of two platforms in profiles/.
# shellcheck shell=sh disable=SC2154
mkdir notes snapshot profiles profiles/trials
cat >notes/main.c <<'END'
#include <stdio.h>
int __attribute__((noinline)) vfs_write(int n) { return n + 1; }
int __attribute__((noinline)) sock_write_iter(int n) { return n + 2; }
int __attribute__((noinline)) ksys_write(int n)
{
	return n > 3 ? sock_write_iter(n) : vfs_write(n);
}
int __attribute__((noinline)) never_called(int n) { return n; }
int __attribute__((noinline)) kernel_init(int n) { return n; }
int main(int argc, char **argv)
{
	(void)argv;
	return ksys_write(argc) == 99 ? never_called(1) + kernel_init(2) : 0;
}
END
(cd notes && gcc -O0 --coverage -c main.c -o main.o && gcc --coverage main.o -o program && ./program)
mv notes/main.gcda snapshot/
"$covdb" kernel add --notes notes --name k >/dev/null
for platform in host runc; do
	"$covdb" import snapshot --platform "$platform" --workload write --seconds 9 >/dev/null 2>&1
done
"$covdb" import snapshot --platform host --baseline --seconds 9 >/dev/null 2>&1

# profile PLATFORM <STACKS: what collect leaves of one
profile() {
	cat >"profiles/trials/$1-write-1.folded"
	zstd -q --rm -f "profiles/trials/$1-write-1.folded"
	python3 - "$1" "$(zstd -dqc "profiles/trials/$1-write-1.folded.zst" | awk '{ sum += $NF } END { print sum }')" <<'END'
import json, sys
platform, samples = sys.argv[1], int(sys.argv[2])
json.dump({
    "format": "covdb-trial", "version": 1,
    "trial": {"platform": platform, "driver": "host", "workload": "write", "baseline": None, "number": 1, "kind": "profile", "phase": None},
    "status": "ok", "failure": None, "exit_status": 0, "signal": None, "duration_ns": 2000000000,
    "started_at": "2026-11-27T10:00:00Z", "steps": [], "snapshot": None,
    "profile": {"file": f"{platform}-write-1.folded.zst", "event": "cpu-clock", "frequency_hz": 997, "samples": samples, "lost": 0,
                "emulated": platform == "runc"},
    "kernel": {"release": "6.1", "build_id": "abc", "cpus": 1, "emulated": platform == "runc", "gcov_persist": False},
    "versions": {}, "command": [], "output": None, "output_truncated": False}, open(f"profiles/trials/{platform}-write-1.json", "w"))
END
}
profile host <<'END'
covdb-work;[libc.so.6];entry_SYSCALL_64_[k];ksys_write_[k] 10
covdb-work;[libc.so.6];entry_SYSCALL_64_[k];ksys_write_[k];vfs_write_[k] 60
covdb-work;[libc.so.6];entry_SYSCALL_64_[k];ksys_write_[k];vfs_write_[k];never_called.part.0_[k] 10
covdb-work;main 10
perf;main;never_called_[k] 5
swapper;kernel_init_[k];idle_[k] 5
END
profile runc <<'END'
covdb-work;[libc.so.6];entry_SYSCALL_64_[k];ksys_write_[k] 10
covdb-work;[libc.so.6];entry_SYSCALL_64_[k];ksys_write_[k];sock_write_iter_[k] 30
covdb-work;[libc.so.6];entry_SYSCALL_64_[k];ksys_write_[k];vfs_write_[k] 60
END
