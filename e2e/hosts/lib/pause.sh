# bpause stops and continues the process of a VM. jpause is broken: all it does is renice.
run() {
	need jname
	_pid=$(pid_of "$jname") || err 1 "Unable to determine pid for: $jname"
	if [ "$_cmd" = jpause ]; then
		renice -n "${nice:-0}" -p "$_pid"
		exit 0
	fi
	read -r _line <"/proc/$_pid/stat"
	_rest=${_line##*) }
	case "${mode:-auto}:${_rest%% *}" in
	on:* | auto:[!T]) kill -STOP "$_pid" ;;
	off:* | auto:T) kill -CONT "$_pid" ;;
	*) err 1 'Unknown mode' ;;
	esac
}
