# jcoldmigrate and bmigrate, between stand-ins on one machine: .standin/nodes says where the other one is.
run() {
	need jname node
	engine=$(engine_of_command)
	is_engine "$jname" "$engine" || err 1 "No such $engine: $jname"
	_there=$(awk -v name="$node" '$1 == name { print $2 }' "$workdir/.standin/nodes" 2>/dev/null)
	[ -n "$_there" ] && [ -e "$_there/var/db/local.sqlite" ] || err 1 "No such node: $node"
	if [ "$engine" = bhyve ]; then
		# Nobody answers the question, nothing moves.
		yes_or_no "Migrate $jname to $node?" || exit 1
		err 1 'bhyve: migration is not built in'
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
	[ "$start" != 1 ] || "$_there/bin/cbsd" jstart jname="$jname" inter=0
	took jcoldmigrate
}
