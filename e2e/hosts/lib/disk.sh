# bhyve-dsk and bhyve-dsk-list.

run() {
	[ "$_cmd" = bhyve-dsk-list ] && mode=list
	case "${mode:-list}" in
	list) list | column -t ;;
	attach) attach ;;
	delete | remove | detach) detach ;;
	modify) modify ;;
	*) err 1 'Unknown mode' ;;
	esac
}

list() {
	_shown=${display:-jname,dsk_controller,dsk_path,dsk_size,dsk_sectorsize,bootable}
	_columns=$(echo "$_shown" | tr ',' ' ')
	[ "$header" = 0 ] || echo "$_columns" | tr '[:lower:]' '[:upper:]'
	for _name in ${jname:-$(inv "SELECT jname FROM jails WHERE emulator='bhyve' ORDER BY jname")}; do
		_db=$(settings_of "$_name")
		db "$_db" "SELECT dsk_path, dsk_size FROM bhyvedsk" | while IFS='|' read -r _path _bytes; do
			_file=$workdir/jails-data/$_name-data/$_path
			# A file that exists shows what it takes up, of how much.
			_size=$(human "$_bytes")
			if [ -e "$_file" ]; then
				_used=$(($(du -k "$_file" | cut -f1) * 1024))
				[ "$_used" -ge "$_bytes" ] || _size=$(human "$_used")/$_size
			fi
			for _column in $_columns; do
				case "$_column" in
				jname) printf '%s ' "$_name" ;;
				dsk_size) printf '%s ' "$_size" ;;
				*) printf '%s ' "$(db "$_db" "SELECT IFNULL($_column, 0) FROM bhyvedsk WHERE dsk_path=$(text "$_path")" 2>/dev/null | grep . || echo 0)" ;;
				esac
			done
			echo
		done
	done
}

vm() {
	need jname
	is_engine "$jname" bhyve || err 1 "No such bhyve: $jname"
	_db=$(settings_of "$jname")
	data=$workdir/jails-data/$jname-data
}

attach() {
	vm
	need dsk_controller dsk_size
	if [ -z "$dsk_path" ]; then
		_number=1
		while [ -n "$(db "$_db" "SELECT 1 FROM bhyvedsk WHERE dsk_path='dsk$_number.vhd'")" ]; do _number=$((_number + 1)); done
		dsk_path=dsk$_number.vhd
	fi
	[ -z "$(db "$_db" "SELECT 1 FROM bhyvedsk WHERE dsk_path=$(text "$dsk_path")")" ] || err 1 "disk already exist: $dsk_path"
	_bytes=$(bytes_of "$dsk_size")
	truncate -s "$_bytes" "$data/$dsk_path" || err 1 "Unable to create $data/$dsk_path"
	db "$_db" "INSERT INTO bhyvedsk (jname, dsk_controller, dsk_path, dsk_size, dsk_sectorsize, bootable, dsk_zfs_guid, dsk_serial)
		VALUES ($(text "$jname"), $(text "$dsk_controller"), $(text "$dsk_path"), $_bytes, '512/4096', 'false', '0', '0')"
	db "$workdir/var/db/storage_media.sqlite" "INSERT INTO media (name, path, type, jname, size)
		VALUES ($(text "hdd-$dsk_path"), $(text "$data/$dsk_path"), 'hdd', $(text "$jname"), '$(human "$_bytes")')"
	echo "${dsk_path%.vhd} attached"
}

detach() {
	vm
	need dsk_path
	[ -n "$(db "$_db" "SELECT 1 FROM bhyvedsk WHERE dsk_path=$(text "$dsk_path")")" ] || err 1 "no such disk: $dsk_path"
	db "$_db" "DELETE FROM bhyvedsk WHERE dsk_path=$(text "$dsk_path")"
	db "$workdir/var/db/storage_media.sqlite" "DELETE FROM media WHERE path=$(text "$data/$dsk_path")"
	[ "$mode" = detach ] || rm -f -- "$data/$dsk_path"
	echo Deleted
}

modify() {
	vm
	need dsk_path
	_old=$(db "$_db" "SELECT dsk_size FROM bhyvedsk WHERE dsk_path=$(text "$dsk_path")")
	[ -n "$_old" ] || err 1 "no such disk: $dsk_path"
	if [ -n "$dsk_size" ]; then
		has_zfs || err 1 'zfsfeat disabled'
		case "$dsk_size" in +*) _bytes=$((_old + $(bytes_of "${dsk_size#+}"))) ;; *) _bytes=$(bytes_of "$dsk_size") ;; esac
		[ "$_bytes" -ge "$_old" ] || err 1 'only grow is supported'
		truncate -s "$_bytes" "$data/$dsk_path"
		db "$_db" "UPDATE bhyvedsk SET dsk_size=$_bytes WHERE dsk_path=$(text "$dsk_path")"
		db "$workdir/var/db/storage_media.sqlite" "UPDATE media SET size='$(human "$_bytes")' WHERE path=$(text "$data/$dsk_path")"
	fi
	for _key in bootable dsk_sectorsize dsk_serial; do
		eval "_value=\$$_key"
		[ -z "$_value" ] || db "$_db" "UPDATE bhyvedsk SET $_key=$(text "$_value") WHERE dsk_path=$(text "$dsk_path")"
	done
}
