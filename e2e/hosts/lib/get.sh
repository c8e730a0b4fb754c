# jget, bget, qget, xget: "key: value" a line; mode=quiet: values only, as asked. One unknown key, and all of them are printed.

run() {
	engine=$(engine_of_command)
	need jname
	is_engine "$jname" "$engine" || err 1 "No such $engine: $jname"
	reconcile "$engine"
	load_env "$jname"
	if [ "$engine" = jail ]; then
		_known=$(jails_columns | grep -v -x -e name -e jid -e status -e state_time)
	else
		load_settings "$jname"
		_known="$(columns_of "$(settings_of "$jname")" settings) gid"
	fi
	_asked=''
	for _word in $_names; do [ "$_word" = "$jname" ] || _asked="$_asked $_word"; done
	for _word in $_asked; do
		printf '%s\n' $_known | grep -q -x -- "$_word" || { _asked=''; break; }
	done
	for _word in ${_asked:-$_known}; do show "$_word"; done
}

show() {
	if [ "$engine" = jail ]; then
		eval "_value=\$env_$1"
	elif [ "$1" = gid ]; then
		_value=${env_gid:-0}
	else
		eval "_value=\$set_$1"
	fi
	[ "$mode" = quiet ] || printf '%s: ' "$1"
	printf '%s\n' "${_value:-0}"
}
