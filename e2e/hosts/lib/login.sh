# Shells: jlogin and jexec in a jail, blogin and qlogin at a VM's console.

run() {
	case "$_cmd" in
	jlogin | jexec) in_jail ;;
	blogin) at_console bhyve ;;
	qlogin) at_console qemu ;;
	bexec | qexec)
		echo 'exec: internal: not found' >&2
		exit 127
		;;
	esac
}

in_jail() {
	is_engine "$jname" jail || { [ "$_cmd" = jlogin ] && err 1 'No such domain for login' || err 1 "No such jail: $jname"; }
	pid_of "$jname" >/dev/null || { [ "$_cmd" = jlogin ] && err 1 'not running' || err 1 'Not running'; }
	_user=${user:-root}
	if [ "$_cmd" = jlogin ]; then
		# login(1) wants a terminal. A shell is what it starts in the end.
		set -- /bin/sh -l
	else
		set --
		for _word in $_names; do [ "$_word" = "$jname" ] && [ $# -eq 0 ] && ! given jname || set -- "$@" "$_word"; done
		[ -z "$cmd" ] || set -- /bin/sh -c "$cmd"
		# Without a command, what comes on standard input is one.
		[ $# -gt 0 ] || set -- /bin/sh
		[ -z "$dir" ] || set -- /bin/sh -c 'cd "$1" && shift && exec "$@"' sh "$dir" "$@"
	fi
	exec /bin/sh "$lib/jexec.sh" -U "$_user" "$jname" "$@"
}

at_console() {
	if ! is_engine "$jname" "$1"; then
		[ "$1" = qemu ] && echo 'rrcconf: no remote host'
		err 1 'No such domain for login'
	fi
	load_settings "$jname"
	if [ "$1" = qemu ]; then
		echo ' *** VM booted in VNC mode. ***'
		echo "For attach VM console, use: vncviewer :$set_vnc_port"
		yes_or_no 'Or attach to the QEMU console?'
		[ $? = 3 ] && exit 0
		pid_of "$jname" >/dev/null || err 1 'Not running'
		# The session is on the usual socket; this is another one, so it never finds it.
		exec tmux -L "cbsd-$jname" attach-session
	fi
	pid_of "$jname" >/dev/null || err 1 'Not running'
	if [ "$set_vm_efi" != none ] && [ "$set_vm_efi" != 0 ]; then
		yes_or_no 'The VM is in EFI mode: use VNC. Attach to its serial console?'
		[ $? = 1 ] && exit 0
	fi
	exec tmux -L "cbsd-$jname" attach-session
}
