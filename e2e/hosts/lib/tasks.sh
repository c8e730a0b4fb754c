# task and taskls: commands in the background, and their table. The daemon that runs them is each task's own process here.
tasks_db=$workdir/var/db/cbsdtaskd.sqlite

run() {
	[ "$_cmd" = taskls ] && mode=list
	case "$mode" in
	new) new ;;
	list)
		{
			[ "$header" = 0 ] || echo 'id status owner cmd logfile errcode' | tr '[:lower:]' '[:upper:]'
			db "$tasks_db" "SELECT id, CASE status WHEN 0 THEN 'Pending' WHEN 1 THEN 'In Progress' ELSE 'Complete' END, owner, cmd, logfile,
				errcode FROM taskd ORDER BY id" | sed 's/|/  /g'
		}
		;;
	cancelall) db "$tasks_db" 'UPDATE taskd SET status=2' ;;
	flushall) db "$tasks_db" 'DELETE FROM taskd WHERE status=2' ;;
	cancel) ;;
	*) err 1 'Unknown mode' ;;
	esac
}

new() {
	_line=''
	[ -n "$_names" ] && _line=$_names
	for _key in $_given; do
		case "$_key" in mode | owner | autoflush | after | client_id | logfile | inter) continue ;; esac
		eval "_value=\$$_key"
		_line="$_line $_key=$_value"
	done
	_id=$(db "$tasks_db" "INSERT INTO taskd (st_time, end_time, user, cmd, status, errcode, owner, logfile, logtype, notify, autoflush, after, client_id, jname)
		VALUES ('', '', '$(id -un)', $(text "$_line"), 0, 0, $(text "${owner:-cbsd}"), '', 'auto', 0, ${autoflush:-0}, ${after:-0}, ${client_id:-0},
		$(text "$jname")); SELECT last_insert_rowid()")
	: "${logfile:=/tmp/taskd.$_id.log}"
	db "$tasks_db" "UPDATE taskd SET logfile=$(text "$logfile") WHERE id=$_id"
	echo "$_id"
	setsid /bin/sh "$lib/task-run.sh" "$tasks_db" "$_id" "$logfile" "$_line" </dev/null >/dev/null 2>&1 &
}
