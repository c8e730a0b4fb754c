# jsnapshot and bsnapshot. What ZFS would keep is a copy here; of a VM only its first disk, as with the real one.
snapshots=$workdir/.standin/snapshots

run() {
	engine=$(engine_of_command)
	: "${mode:=list}"
	if ! has_zfs; then
		_words="jsnapshot: ufs not implemented"
		# The words go through column(1) like a table would.
		if [ "$mode" = list ]; then echo "$_words" | column -t; exit 0; fi
		err 1 "$_words"
	fi
	if [ "$mode" = list ]; then list | column -t; exit 0; fi
	need jname
	is_engine "$jname" "$engine" || err 1 "No such $engine: $jname"
	data=$workdir/jails-data/$jname-data
	case "$mode" in
	create) create ;;
	rollback) there && rollback ;;
	destroy) there && rm -rf -- "${snapshots:?}/$jname/$snapname" ;;
	destroyall) rm -rf -- "${snapshots:?}/$jname" ;;
	*) err 1 'Unknown mode' ;;
	esac
}

list() {
	[ "$header" = 0 ] || echo 'JNAME SNAPNAME CREATION REFER'
	for _name in ${jname:-$(inv "SELECT jname FROM jails WHERE $(rows_of "$engine") ORDER BY jname")}; do
		in_order "$_name" | while read -r _snap; do
			_folder=$snapshots/$_name/$_snap
			echo "$_name $_snap $(date -d "@$(cat "$_folder/created")" '+%Y-%m-%d__%H:%M') $(du -sh "$_folder/data" | cut -f1)"
		done
	done
}

# Oldest first.
in_order() {
	for _folder in "$snapshots/$1"/*; do
		[ -r "$_folder/order" ] && echo "$(cat "$_folder/order") ${_folder##*/}"
	done | sort -n | cut -d' ' -f2
}

there() { [ -n "$snapname" ] && [ -d "$snapshots/$jname/$snapname" ] || err 1 "could not find any snapshots: $jname@$snapname"; }

create() {
	[ "$snapname" = gettimeofday ] && snapname=$(date +%Y%m%d%H%M%S)
	need snapname
	[ ! -e "$snapshots/$jname/$snapname" ] || err 1 "cannot create snapshot '$jname@$snapname': dataset already exists"
	_new=$snapshots/$jname/.new.$$
	mkdir -p "$_new/data"
	if [ "$engine" = jail ]; then
		cp -a -- "$data/." "$_new/data/"
	elif [ -e "$data/dsk1.vhd" ]; then
		cp --sparse=always -- "$data/dsk1.vhd" "$_new/data/dsk1.vhd"
	fi
	date +%s >"$_new/created"
	date +%s%N >"$_new/order"
	mv -- "$_new" "$snapshots/$jname/$snapname"
	echo "$snapname created"
}

# As `zfs rollback -r`: newer ones are destroyed, and nobody asks whether the guest is off.
rollback() {
	_from=$snapshots/$jname/$snapname
	_past=''
	for _snap in $(in_order "$jname"); do
		[ -z "$_past" ] || rm -rf -- "${snapshots:?}/$jname/$_snap"
		[ "$_snap" = "$snapname" ] && _past=1
	done
	if [ "$engine" = jail ]; then
		find "$data" -mindepth 1 -delete 2>/dev/null
		cp -a -- "$_from/data/." "$data/"
	elif [ -e "$_from/data/dsk1.vhd" ]; then
		cp --sparse=always -- "$_from/data/dsk1.vhd" "$data/dsk1.vhd"
	fi
}
