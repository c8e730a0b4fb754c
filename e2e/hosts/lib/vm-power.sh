# bstart, bstop, brestart, qstart, qstop.

run() {
	engine=$(engine_of_command)
	if [ "$_cmd" = bstart ] && [ -e "$workdir/.standin/by-position" ]; then
		case "$_raw" in *=*) err 1 "No such domain: $_raw" ;; esac
	fi
	need jname
	case "$_cmd:$jname" in
	?restart:*)
		is_engine "$jname" "$engine" || { echo "no such vm: $jname"; took "$_cmd"; return; }
		(stop_one)
		start_one
		took "$_cmd"
		return
		;;
	*:*[*?]*)
		for jname in $(inv "SELECT jname FROM jails WHERE $(rows_of "$engine") AND jname GLOB $(text "$jname")"); do
			("${_cmd#?}_one") &
		done
		wait
		echo "Multiple ${_cmd#?}: done"
		return
		;;
	esac
	if ! is_engine "$jname" "$engine"; then
		case "$_raw" in *=*) [ "$engine" = bhyve ] && err 1 "No such domain: ${_raw%%=*}=\"${_raw#*=}\"" ;; esac
		err 1 "No such domain: $jname"
	fi
	"${_cmd#?}_one"
}

# Stored as "a VM that runs", for the lists to find later that it does not.
start_one() {
	reconcile "$engine"
	load_env "$jname"
	load_settings "$jname"
	case "$env_status" in 2 | 3) err 1 "$jname: $(status_word "$env_status") mode" ;; esac
	_now=$(live_id "$jname" "$engine")
	[ "$_now" = 0 ] || err 1 "Jail $jname already running, jid: $_now"
	_key=cbsd_queue_name
	[ "$engine" = qemu ] && _key=cbsd_qemu_queue_name
	queue_key=$_key queue "$engine" id="$jname" cmd="$_cmd" status=1 workdir="$workdir"
	. "$lib/vm-image.sh"
	fetch_image || err 1 "No media: $set_vm_iso_path"
	if [ "$set_vm_vnc_port" = 1 ]; then
		_port=0
	else
		_port=$set_vm_vnc_port
		[ "$_port" = 0 ] && _port=$(free_vnc_port)
		eval "_bind=\$set_${engine}_vnc_tcp_bind"
		echo "VNC is enabled. VNC bind/port: $_bind:$_port"
		echo "For attach VM console, use: vncviewer $_bind:$_port"
		eval "echo \"Resolution: \$set_${engine}_vnc_resolution.\""
		echo "VNC pass: $set_vnc_password"
	fi
	# The real program is started with all of it on its command line; here it is read from a file.
	{
		printf 'name=%s\nengine=%s\nport=%s\nbind=%s\n' "'$jname'" "$engine" "$_port" "'$_bind'"
		printf 'password=%s\nram=%s\ncpus=%s\nrestore=%s\n' "'$set_vnc_password'" "'$((set_vm_ram / 1048576))'" "'$set_vm_cpus'" "'$checkpoint'"
	} >"$(system_dir "$jname")/.start"
	if [ "$engine" = bhyve ]; then set -- -L "cbsd-$jname"; else set --; fi
	# tmux would hand its caller's open files to its server.
	tmux "$@" -f /dev/null new-session -d -x 80 -y 24 -s "cbsd-$jname" "exec /bin/bash '$lib/vm-hold.bash' '$workdir' '$jname'" </dev/null >/dev/null 2>&1
	echo 'Waiting for PID.'
	_left=100
	until _pid=$(pid_of "$jname") && [ -e "$(system_dir "$jname")/.up" ]; do
		[ "$_left" -gt 0 ] || break
		_left=$((_left - 1))
		sleep 0.1
	done
	if [ -n "$_pid" ]; then
		echo "PID: $_pid"
		set_env "$jname" jid="$_pid" status=1 state_time="$(date +%s)"
		set_setting "$jname" vnc_port="$_port" state_time="$(date +%s)"
		echo "$_port" >"$(system_dir "$jname")/vnc_port"
		queue_key='' queue "$engine" id="$jname" cmd=bstart status=2 data_status=1 workdir="$workdir"
	else
		echo "$jname: no PID"
		queue_key='' queue "$engine" id="$jname" cmd=bstart status=2 data_status=0 workdir="$workdir"
	fi
}

stop_one() {
	reconcile "$engine"
	if ! _pid=$(pid_of "$jname"); then
		[ "$engine" = qemu ] && err 1 "Not Running: $jname"
		sleep 3
		echo "Warning: unable to determine bhyve pid for: $jname"
		took "$_cmd"
		return
	fi
	queue "$engine" id="$jname" cmd="$_cmd" status=1 data_status=1 workdir="$workdir"
	# While it works the VM is in maintenance, which nothing else may take for the administrator's own.
	set_env "$jname" status=3 maintenance=Stopping_VM
	set_setting "$jname" maintenance=Stopping_VM
	if [ "$noacpi" = 1 ]; then
		kill -KILL "$_pid"
	else
		power_button
		_second=0
		while [ "$_second" -lt "${hard_timeout:-30}" ] && pid_of "$jname" >/dev/null; do
			printf '\033[1000D\033[1KWait for %s: %s' "$jname" $((${hard_timeout:-30} - _second))
			sleep 1
			_second=$((_second + 1))
		done
		echo
		pid_of "$jname" >/dev/null && kill -KILL "$_pid"
	fi
	wait_until_gone "$jname" 10
	# The port's file goes; the number in the database stays.
	rm -f "$(system_dir "$jname")/vnc_port" "$(system_dir "$jname")/qemu.pid" "$(system_dir "$jname")/.up"
	set_env "$jname" jid=0 status=0 maintenance=0 state_time="$(date +%s)"
	set_setting "$jname" maintenance=0 state_time="$(date +%s)"
	took "$_cmd"
	queue "$engine" id="$jname" cmd="$_cmd" status=2 data_status=0 workdir="$workdir"
}

# ACPI's power button, through the monitor that vm-hold.bash opened. A shell in a VM's place ends at once; .standin/deaf makes
# all VMs overlook it.
power_button() {
	kill -CONT "$_pid"
	[ ! -e "$workdir/.standin/deaf" ] || return
	_monitor=$(system_dir "$jname")/.monitor.in
	if [ -p "$_monitor" ]; then echo system_powerdown >"$_monitor"; else kill -KILL "$_pid"; fi
}
