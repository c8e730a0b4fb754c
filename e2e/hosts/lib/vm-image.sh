# The ISO or disk image of a VM: fetched in the foreground when it is not there yet.
fetch_image() {
	case "$set_vm_iso_path" in 0 | '') return 0 ;; esac
	case "$set_vm_iso_path" in
	cloud-*) _image=$workdir/src/iso/cbsd-$set_vm_iso_path.raw ;;
	*) _image=$workdir/src/iso/cbsd-$set_vm_iso_path ;;
	esac
	if [ ! -e "$_image" ]; then
		echo "Download to: $_image"
		echo "Processing: https://mirror.bsdstore.ru/iso/${_image##*/}"
		echo 'Size: 180 Mb'
		. "$lib/transfer.sh"
		trap 'rm -f "$_image.part"; exit 1' TERM INT HUP
		: >"$_image.part"
		transfer "$set_vm_os_profile"
		truncate -s 2M "$_image.part"
		mv "$_image.part" "$_image"
		trap - TERM INT HUP
		echo 'Checking CRC sum: SHA256...Passed'
	fi
	_disk=$workdir/jails-data/$jname-data/dsk1.vhd
	if [ -n "$jname" ] && [ ! -e "$_disk" ]; then
		echo "Converting $_image -> $_disk"
		_table=bhyvedsk
		[ "$engine" = qemu ] && _table=qemudsk
		truncate -s "$(db "$(settings_of "$jname")" "SELECT dsk_size FROM $_table WHERE dsk_path='dsk1.vhd'")" "$_disk"
	fi
	echo "vm_iso_path: $set_vm_iso_path"
	echo "media found: $set_vm_iso_path --> $_image"
	db "$workdir/var/db/storage_media.sqlite" "INSERT INTO media (name, path, type, jname, size)
		SELECT $(text "$set_vm_iso_path"), $(text "$_image"), 'iso', '-', '2m'
		WHERE NOT EXISTS (SELECT 1 FROM media WHERE name=$(text "$set_vm_iso_path") AND jname='-')"
}
