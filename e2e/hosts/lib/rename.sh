# jrename and brename: online only with restart=1; the host name stays as it was.

run() {
	engine=$(engine_of_command)
	need old new
	is_engine "$old" "$engine" || err 1 "No such $engine: $old"
	! exists "$new" || err 1 "$new already exist"
	reconcile "$engine"
	_was=''
	if pid_of "$old" >/dev/null; then
		[ "$restart" = 1 ] || err 1 "$old is online: use restart=1"
		_was=1
		"$0" "$(echo "$_cmd" | cut -c1)stop" jname="$old" inter=0 >/dev/null
	fi
	queue "$engine" id="$old" jname="$new" cmd="$_cmd" ip4_addr="$ip4_addr" status=1
	mv -- "$workdir/jails-data/$old-data" "$workdir/jails-data/$new-data"
	mv -- "$workdir/jails-system/$old" "$workdir/jails-system/$new"
	rmdir -- "$workdir/jails/$old" 2>/dev/null
	mkdir -p "$workdir/jails/$new"
	[ -e "$workdir/jails-fstab/fstab.$old" ] && mv -- "$workdir/jails-fstab/fstab.$old" "$workdir/jails-fstab/fstab.$new"
	[ -d "$workdir/.standin/snapshots/$old" ] && mv -- "$workdir/.standin/snapshots/$old" "$workdir/.standin/snapshots/$new"
	inv "UPDATE jails SET path=REPLACE(REPLACE(path, $(text "/jails-data/$old-data"), $(text "/jails-data/$new-data")),
		$(text "/jails/$old"), $(text "/jails/$new")), data=$(text "$workdir/jails-data/$new-data"), jname=$(text "$new") WHERE jname=$(text "$old");
		UPDATE bhyve SET jname=$(text "$new") WHERE jname=$(text "$old")"
	db "$workdir/var/db/storage_media.sqlite" "UPDATE media SET jname=$(text "$new"), path=REPLACE(path, $(text "/$old-data/"), $(text "/$new-data/"))
		WHERE jname=$(text "$old")"
	_db=$(settings_of "$new")
	for _table in bhyvedsk bhyvenic; do
		[ -z "$(columns_of "$_db" "$_table")" ] || db "$_db" "UPDATE $_table SET jname=$(text "$new")"
	done
	[ -z "$host_hostname" ] || set_env "$new" host_hostname="$host_hostname"
	[ -z "$ip4_addr" ] || set_env "$new" ip4_addr="$ip4_addr"
	load_env "$new"
	queue "$engine" id="$new" cmd=update ip4_addr="$env_ip4_addr" host_hostname="$env_host_hostname" status=1
	[ -z "$_was" ] || "$0" "$(echo "$_cmd" | cut -c1)start" jname="$new" inter=0 >/dev/null
	took "$_cmd"
	queue "$engine" id="$new" cmd="$_cmd" status=2 data_status=0
}
