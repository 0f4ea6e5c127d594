# branch_fixture.sh - a kernel of one file, of which an argument runs a branch more; for the scripts that source it in a
# folder of their own. Takes $covdb; trial() imports a trial of it into $COVDB.
# shellcheck shell=sh disable=SC2154
mkdir tree
cat >tree/main.c <<'END'
int main(int argc, char **argv)
{
	if (argc > 1)
		return argv[1][0] == 'x';
	return 0;
}
END
(cd tree && gcc -O0 --coverage -c main.c -o main.o && gcc --coverage main.o -o program)
trial() { # trial PLATFORM SECONDS ARGUMENT OPTIONS
	rm -rf snapshot tree/*.gcda
	mkdir snapshot
	# shellcheck disable=SC2086 # no argument when there is none; options are words
	tree/program $3
	mv tree/main.gcda snapshot
	# shellcheck disable=SC2086
	"$covdb" import snapshot --platform "$1" --seconds "$2" $4 >/dev/null 2>&1
}
"$covdb" kernel add --notes tree --name k >/dev/null 2>&1
