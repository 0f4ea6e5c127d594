#!/bin/sh
# config.sh COVDB SOURCE_DIR - configuration files: what they say stands below options and the environment, the working
# directory's above the user's; what is wrong in them is said with file and place.
set -eu
# shellcheck source=tests/cli/lib.sh
. "$2/tests/cli/lib.sh"
# shellcheck source=tests/cli/golden_fixture.sh
. "$source/tests/cli/golden_fixture.sh"
unset COVDB
mkdir -p "$XDG_CONFIG_HOME/covdb" near far
mv db.sqlite near/near.sqlite
"$covdb" kernel add --db "$XDG_CONFIG_HOME/covdb/far.sqlite" --info kernel.info --name far >/dev/null
user=$XDG_CONFIG_HOME/covdb/config
kernel() { "$covdb" "$@" kernel list --format csv | sed -n 's/^\([^,]*\),.*/\1/p' | tail -n 1; }

refused 1 'there is no database covdb.sqlite' "$covdb" kernel list
printf '[covdb]\n\tdatabase = far.sqlite ; beside this file\n' >"$user"
check "the user's file, relative to it" far "$(kernel)"
printf '[covdb]\n\tdatabase = near/near.sqlite\n\tplatforms = gvisor, host\n' >covdb.ini
check "the working directory's is nearer" k "$(kernel)"
check "the environment says more" far "$(COVDB=$XDG_CONFIG_HOME/covdb/far.sqlite kernel)"
check "an option most" far "$(COVDB=near/near.sqlite kernel --db "$XDG_CONFIG_HOME/covdb/far.sqlite")"
order() { "$covdb" "$@" | sed '1,/^PLATFORM/d; /^$/,$d; s/ .*//' | xargs; }
check "platforms in the order of the file, then the others" "gvisor host runc microvm" "$(order summary)"
check "the environment's order" "microvm host runc gvisor" "$(COVDB_PLATFORMS=microvm order summary)"
check "no order" "host runc gvisor microvm" "$(COVDB_PLATFORMS=,nobody order summary)"
check "--platforms chooses" "runc gvisor" "$("$covdb" venn --platforms runc,gvisor | sed -n 3p | xargs | cut -d ' ' -f 1-2)"
# The same lines, whatever the order.
"$covdb" summary --format csv | sort >ordered
COVDB_PLATFORMS=, "$covdb" summary --format csv | sort >plain
cmp ordered plain || fail "the order changes an answer"

# Sources of the kernel.
mkdir -p sources/mm
seq -f 'source line %g' 200 >sources/mm/mmap.c
"$covdb" annotate mm/mmap.c:12-13 >said 2>&1
check "without sources" 0 "$(grep -c 'source line 12' said || :)"
printf '[covdb]\n\tkernel-src = sources\n' >>covdb.ini
"$covdb" annotate mm/mmap.c:12-13 >said 2>&1
expect said 'source line 12'
COVDB_KERNEL_SRC=/nowhere "$covdb" annotate mm/mmap.c:12-13 >said 2>&1 || :
check "the environment is above the file" 0 "$(grep -c 'source line 12' said || :)"

# What is wrong.
printf '[covdb]\n\tdatabse = x\n' >covdb.ini
refused 1 'covdb.ini: there is no key covdb.databse, only' "$covdb" kernel list
printf '[covdb]\n\tdatabase =\n' >covdb.ini
refused 1 'covdb.ini: covdb.database has no value$' "$covdb" kernel list
printf '[covdb\n\tdatabase = x\n' >covdb.ini
refused 1 'in covdb.ini:1' "$covdb" kernel list
"$covdb" help >said || fail "help needs no configuration"
"$covdb" --version >said || fail "nor does --version"
rm covdb.ini
mkdir covdb.ini
refused 1 'covdb.ini' "$covdb" kernel list
