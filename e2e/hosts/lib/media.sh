# media, fetch_iso, images.
media_db=$workdir/var/db/storage_media.sqlite

run() {
	case "$_cmd:${mode:-list}" in
	images:*) echo 'MD5 NAME PATH SOURCE EMULATOR SIZE CREATED' | column -t ;;
	fetch_iso:*) fetch ;;
	media:list) list | column -t ;;
	media:register)
		need name path type
		db "$media_db" "INSERT INTO media (name, path, type, jname, size) VALUES ($(text "$name"), $(text "$path"), $(text "$type"),
			$(text "${jname:--}"), '$(human "$(stat -L -c %s "$path" 2>/dev/null || echo 0)")')"
		queue media cmd=refresh
		;;
	media:unregister) forget "${jname:--}" ;;
	media:attach) attach ;;
	media:detach | media:eject) detach ;;
	media:delete) delete ;;
	media:get) db "$media_db" "SELECT path FROM media WHERE name=$(text "$name") LIMIT 1" ;;
	*) err 1 'Unknown mode' ;;
	esac
}

# header=0 makes no difference here.
list() {
	echo 'NAME PATH TYPE JNAME SIZE'
	db "$media_db" 'SELECT name, path, type, jname, size FROM media ORDER BY idx' | tr '|' ' '
}

known() { [ -n "$(db "$media_db" "SELECT 1 FROM media WHERE name=$(text "$name") AND path=$(text "$path")")" ] || err 1 "No such media: $name"; }

attach() {
	need name path type jname
	known
	exists "$jname" || err 1 "No such domain: $jname"
	db "$media_db" "UPDATE media SET jname=$(text "$jname") WHERE name=$(text "$name") AND path=$(text "$path") AND type='hdd' AND jname='-';
		INSERT INTO media (name, path, type, jname, size) SELECT name, path, type, $(text "$jname"), size FROM media
		WHERE name=$(text "$name") AND path=$(text "$path") AND type='iso' LIMIT 1"
	queue media cmd=refresh
}

detach() {
	need name jname
	[ "$type" = hdd ] && db "$media_db" "UPDATE media SET jname='-' WHERE name=$(text "$name") AND jname=$(text "$jname") AND type='hdd'"
	forget "$jname"
}

forget() {
	db "$media_db" "DELETE FROM media WHERE name=$(text "$name") AND jname=$(text "$1")"
	queue media cmd=refresh
}

delete() {
	need name
	: "${path:=$(db "$media_db" "SELECT path FROM media WHERE name=$(text "$name") LIMIT 1")}"
	known
	# The file of a disk stays when no guest has it.
	[ "$type" = hdd ] || rm -f -- "$path"
	db "$media_db" "DELETE FROM media WHERE name=$(text "$name") AND path=$(text "$path")"
	queue media cmd=refresh
}

fetch() {
	[ -n "$name$path" ] || err 1 "Please set fetch_iso: name"
	_conf=$path
	if [ -z "$_conf" ]; then
		for _conf in "$workdir"/etc/vm-*-"$name".conf "$workdir"/etc/defaults/vm-*-"$name".conf; do [ -r "$_conf" ] && break; done
	fi
	# What it does not find it passes over in silence.
	[ -r "$_conf" ] || exit 0
	iso_img='' vm_profile=''
	. "$_conf"
	set_vm_iso_path=$iso_img set_vm_os_profile=$vm_profile
	. "$lib/vm-image.sh"
	fetch_image
	queue media cmd=refresh
}
