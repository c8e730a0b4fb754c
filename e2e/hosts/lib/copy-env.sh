# A second environment like the first, under another name: rows, files, own tables.
copy_env() {
	_columns=$(jails_columns | grep -v -x jname | paste -sd, -)
	inv "INSERT INTO jails (jname, $_columns) SELECT $(text "$2"), $_columns FROM jails WHERE jname=$(text "$1");
		UPDATE jails SET path=REPLACE(path, $(text "/jails-data/$1-data"), $(text "/jails-data/$2-data")) WHERE jname=$(text "$2");
		UPDATE jails SET path=REPLACE(path, $(text "/jails/$1"), $(text "/jails/$2")), data=$(text "$workdir/jails-data/$2-data")
		WHERE jname=$(text "$2");
		INSERT INTO bhyve (jname, astart, vm_cpus, vm_ram) SELECT $(text "$2"), astart, vm_cpus, vm_ram FROM bhyve WHERE jname=$(text "$1")"
	mkdir -p "$workdir/jails/$2"
	cp -a --sparse=always -- "$workdir/jails-data/$1-data" "$workdir/jails-data/$2-data"
	cp -a -- "$workdir/jails-system/$1" "$workdir/jails-system/$2"
	rm -f "$workdir/jails-system/$2"/.[a-z]* "$workdir/jails-system/$2"/*.pid "$workdir/jails-system/$2"/*.sock "$workdir/jails-system/$2/vnc_port"
	cp -- "$workdir/jails-fstab/fstab.$1" "$workdir/jails-fstab/fstab.$2" 2>/dev/null
	_db=$(settings_of "$2")
	[ -e "$_db" ] || return 0
	for _table in bhyvedsk bhyvenic qemudsk qemunic; do
		[ -z "$(columns_of "$_db" "$_table")" ] || db "$_db" "UPDATE $_table SET jname=$(text "$2")"
	done
	_media=$workdir/var/db/storage_media.sqlite
	db "$_media" "INSERT INTO media (name, path, type, jname, size)
		SELECT name, REPLACE(path, $(text "/$1-data/"), $(text "/$2-data/")), type, $(text "$2"), size FROM media WHERE jname=$(text "$1")"
	[ -z "$(columns_of "$_db" bhyvenic)" ] || db "$_db" "UPDATE settings SET uuid='$(cat /proc/sys/kernel/random/uuid)', created='$(date +%s)';
		UPDATE bhyvenic SET nic_hwaddr='00:a0:98:$(od -An -N3 -tx1 /dev/urandom | sed 's/^ //; s/ /:/g')'"
	return 0
}
