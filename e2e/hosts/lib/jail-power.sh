# jstart, jstop, jrestart.

run() {
	case "$_cmd" in
	jstart) many start_one ;;
	jstop) many stop_one ;;
	jrestart)
		if ! is_engine "$jname" jail; then
			echo "no such jail: $jname"
		else
			stop_one >/dev/null
			start_one
		fi
		took jrestart
		;;
	esac
}

# A name may be a mask: then every jail it fits.
many() {
	need jname
	case "$jname" in
	*[*?]*)
		for jname in $(inv "SELECT jname FROM jails WHERE $(rows_of jail) AND jname GLOB $(text "$jname")"); do "$1" & done
		wait
		echo "Multiple ${_cmd#j}: done"
		;;
	*)
		is_engine "$jname" jail || err 1 "No such jail: $(quoted "$_raw")"
		"$1"
		took "$_cmd"
		;;
	esac
}

# The first argument as the script that failed had it: with quotes around its value.
quoted() { case "$1" in *=*) echo "${1%%=*}=\"${1#*=}\"" ;; *) echo "$1" ;; esac; }

start_one() {
	reconcile jail
	load_env "$jname"
	case "$env_status" in
	2 | 3) err 1 "$jname: $(status_word "$env_status") mode" ;;
	esac
	_now=$(live_id "$jname" jail)
	[ "$_now" = 0 ] || err 1 "Jail $jname already running, jid: $_now"
	queue jail id="$jname" cmd=jstart status=1 workdir="$workdir"
	echo "Starting jail: $jname, parallel timeout=5"
	_jid=$(($(cat "$workdir/.standin/jid") + 1))
	echo "$_jid" >"$workdir/.standin/jid"
	JAIL_PATH=$env_path JAIL_DATA=$env_data JAIL_HOST=$env_host_hostname
	JAIL_BASE=''
	[ "$env_baserw" = 1 ] || JAIL_BASE=$workdir/basejail/base_amd64_amd64_$env_ver
	export JAIL_PATH JAIL_DATA JAIL_HOST JAIL_BASE
	# All of it is in one process tree of its own: when the first process inside ends, the jail is gone.
	setsid /bin/sh "$lib/jail-hold.sh" "$jname" "$_jid" "$workdir" "$JAIL_PATH" >"$workdir/.standin/$jname.log" 2>&1 </dev/null &
	echo "$_jid" >"$runs/$jname.jid"
	record "$jname" $!
	_left=50
	until inside_ready || [ "$_left" = 0 ] || ! pid_of "$jname" >/dev/null; do
		_left=$((_left - 1))
		sleep 0.1
	done
	if inside_ready; then
		set_env "$jname" jid="$_jid" status=1 state_time="$(date +%s)"
		queue jail id="$jname" cmd=jstart status=2 data_status=1 workdir="$workdir"
	else
		# jail(8) failed. CBSD says so, and ends as if all were well.
		echo "jail: $jname: $(tail -n 1 "$workdir/.standin/$jname.log")"
		rm -f "$runs/$jname" "$runs/$jname.jid"
		queue jail id="$jname" cmd=jstart status=2 data_status=0 workdir="$workdir"
	fi
}

# The jail is up when its own first program took the place of the one that made its root.
inside_ready() {
	_first=$(inside "$jname") && [ "$(cat "/proc/$_first/comm" 2>/dev/null)" = init ]
}

stop_one() {
	reconcile jail
	load_env "$jname"
	_holder=$(pid_of "$jname") || err 1 "Not Running: $jname"
	queue jail id="$jname" cmd=jstop status=1 data_status=1 workdir="$workdir"
	_first=$(inside "$jname")
	if [ -n "$_first" ] && [ "$fast" != 1 ]; then
		nsenter -t "$_first" -m -u -p -r -w -- $env_exec_stop </dev/null >/dev/null 2>&1
	fi
	kill -KILL "$_holder" 2>/dev/null
	wait_until_gone "$jname" 10
	set_env "$jname" jid=0 status=0 state_time="$(date +%s)"
	queue jail id="$jname" cmd=jstop status=2 data_status=0 workdir="$workdir"
}
