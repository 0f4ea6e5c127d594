#!/bin/sh
# layers.sh ROOT - fail when a layer includes a higher layer, or another's private header.
cd "$1" || exit 2
exec 2>/dev/null # a layer that is not there has no includes
{
	grep -rnE '#include "(differ|venn)/' collector
	grep -rnE '#include "venn/' differ
	grep -rnE '#include "collector/' differ venn --include='*.[ch]' |
		grep -vE '"collector/(collector\.h|base/)'
	grep -rnE '#include "differ/' venn --include='*.[ch]' | grep -v '"differ/differ\.h'
	grep -rnE '#include "collector/' collector/base --include='*.[ch]' | grep -v '"collector/base/'
	# What runs on the machine under study must not need the database.
	grep -rnE '#include <sqlite3\.h>' collector differ
	grep -rlE '#include <sqlite3\.h>' venn | grep -v '^venn/store'
	grep -rlE '#include <yaml\.h>' collector differ venn | grep -vE '^collector/(yaml_reader|experiment[a-z_]*)\.c$'
} | { ! grep .; }
