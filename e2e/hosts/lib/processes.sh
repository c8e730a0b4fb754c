# What really runs. A guest's process is recorded as "pid start-time", so that a later process of that number is not taken for it.
runs=$workdir/.standin/run

# The start time of a process that lives, else nothing.
started() {
	_line=''
	{ read -r _line <"/proc/$1/stat"; } 2>/dev/null || return 1
	set -- ${_line##*) }
	[ "$1" = Z ] && return 1
	shift 19
	echo "$1"
}

record() { mkdir -p "$runs" && echo "$2 $(started "$2")" >"$runs/$1.new" && mv "$runs/$1.new" "$runs/$1"; }

# The process id of a guest that runs, else 1.
pid_of() {
	_pid='' _start=''
	{ read -r _pid _start <"$runs/$1"; } 2>/dev/null || return 1
	[ -n "$_start" ] && [ "$(started "$_pid")" = "$_start" ] && echo "$_pid"
}

# The jail id is the last word of its record.
jid_of() { cat "$runs/$1.jid" 2>/dev/null; }

# The first process inside a jail, seen from here.
inside() {
	_holder=$(pid_of "$1") || return 1
	_inner=$(cat "/proc/$_holder/task/$_holder/children" 2>/dev/null)
	_inner=${_inner%% *}
	[ -n "$_inner" ] && echo "$_inner"
}

# What CBSD shows as the id of a guest: a jail's own, of a VM its process; 0 when off.
live_id() {
	_alive=$(pid_of "$1") || { echo 0; return; }
	if [ "$2" = jail ]; then jid_of "$1"; else echo "$_alive"; fi
}

wait_until_gone() {
	_left=$(($2 * 10))
	while pid_of "$1" >/dev/null; do
		[ "$_left" -gt 0 ] || return 1
		_left=$((_left - 1))
		sleep 0.1
	done
	rm -f "$runs/$1" "$runs/$1.jid"
}

# Lists write: they bring id and status in line with what lives. Here for all rows of an engine, in one go.
reconcile() {
	_writes=''
	_rows=$(inv "SELECT jname, jid, status FROM jails WHERE $(rows_of "$1") AND (status=1 OR jid<>0 OR status=0)")
	while IFS='|' read -r _name _jid _status; do
		[ -n "$_name" ] || continue
		if [ "$_jid" = 0 ] && [ "$_status" = 0 ] && [ ! -e "$runs/$_name" ]; then continue; fi
		_now=$(live_id "$_name" "$1")
		[ "$_now" = "$_jid" ] && { [ "$_status" = 1 ] || [ "$_now" = 0 ] && [ "$_status" != 1 ]; } && continue
		_writes="$_writes UPDATE jails SET jid=$_now"
		case "$_status" in 0 | 1) _writes="$_writes, status=$([ "$_now" = 0 ] && echo 0 || echo 1)" ;; esac
		_writes="$_writes WHERE jname=$(text "$_name");"
	done <<-EOF
		$_rows
	EOF
	[ -z "$_writes" ] || inv "BEGIN; $_writes COMMIT"
}

# A free VNC port, looked up as CBSD does: from 5900 on, by what listens.
free_vnc_port() {
	_taken=$(awk 'FNR > 1 && $4 == "0A" { sub(/.*:/, "", $2); print $2 }' /proc/net/tcp /proc/net/tcp6 2>/dev/null)
	_port=5900
	while [ "$_port" -le 6900 ]; do
		case "$_taken" in *"$(printf '%04X' "$_port")"*) _port=$((_port + 1)) ;; *) echo "$_port"; return ;; esac
	done
	return 1
}
