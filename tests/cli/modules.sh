#!/bin/sh
# modules.sh COVDB SOURCE_DIR - objects that were compiled in several folders are decoded, each by its own notes.
# shellcheck disable=SC2046 # words of a command line: no name has a blank
set -eu
# shellcheck source=tests/cli/lib.sh
. "$2/tests/cli/lib.sh"
need gcc gcov

# Three objects of a kernel, two modules each built in a folder of its own; one has a name that the kernel has, too.
mkdir -p build/src/linux/net build/own/mod1 build/opt/mod2
object() { # object FOLDER PATH FUNCTION: how often it is called is its place in the list
	printf 'int %s(int a)\n{\n\treturn a + 1;\n}\n' "$3" >"build/$1/$2.c"
	(cd "build/$1" && gcc -O1 --coverage -c "$2.c" -o "$2.o")
}
object src/linux init start
object src/linux net/dev net
object src/linux net/core core
object own/mod1 dev mod1
object opt/mod2 driver mod2
cat >main.c <<'END'
int start(int), net(int), core(int), mod1(int), mod2(int);
int main(void)
{
	int (*const all[])(int) = { start, net, core, mod1, mod2 };
	for (int i = 0; i < 5; i++)
		for (int j = 0; j <= i; j++)
			all[i](j);
	return 0;
}
END
gcc --coverage main.c $(find build -name '*.o') -o main
./main
rm -f main-main.gc*

# The full paths, below a folder of notes and one of data.
full=$folder/build
mkdir -p "notes$full" "data$full"
(cd build && tar cf - $(find . -name '*.gcno')) | tar xf - -C "notes$full"
(cd build && tar cf - $(find . -name '*.gcda')) | tar xf - -C "data$full"
# As debugfs has them, and packed.
mkdir -p sys/kernel/debug/gcov
cp -r data/* sys/kernel/debug/gcov
tar cf data.tar -C data .
decoded() { # decoded WHAT ARGUMENT...
	what=$1
	shift
	status=0
	"$covdb" decode "$@" >out 2>err || status=$?
	check "$what: status" 0 "$status"
	expect err '^5 objects decoded, 0 not[,;]' "$what"
	for row in 'init.c	3	1' 'net/dev.c	3	2' 'net/core.c	3	3' 'mod1/dev.c	3	4' 'mod2/driver.c	3	5'; do
		expect out "(^|/)$row\$" "$what"
	done
}
decoded "identical full paths" data --notes notes
decoded "an archive" data.tar --notes notes
decoded "below another folder" sys --notes notes
decoded "relative to where both are" "data$full/" --notes "notes$full"
"$covdb" kernel add --notes notes --name k --build-id ab >/dev/null
decoded "from the database" data
decoded "from the database, below another folder" sys
"$covdb" verify data --notes notes >verified || fail "verify: status $?"
expect verified '^5 objects, .* 0 differences$'

# A second file of an object is no second object, and what has no notes is said not to.
mkdir -p "data$full/src/linux/src/linux"
cp "data$full/src/linux/init.gcda" "data$full/src/linux/src/linux/init.gcda"
cp "data$full/src/linux/init.gcda" "data$full/own/mod1/other.gcda"
status=0
"$covdb" decode data --notes notes >out 2>err || status=$?
check "beside unknown ones: status" 1 "$status"
expect err '^5 objects decoded, 2 not'
expect err 'own/mod1/other.gcda: without notes: no such object in the notes$'
echo "three objects of a kernel and two modules, by six ways"
