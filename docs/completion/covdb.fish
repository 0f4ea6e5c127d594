# fish completion for covdb: covdb itself says what a word may become.

function __covdb_complete
	set -l before (commandline -opc)
	set -l found ($before[1] complete -- $before[2..-1] (commandline -ct) 2>/dev/null)
	if test "$found[1]" = :files
		set -l option (string match -r -- '^--[^=]*=' (commandline -ct))
		set -l file (string replace -r -- '^--[^=]*=' '' (commandline -ct))
		for path in (__fish_complete_path $file)
			printf '%s%s\n' "$option" $path
		end
	else
		printf '%s\n' $found
	end
end
complete -c covdb -f -a '(__covdb_complete)'
