# jclone and bclone. Without an address of its own the copy gets that of the original.

run() {
	engine=$(engine_of_command)
	need old new host_hostname
	is_engine "$old" "$engine" || err 1 "No such $engine: $old"
	! exists "$new" || err 1 "$new already exist"
	reconcile "$engine"
	if pid_of "$old" >/dev/null && [ "$checkstate" != 0 ]; then err 1 "$old is online: stop it first, or use checkstate=0"; fi
	_protected=$(inv "SELECT protected FROM jails WHERE jname=$(text "$old")")
	if [ "$engine" = jail ]; then
		queue jail id="$new" cmd=jclone ip4_addr="$ip4_addr" protected="$_protected" status=1
		printf 'Cloning....'
	else
		load_settings "$old"
		queue bhyve id="$new" cmd=bclone status=1 vm_ram="$set_vm_ram" vm_os_type="$set_vm_os_type" vm_cpus="$set_vm_cpus" hidden=0
		printf 'Cloning...'
	fi
	[ "$ip4_addr" = DHCP ] && ip4_addr=$(next_address)
	. "$lib/copy-env.sh"
	copy_env "$old" "$new"
	set_env "$new" host_hostname="$host_hostname" jid=0 status=0 state_time="$(date +%s)"
	if [ -n "$ip4_addr" ]; then
		set_env "$new" ip4_addr="$ip4_addr"
		[ "$engine" = jail ] || set_setting "$new" ip4_addr="$ip4_addr"
	fi
	echo ok
	[ "$engine" = jail ] && queue jail id="$new" cmd=update ip4_addr="$ip4_addr" status=1
	took "$_cmd"
	if [ "$engine" = jail ]; then
		# At the end of a jail's clone the queue has no name.
		queue_value='' queue jail id="$new" cmd=jclone status=2 data_status=0
	else
		queue bhyve id="$new" cmd=bclone status=2 protected=0 hidden=0 data_status=0 hidden=0
	fi
}
