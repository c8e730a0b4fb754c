# bcheckpoint: what a VM holds in memory, in a file; `bstart checkpoint=NAME` goes on from it. The real one needs a bhyve
# built for it.
run() {
	need jname
	is_engine "$jname" bhyve || err 1 "No such bhyve: $jname"
	_folder=$(system_dir "$jname")/checkpoints
	case "${mode:-list}" in
	list)
		echo "Created checkpoint for $jname:"
		for _file in "$_folder"/*; do [ ! -e "$_file" ] || basename "$_file" .ckp; done
		;;
	create)
		need name
		_pid=$(pid_of "$jname") || err 1 "$jname is not running"
		mkdir -p "$_folder"
		_monitor=$(system_dir "$jname")/.monitor.in
		[ -p "$_monitor" ] || err 1 'bhyve: checkpoints are not built in'
		printf 'migrate "exec:cat >%s.part && mv %s.part %s"\n' "$_folder/$name.ckp" "$_folder/$name.ckp" "$_folder/$name.ckp" >"$_monitor"
		_left=300
		until [ -e "$_folder/$name.ckp" ] || [ "$_left" = 0 ]; do
			_left=$((_left - 1))
			sleep 0.1
		done
		[ -e "$_folder/$name.ckp" ] || err 1 "Unable to create checkpoint $name"
		if [ "$suspend" = 1 ]; then kill -KILL "$_pid"; else echo cont >"$_monitor"; fi
		echo "Checkpoint was created: $name"
		;;
	destroyall) rm -rf -- "$_folder" ;;
	*) err 1 'Unknown mode' ;;
	esac
}
