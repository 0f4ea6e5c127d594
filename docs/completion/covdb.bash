# Bash completion for covdb: covdb itself says what a word may become.

_covdb() {
	local IFS=$'\n'
	mapfile -t COMPREPLY < <("${COMP_WORDS[0]}" complete -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null | cut -f 1)
	if [ "${COMPREPLY[0]-}" = :files ]; then
		COMPREPLY=()
		compopt -o default
	elif [[ ${#COMPREPLY[@]} = 1 && ${COMPREPLY[0]} = */ ]]; then
		compopt -o nospace # what is in the directory comes next
	fi
}
complete -F _covdb covdb
