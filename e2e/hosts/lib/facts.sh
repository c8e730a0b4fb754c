# Short answers about the node and its environments.

run() {
	case "$_cmd" in
	version) local_value cbsdver ;;
	dhcpd) next_address || exit 2 ;;
	checkip) check_address ;;
	freejname) free_name ;;
	getinfo) for _word in $_names; do case "$_word" in -*) ;; *) local_value "$_word" ;; esac; done ;;
	jstatus)
		# The reverse of what one expects: 1 is "there is such a one".
		exists "$jname" || exit 0
		for _engine in jail bhyve qemu; do reconcile "$_engine"; done
		inv "SELECT jid FROM jails WHERE jname=$(text "$jname")"
		[ "$invert" = true ] && exit 0
		exit 1
		;;
	jwhereis) exists "$jname" && local_value nodename ;;
	?order) inv "SELECT jname FROM jails WHERE $(rows_of "$(engine_of_command)") ORDER BY CAST(b_order AS INTEGER), jname" ;;
	?descr) cat "$(system_dir "$jname")/descr" 2>/dev/null || exit 1 ;;
	nics-list) ls /sys/class/net ;;
	sysinv) inventory_update ;;
	valecfg) { echo 'NAME VM'; inv 'SELECT name FROM vale'; } | column -t ;;
	forms) [ -r "/usr/local/cbsd/modules/forms.d/$module/initforms.sh" ] || err 1 "No /usr/local/cbsd/modules/forms.d/$module/initforms.sh" ;;
	vpc | jailmapdb) ;;
	esac
	return 0
}

inventory_update() {
	echo '/dev/mem: No such file or directory' >&2
	inv "UPDATE local SET la='$(cut -d' ' -f1-3 /proc/loadavg)', freemem=$(awk '/^MemAvailable/ { printf "%.0f", $2 * 1024 }' /proc/meminfo)"
}

check_address() {
	need ip
	_pool=$(local_value nodeippool)
	case "$ip" in "${_pool%.*}".*) ;; *) exit 0 ;; esac
	[ -z "$(inv "SELECT 1 FROM jails WHERE ip4_addr=$(text "$ip") OR ip4_addr LIKE $(text "$ip/%")")" ] && exit 1
	exit 2
}

free_name() {
	: "${default_jailname:=jail}"
	_number=1
	while exists "${default_jname:-$default_jailname}$_number"; do _number=$((_number + 1)); done
	echo "${default_jname:-$default_jailname}$_number"
}
