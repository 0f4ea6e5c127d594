#!/bin/sh
# unreadable.sh COVDB SOURCE_DIR - what the system does not give is not registered or imported without it; the
# same command, once it gives it, does all of it. Files that are damaged stay so, and are left out.
set -eu
# shellcheck source=tests/cli/lib.sh
. "$2/tests/cli/lib.sh"
need gcc python3 sqlite3
python3 "$source/tests/faults/study.py" .
mkdir snapshot
tar -xf study/trials/runc-w-2.tar -C snapshot

mv kernel/other.gcno snapshot/main.gcda .
ln -s gone kernel/other.gcno
ln -s gone snapshot/main.gcda
refused 1 "kernel: 1 of its files or folders cannot be read, so nothing is stored; the first is other.gcno: .*No such file" \
	"$covdb" kernel add --notes kernel --name k --build-id abc
[ ! -e db.sqlite ] || fail "kernel add that failed left a database"
rm kernel/other.gcno
mv other.gcno kernel
"$covdb" kernel add --notes kernel --name k --build-id abc >out || fail "the same, when it can be read"
expect out "^kernel k: 3 objects"

import() { "$covdb" import snapshot --platform runc --workload w --seconds 10; }
refused 1 "snapshot: 1 of its files or folders cannot be read, so nothing is stored; the first is main.gcda: .*No such file" import
check "no trial" 0 "$(sqlite3 db.sqlite "SELECT count(*) FROM trial")"
rm snapshot/main.gcda
mv main.gcda snapshot
import >out 2>err || fail "the same, when it can be read"
check "it is trial 1" "1 2" "$(sqlite3 -separator ' ' db.sqlite "SELECT number, objects_decoded FROM trial")"

cp -r kernel cut
truncate -s -8 cut/other.gcno
truncate -s -8 snapshot/main.gcda
status=0
"$covdb" kernel add --db cut.sqlite --notes cut --name k --build-id abc >out 2>err || status=$?
check "notes that are damaged are left out" "1 1" "$status $(grep -c '^kernel k: 2 objects' out)"
status=0
import >out 2>err || status=$?
check "counters that are damaged are left out" "1 1 trial imported" "$status $(cat out)"
