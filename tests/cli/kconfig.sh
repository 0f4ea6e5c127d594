#!/bin/sh
# kconfig.sh COVDB SOURCE_DIR - which options of a configuration objects need, asked of Makefiles as Kbuild has them; and
# of which of them something was executed.
set -eu
# shellcheck source=tests/cli/lib.sh
. "$2/tests/cli/lib.sh"
need gcc make python3 sqlite3
# shellcheck source=tests/cli/exchange_fixture.sh
. "$source/tests/cli/exchange_fixture.sh"

# The ways in which Makefiles say it.
mkdir -p linux/include/config linux/net/ipv4 linux/lib linux/arch/x86/lib linux/virt linux/drivers/far/away
cd linux
for option in NET INET BLOCK KVM SHARED ONE TWO PART MOD_LIKE FAR; do echo "CONFIG_$option=y"; done >include/config/auto.conf
echo 'CONFIG_LOG_SHIFT=17' >>include/config/auto.conf
echo '# Linux/x86 6.1.0 Kernel Configuration' >.config
cat >Kbuild <<'END'
obj-y += drivers/
obj-$(CONFIG_NET) += net/
obj-$(CONFIG_OFF) += off/
END
# Before 6.1 the folders stand here.
cat >Makefile <<'END'
libs-y		:= lib/
drivers-$(CONFIG_KVM)	+= virt/
END
echo 'libs-y  += arch/x86/lib/' >arch/x86/Makefile
cat >net/Makefile <<'END'
obj-y := socket.o
obj-$(CONFIG_INET) += ipv4/
ifeq ($(CONFIG_BLOCK),y)
obj-y += with-block.o
else
obj-y += without-block.o
endif
ifdef CONFIG_OFF
obj-y += with-off.o
endif
obj-$(CONFIG_SHARED) += either.o
obj-$(CONFIG_ONE) += either.o
obj-$(subst m,y,$(CONFIG_MOD_LIKE)) += like.o
ccflags-y += $(call cc-option,-Wall)
net/made.h: FORCE
	false
END
cat >net/ipv4/Makefile <<'END'
obj-$(CONFIG_TWO) += whole.o
whole-y := a.o b.o
whole-$(CONFIG_PART) += c.o
whole-objs += d.o
obj-y += ../../virt/shared.o
END
cat >lib/Makefile <<'END'
lib-y += sort.o
lib-$(CONFIG_ONE) += more.o
END
echo 'obj-y += memcpy.o' >arch/x86/lib/Makefile
echo 'obj-y += kvm.o' >virt/Makefile
cat >drivers/Makefile <<'END'
obj-y += near.o
obj-$(CONFIG_FAR) += far/away/
END
echo 'obj-y += away.o' >drivers/far/away/Kbuild
cd ..
find linux -type f -exec md5sum {} + | sort >tree-before
make -s -C linux -f "$source/kernel-config/options.mk" >list 2>warnings || fail "options.mk: $(cat warnings)"
find linux -type f -exec md5sum {} + | sort | cmp - tree-before || fail "nothing is written into the tree"
sed 's/ *$//' list | sort >got
sort >expected <<'END'
arch/x86/lib/memcpy.o
drivers/near.o
drivers/far/away/away.o FAR
lib/more.o ONE
lib/sort.o
net/either.o NET
net/ipv4/a.o INET NET TWO
net/ipv4/b.o INET NET TWO
net/ipv4/c.o INET NET PART TWO
net/ipv4/d.o INET NET TWO
net/like.o MOD_LIKE NET
net/socket.o NET
net/with-block.o BLOCK NET
virt/kvm.o KVM
virt/shared.o INET NET
END
diff expected got || fail "options by object"

# What of that was executed.
cat >covdb.options <<'END'
jumps.o JUMPS BOTH
loops.o LOOPS
parts.o PARTS BOTH
macros.o MACROS
assembly.o PARTS ASSEMBLY
END
cp covdb.options tree/
rm -f "$COVDB"
"$covdb" kernel add --notes tree --name k --build-id abc >/dev/null
"$covdb" import idle --platform a --baseline --seconds 10 >/dev/null 2>&1
"$covdb" import first --platform a --workload w --seconds 10 >/dev/null 2>&1
"$covdb" import other --platform b --workload w --seconds 10 >/dev/null 2>&1
"$covdb" kconfig --all --format csv | sort >got
cat >count.py <<'END'
"""The same from the documented tables, and from what gcov says each object has."""
import glob, gzip, json, sqlite3, subprocess, sys
database = sqlite3.connect(sys.argv[1])
lines = {}  # of an object
for notes in glob.glob("tree/*.gcno"):
    name = notes[5:-5]
    text = subprocess.run(["gcov", "--json-format", "--stdout", name + ".gcda"], cwd="tree", capture_output=True).stdout
    lines[name + ".o"] = {
        (file["file"], line["line_number"])
        for file in json.loads(text)["files"] for line in file["lines"] if not file["file"].startswith("/")
    }
ran = {
    platform: set(database.execute(
        "SELECT file, line FROM trial_line_named WHERE platform = ? AND kind = 'workload' AND count > 0", [platform]))
    for platform in "ab"
}
options = {}
for row in open("covdb.options"):
    words = row.split()
    for option in words[1:]:
        options.setdefault(option, set()).add(words[0])
for option, objects in sorted(options.items()):
    own = set().union(*(lines.get(o, set()) for o in objects))
    own -= set().union(*(lines[o] for o in lines if o not in objects))
    print(option, len(objects), len(objects - lines.keys()), len(own), len(own & (ran["a"] | ran["b"])),
          len(own & ran["a"]), len(own & ran["b"]), sep=",")
END
python3 count.py "$COVDB" >expected
grep -v '^option,' got | diff expected - || fail "lines of options"
expect expected '^LOOPS,1,0,[1-9][0-9]*,[1-9]'
expect expected '^ASSEMBLY,1,1,0,0,0,0$'
check "executed on a alone" "LOOPS MACROS" "$("$covdb" kconfig --only a --format csv | sed '1d; s/,.*//' | sort | xargs)"
check "executed on none" "" "$("$covdb" kconfig --format csv | sed 1d)"
check "executed on b not" "LOOPS MACROS" "$("$covdb" kconfig --platforms b --format csv | sed '1d; s/,.*//' | sort | xargs)"
"$covdb" kconfig --platforms b >text
expect text '^2 of 6 options that objects need: no line of theirs was executed$'

# A list of its own, bad ones, and none.
"$covdb" kernel add --db other.sqlite --notes tree --name k --options covdb.options >/dev/null
check "a list that is named" 6 "$(sqlite3 other.sqlite "SELECT count(DISTINCT option) FROM object_option")"
"$covdb" kernel remove k --db other.sqlite >/dev/null
check "removed with its kernel" 0 "$(sqlite3 other.sqlite "SELECT count(*) FROM object_option")"
bad() { # bad PATTERN TEXT
	printf '%b' "$2" >bad.options
	rm -f bad.sqlite
	refused 1 "bad.options$1" "$covdb" kernel add --db bad.sqlite --notes tree --build-id abd --options bad.options
	[ ! -e bad.sqlite ] || fail "a database of a list that is refused"
}
bad ':2: it does not begin with an object' 'a.o A\nb.c B\n'
bad ':1: what is behind the object is no list of options' 'a.o A-B\n'
bad ': no object in it needs an option' 'a.o\n\n'
bad ': a NUL byte' 'a.o A\0\n'
refused 1 'cannot open missing' "$covdb" kernel add --db bad.sqlite --notes tree --build-id abd --options missing
refused 2 '--options goes with --notes' "$covdb" kernel add --db bad.sqlite --info x.info --options covdb.options
refused 2 '--all and --only exclude each other' "$covdb" kconfig --all --only a
rm tree/covdb.options "$COVDB"
"$covdb" kernel add --notes tree --name k --build-id abc >/dev/null
"$covdb" import idle --platform a --baseline --seconds 10 >/dev/null 2>&1
"$covdb" import first --platform a --workload w --seconds 10 >/dev/null 2>&1
refused 1 'registered without what its objects need' "$covdb" kconfig
