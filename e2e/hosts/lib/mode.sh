# jswmode and the moves between table and file: junregister dumps a row into jails-rcconf, jregister takes it from there.

run() {
	need jname
	_file=$workdir/jails-rcconf/rc.conf_$jname
	case "$_cmd" in
	?swmode)
		exists "$jname" || err 1 "No such jail: $jname"
		case "$mode" in
		master) set_env "$jname" status=0 maintenance=0 ;;
		slave) set_env "$jname" status=2 ;;
		maintenance) set_env "$jname" status=3 maintenance="${comment:-0}" ;;
		*) err 1 'Unknown mode' ;;
		esac
		;;
	?unregister)
		exists "$jname" || err 1 "No such jail: $jname"
		load_env "$jname"
		for _column in $(jails_columns); do
			eval "_value=\$env_$_column"
			case "$_column" in path | data) _value=CBSDROOT${_value#"$workdir"} ;; esac
			printf '%s="%s"\n' "$_column" "$_value"
		done >"$_file"
		inv "DELETE FROM jails WHERE jname=$(text "$jname")"
		;;
	?register)
		[ -r "$_file" ] || err 1 "No such $_file"
		. "$lib/adopt.sh"
		adopt_env "$jname" "$_file" "$jname"
		rm -f "$_file"
		;;
	esac
}
