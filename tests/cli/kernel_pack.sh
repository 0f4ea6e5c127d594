#!/bin/sh
# kernel_pack.sh COVDB SOURCE_DIR - a kernel as one file decodes as its database does, and what is not such a file is refused.
set -eu
# shellcheck source=tests/cli/lib.sh
. "$2/tests/cli/lib.sh"
need gcc python3 sqlite3
# shellcheck source=tests/cli/exchange_fixture.sh
. "$source/tests/cli/exchange_fixture.sh"

"$covdb" kernel pack -o k.covkernel 2>err || fail "kernel pack: $(cat err)"
expect err '^kernel k, build id abc: [0-9]+ objects, [0-9]+ bytes$' "what was packed"
"$covdb" kernel pack --kernel k -o - 2>/dev/null | cmp - k.covkernel || fail "standard output"
# What is not written is not said to be.
[ ! -c /dev/full ] || refused 1 "^covdb kernel pack: cannot write /dev/full: No space left on device\$" "$covdb" kernel pack --kernel k -o /dev/full

# Counts, in every format, are those by the database; there is none where it is decoded.
mv "$COVDB" elsewhere.sqlite
for format in tsv info json; do
	for more in "" --per-object; do
		if [ "$format$more" = info--per-object ]; then continue; fi
		"$covdb" decode first --kernel-file k.covkernel --format $format $more -o got 2>got.err || fail "$format $more: $(cat got.err)"
		"$covdb" decode first --db elsewhere.sqlite --format $format $more -o expected 2>expected.err
		cmp expected got || fail "counts as $format $more"
		cmp expected.err got.err || fail "what is said of $format $more"
	done
done

# Registered elsewhere it is the same kernel, and packs to the same file.
"$covdb" kernel add --kernel-file k.covkernel --db other.sqlite >added
expect added '^kernel k: [0-9]+ objects' "what was added"
for table in kernel "(SELECT kernel_id, object_id, path, stamp, functions, lines, plan FROM object)" file function; do
	for database in elsewhere other; do sqlite3 $database.sqlite "SELECT * FROM $table" >"$database.rows"; done
	cmp elsewhere.rows other.rows || fail "$table of the kernel that was added"
done
"$covdb" kernel pack --db other.sqlite -o again.covkernel 2>/dev/null
cmp k.covkernel again.covkernel || fail "packed again"
"$covdb" kernel add --kernel-file k.covkernel --db other.sqlite --name j >/dev/null 2>err && fail "the same build twice"
expect err "build id abc" "the same build twice"

# The build id that a manifest names is compared with that of the file.
tar -cf first.tar -C first .
cat >first.json <<'END'
{"format": "covdb-trial", "version": 1,
 "trial": {"platform": "host", "driver": "host", "workload": "w", "baseline": null, "number": 1},
 "status": "ok", "failure": null, "exit_status": 0, "signal": null, "duration_ns": 10000000000,
 "started_at": "2026-01-01T00:00:00Z", "steps": [],
 "snapshot": {"file": "first.tar", "files": 4, "bytes": 1, "unreadable": []},
 "kernel": {"release": "6.1", "version": "1", "build_id": "fff", "config_sha256": null,
  "compiler": null, "cpus": 1, "boot_parameters": null, "clock_source": null, "emulated": false,
  "profile_update": "unknown", "gcov_persist": true},
 "versions": {"covdb": "0.1.0"}, "command": [], "output": "", "output_truncated": false}
END
refused 1 'build id fff, not on that with build id abc' "$covdb" decode first.tar --kernel-file k.covkernel

refused 2 'exclude' "$covdb" decode first --kernel-file k.covkernel --notes tree
refused 2 'exclude' "$covdb" decode first --kernel-file k.covkernel --db elsewhere.sqlite
refused 2 'exclude' "$covdb" decode first --kernel-file k.covkernel --kernel k
refused 2 'exclude' "$covdb" kernel add --kernel-file k.covkernel --notes tree --db new.sqlite
refused 2 'exclude' "$covdb" kernel add --kernel-file k.covkernel --build-id abc --db new.sqlite
refused 2 'tracefiles go with --info' "$covdb" kernel add --kernel-file k.covkernel x --db new.sqlite
refused 2 'use -o FILE' "$covdb" kernel pack --db elsewhere.sqlite
refused 1 'no/such' "$covdb" decode first --kernel-file no/such
refused 1 'first: it is a directory|first.*directory' "$covdb" decode first --kernel-file first
[ ! -e new.sqlite ] || fail "a database was made for what was refused"

# Each byte counts: wherever one is another, or the rest is missing, it is refused and said why.
python3 - <<'END'
data = open("k.covkernel", "rb").read()
places = list(range(0, 28)) + [28 + (len(data) - 28) * i // 40 for i in range(40)] + [len(data) - 1]
for place in places:
    changed = bytearray(data)
    changed[place] ^= 4
    open(f"changed.{place}", "wb").write(changed)
    open(f"cut.{place}", "wb").write(data[:place])
open("longer", "wb").write(data + b"x")
changed = bytearray(data)
changed[12] = 2
open("version", "wb").write(changed)
END
for file in changed.* cut.*; do
	refused 1 "^covdb decode: $file: (not a packed kernel|a packed kernel of version|cut short|too long|damaged)" \
		"$covdb" decode first --kernel-file "$file"
done
refused 1 'longer: too long: its body has [0-9]+ bytes, of [0-9]+ that it says' "$covdb" decode first --kernel-file longer
refused 1 'version: a packed kernel of version 2, and this covdb reads version 1: .covdb kernel pack. makes one' \
	"$covdb" decode first --kernel-file version
refused 1 'not a packed kernel' "$covdb" decode first --kernel-file elsewhere.sqlite
refused 1 'not a packed kernel' "$covdb" kernel add --kernel-file elsewhere.sqlite --db new.sqlite

# A kernel of tracefiles has no counters.
"$covdb" decode first --db elsewhere.sqlite --format info -o lines.info 2>/dev/null
"$covdb" kernel add --info lines.info --name lines --db lines.sqlite >/dev/null
refused 1 'made of tracefiles' "$covdb" kernel pack --db lines.sqlite -o lines.covkernel
[ ! -e lines.covkernel ] || fail "a file of nothing"
