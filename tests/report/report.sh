#!/bin/sh
# report.sh COVDB SOURCE_DIR MODULES - the report of a small study with its sources, and of a hostile one, in Chromium.
set -eu
# shellcheck source=tests/cli/lib.sh
. "$2/tests/cli/lib.sh"
need gcc python3 sqlite3 node chromium
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
"$covdb" report -o page --kernel-src tree >out
for name in page choice file profiles cves; do
	REPORT=page KERNEL_SRC=tree "$source/tests/report/offline.sh" node --test "$source/tests/report/${name}_test.cjs" ||
		fail "the test $name"
done
cp "$COVDB" hostile.sqlite
"$source/tests/report/hostile.py" hostile.sqlite
"$covdb" report --db hostile.sqlite -o hostile >out
REPORT=hostile "$source/tests/report/offline.sh" node --test "$source/tests/report/hostile_test.cjs" || fail "the hostile report"
