# jcoldmigrate and bmigrate, between stand-ins on one machine: .standin/nodes says where the other one is.
run() {
	need jname node
	engine=$(engine_of_command)
	is_engine "$jname" "$engine" || err 1 "No such $engine: $jname"
	_there=$(awk -v name="$node" '$1 == name { print $2 }' "$workdir/.standin/nodes" 2>/dev/null)
	[ -n "$_there" ] && [ -e "$_there/var/db/local.sqlite" ] || err 1 "No such node: $node"
	if [ "$engine" = bhyve ]; then
		move_vm
		return
	fi
	if pid_of "$jname" >/dev/null; then "$0" jstop jname="$jname" inter=0 >/dev/null; fi
	. "$lib/adopt.sh"
	_file=$(mktemp "$workdir/ftmp/move.XXXXXX")
	load_env "$jname"
	for _column in $(jails_columns); do
		eval "_value=\$env_$_column"
		printf '%s="%s"\n' "$_column" "$_value"
	done >"$_file"
	cp -a -- "$workdir/jails-data/$jname-data" "$_there/jails-data/" && cp -a -- "$workdir/jails-system/$jname" "$_there/jails-system/" || err 1 'rsync failed'
	(workdir=$_there inventory=$_there/var/db/local.sqlite adopt_env "$jname" "$_file" "$jname")
	rm -f -- "$_file"
	set_env "$jname" status=2 jid=0
	[ "$start" != 1 ] || there jstart jname="$jname" inter=0
	took jcoldmigrate
}

# A command of the other node, with that node's programs.
there() { PATH=$_there/bin:$PATH "$_there/bin/cbsd" "$@"; }

# Both nodes share the folders of guests; what the VM holds in memory goes through a file there. The real one needs a bhyve
# built for it.
move_vm() {
	_pid=$(pid_of "$jname") || err 1 'Not running'
	for _folder in jails-data jails-rcconf jails-system; do
		[ "$(readlink -f "$workdir/$_folder")" = "$(readlink -f "$_there/$_folder")" ] ||
			err 1 "directory id do not match, dir not shared: $_folder ?"
	done
	# Nobody answers the question, nothing moves.
	yes_or_no 'Are you ready to proceed? ' || { echo 'Exiting.'; exit 1; }
	[ -p "$(system_dir "$jname")/.monitor.in" ] || err 1 'bhyvectl: migration is not built in'
	"$0" bcheckpoint mode=create jname="$jname" name=live suspend=1 || err 1 'bmigrate: migration failed'
	wait_until_gone "$jname" 10
	"$0" bunregister jname="$jname"
	there bregister jname="$jname"
	there bstart jname="$jname" checkpoint=live inter=0
	took bmigrate
}
