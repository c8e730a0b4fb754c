# jremove, bremove, qremove. It ends with 0 whatever came of it.

run() {
	engine=$(engine_of_command)
	_word=${_cmd%remove}
	_word=${_word%destroy}destroy
	need jname
	for _victim in $(victims); do remove_one "$_victim"; done
	took "$_word"
}

victims() {
	case "$jname" in
	*[*?]*) inv "SELECT jname FROM jails WHERE $(rows_of "$engine") AND jname GLOB $(text "$jname")" ;;
	*) echo "$jname" ;;
	esac
}

remove_one() {
	_thing=domain
	[ "$engine" = jail ] && _thing=jail
	if ! is_engine "$1" "$engine"; then
		echo "No such $_thing: $1"
		return
	fi
	load_env "$1"
	_protected=$env_protected
	if [ "$engine" != jail ] && load_settings "$1"; then _protected=$set_protected; fi
	if [ "$_protected" = 1 ]; then
		echo "Protected/locked jail. Skip for remove: $1"
		return
	fi
	_event=$_cmd
	[ "$engine" = qemu ] && _event=bremove
	queue "$engine" id="$1" cmd="$_event" status=1
	if _pid=$(pid_of "$1"); then
		[ -n "$NOINTER" ] || yes_or_no "$1 is running. Stop and remove it?" || return
		kill -KILL "$_pid"
		wait_until_gone "$1" 10
	fi
	inv "DELETE FROM jails WHERE jname=$(text "$1"); DELETE FROM bhyve WHERE jname=$(text "$1"); DELETE FROM qemu WHERE jname=$(text "$1");
		DELETE FROM rctl WHERE jname=$(text "$1")"
	db "$workdir/var/db/storage_media.sqlite" "DELETE FROM media WHERE jname=$(text "$1")"
	rm -rf -- "${workdir:?}/jails-data/$1-data" "$workdir/jails-system/$1" "$workdir/jails/$1" "$workdir/jails-fstab/fstab.$1" \
		"$workdir/jails-rcconf/rc.conf_$1" "$workdir/.standin/snapshots/$1" "$workdir/.standin/$1.log"
	[ "$engine" = qemu ] && _event=qdestroy
	queue "$engine" id="$1" cmd="$_event" status=2
	[ "$engine" = jail ] || queue media cmd=refresh
}
