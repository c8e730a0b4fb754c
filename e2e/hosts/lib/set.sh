# jset, bset, qset, xset. Nothing checks a value; what is no setting is passed over without a word.

run() {
	engine=$(engine_of_command)
	need jname
	is_engine "$jname" "$engine" || err 1 "No such $engine: $jname"
	load_env "$jname"
	if [ "$engine" = jail ]; then
		_settable=$(jails_columns | grep -v -x -e jname -e jid -e status -e emulator -e path -e data)
	else
		load_settings "$jname"
		_settable="$(columns_of "$(settings_of "$jname")" settings | grep -v -x -e created -e state_time)"
	fi
	_told="id=$jname cmd=update"
	[ "$engine" = jail ] || _told="$_told jname=$jname"
	for _key in $_given; do
		case "$_key" in jname | inter | mode) continue ;; esac
		eval "_new=\$$_key"
		_told="$_told $_key=$_new"
		printf '%s\n' $_settable | grep -q -x -- "$_key" || continue
		change "$_key" "$_new"
	done
	queue "$engine" $_told
}

change() {
	if [ "$engine" = jail ]; then
		eval "_old=\$env_$1"
		[ "$_old" = "$2" ] && return
		inv "UPDATE jails SET $1=$(text "$2") WHERE jname=$(text "$jname")"
		echo "$1: $2"
		return
	fi
	_stored=$2
	# A bare number is megabytes here, and bytes when a VM is created.
	if [ "$1" = vm_ram ]; then
		case "$2" in
		*[!0-9]*) _stored=$(bytes_of "$2" 2>/dev/null) || _stored=$2 ;;
		*) _stored=$(($2 * 1048576)) ;;
		esac
		[ -n "$_stored" ] || _stored=$2
	fi
	eval "_old=\$set_$1"
	[ "$_old" = "$_stored" ] && return
	db "$(settings_of "$jname")" "UPDATE settings SET $1=$(text "$_stored")"
	case "$1" in
	astart | protected | hidden | ip4_addr | boot_delay | cpuset | tags)
		inv "UPDATE jails SET $1=$(text "$_stored") WHERE jname=$(text "$jname")"
		;;
	esac
	inv "UPDATE $engine SET $1=$(text "$_stored") WHERE jname=$(text "$jname")" 2>/dev/null
	echo "$1: changed"
}
