#!/bin/sh
# report.sh COVDB SOURCE_DIR MODULES - the report of a small study with its sources, and of a hostile one, in Chromium.
set -eu
# shellcheck source=tests/cli/lib.sh
. "$2/tests/cli/lib.sh"
need gcc git python3 sqlite3 node chromium
export NODE_PATH="$3/node_modules" PROGRAM="$1"
# shellcheck source=tests/cli/exchange_fixture.sh
. "$source/tests/cli/exchange_fixture.sh"
# By two rules; the one made last is the default.
"$covdb" diff --rule poisson >out
"$covdb" diff --rule rate >out
# Two profiles, one of them emulated; main() is a function of the study, for its source.
sqlite3 "$COVDB" "INSERT INTO profile (kernel_id, platform, workload, number, duration_ns, event, frequency_hz, samples, lost, is_emulated)
	VALUES (1, 'a', 'w', 1, 1, 'cpu-clock', 997, 470, 0, 0), (1, 'b', 'w', 1, 1, 'cpu-clock', 997, 400, 0, 1);
	INSERT INTO profile_stack VALUES (1, 'work;[libc.so.6];ksys_write_[k];vfs_write_[k]', 300),
	(1, 'work;[libc.so.6];ksys_write_[k];main_[k]', 100), (1, 'work;vfs_read_[k]', 60), (1, 'perf;ksys_write_[k]', 10),
	(2, 'work;[libc.so.6];ksys_write_[k];vfs_write_[k]', 100), (2, 'work;[libc.so.6];ksys_write_[k];main_[k]', 300)"
# Records of its files, one that is not compiled.
# shellcheck source=tests/cli/cve_fixture.sh
(mkdir records && cd records && . "$source/tests/cli/cve_fixture.sh" && records ../vulns) <<'END'
CVE-2024-0001|loops.c|loops: main() loops|7.5|U+0-4.1 U+6.8-*|4.1>6.8
CVE-2024-0002|parts.c,none.c|parts: of a file|9.8|U+0-4.1 U+6.8-*|4.1>6.8
CVE-2024-0003|macros.c|macros: main() has some||U+0-4.1 U+6.8-*|4.1>6.8
CVE-2024-0004|none.c|none: it is not compiled|5.5|U+0-4.1 U+6.8-*|4.1>6.8
END
sqlite3 "$COVDB" "UPDATE kernel SET release = '6.1.50'"
"$covdb" cve add vulns >out
# Three functions are those of system calls, so that its table has 40 of them. Trials of two platforms, and of one that has no
# footprint; filters: what allows stat, by its first argument, and getpid.
sqlite3 "$COVDB" "UPDATE function SET name = '__x64_sys_read' WHERE name = 'collect';
	UPDATE function SET name = '__do_sys_getpid' WHERE name = 'leave'; UPDATE function SET name = '__x64_sys_newstat' WHERE name = 'nested';
	INSERT INTO syscalls VALUES (1, 1, 'a', 'w', 1, NULL, 1, 0, '{}'), (2, 1, 'b', 'w', 1, NULL, 1, 3, '{}'), (3, 1, 'c', 'w', 1, NULL, 1, 0, '{}');
	INSERT INTO syscalls_program VALUES
	(2, 0, x'20000000000000001500030000000000150002000400000015000100270000000600000000000080060000000000ff7f'),
	(2, 1, x'20000000000000001500000304000000200000001000000015000100050000000600000001000500060000000000ff7f');
	INSERT INTO syscalls_thread VALUES (1, 0, 'workload', 'sh', 'sh', 1, 0, NULL), (2, 0, 'sentry', 'exe', 'exe', 3, 2, NULL),
	(2, 1, 'stub', 'exe', 'exe', 2, 2, 'another program traces it'), (3, 0, 'workload', 'sh', 'sh', 1, 0, NULL);
	INSERT INTO syscalls_filter VALUES (2, 0, 0, 0), (2, 0, 1, 1);
	INSERT INTO syscalls_call VALUES (1, 'workload', 1, 30), (2, 'sentry', 0, 7), (2, 'sentry', 3, 1200), (2, 'others', 2, 1), (3, 'workload', 5, 1)"
"$covdb" report -o page --kernel-src tree >out
cp "$COVDB" without.sqlite
sqlite3 without.sqlite "PRAGMA foreign_keys = ON; DELETE FROM syscalls"
"$covdb" report --db without.sqlite -o without >out
for name in page choice file profiles cves syscalls layout; do
	REPORT=page WITHOUT=without KERNEL_SRC=tree "$source/tests/report/offline.sh" node --test "$source/tests/report/${name}_test.cjs" ||
		fail "the test $name"
done
# Compared with a study in which the platforms have each other's names; and a patch of two files, one of which is no part of the kernel.
cp "$COVDB" before.sqlite
sqlite3 before.sqlite "UPDATE platform SET name = 'x' WHERE name = 'a'; UPDATE platform SET name = 'a' WHERE name = 'b';
	UPDATE platform SET name = 'b' WHERE name = 'x'"
printf 'one\ntwo\n' >tree/notes.txt
for file in loops.c notes.txt; do (cd tree && git diff --no-index /dev/null $file) || :; done >new.diff
"$covdb" report -o changed --kernel-src tree --before before.sqlite --patch new.diff >out
REPORT=changed WITHOUT=without "$source/tests/report/offline.sh" node --test "$source/tests/report/changes_test.cjs" || fail "the test changes"
refused 2 'before-src needs --before' "$covdb" report -o changed --before-src tree
refused 2 'git needs --patch' "$covdb" report -o changed --git tree
refused 1 'no kernel none.sqlite: is registered' "$covdb" report -o changed --before none.sqlite:
refused 1 'none.diff' "$covdb" report -o changed --patch none.diff
cp "$COVDB" hostile.sqlite
"$source/tests/report/hostile.py" hostile.sqlite
"$covdb" report --db hostile.sqlite -o hostile >out
REPORT=hostile "$source/tests/report/offline.sh" node --test "$source/tests/report/hostile_test.cjs" || fail "the hostile report"
