# node: other machines. None can be reached, except those that .standin/nodes names: "NODENAME WORKDIR" a line.
nodes_db=$workdir/var/db/nodes.sqlite

run() {
	case "${mode:-list}" in
	list) if [ "$allinfo" = 0 ]; then db "$nodes_db" 'SELECT nodename FROM nodelist'; else list | column -t; fi ;;
	add)
		need node
		echo "Connecting to $node via IPv4..."
		_name=$(awk -v ip="$node" '$3 == ip { print $1 }' "$workdir/.standin/nodes" 2>/dev/null)
		if [ -z "$_name" ]; then
			echo 'Connection problem (code 1): '
			echo 'failed to connect!' >&2
			exit 1
		fi
		db "$nodes_db" "INSERT OR REPLACE INTO nodelist (nodename, ip, port, keyfile, status, idle) VALUES ($(text "$_name"), $(text "$node"),
			${port:-22}, $(text "$workdir/.rssh/$_name.id_rsa"), 1, '$(date '+%Y-%m-%d %H:%M:%S')')"
		: >"$workdir/.rssh/$_name.node"
		echo "Added successful: $node"
		;;
	remove)
		need node
		[ -n "$(db "$nodes_db" "SELECT 1 FROM nodelist WHERE nodename=$(text "$node")")" ] || echo "No such node config: $workdir/.rssh/$node.node"
		db "$nodes_db" "DELETE FROM nodelist WHERE nodename=$(text "$node")"
		rm -f -- "$workdir/.rssh/$node.node"
		echo Removed
		;;
	update | show) ;;
	*) err 1 'Unknown mode' ;;
	esac
}

list() {
	[ "$header" = 0 ] || printf '%s%sNODENAME IP PORT KEYFILE STATUS IDLE%s\n' "$white" "$bold" "$normal"
	_now=$(date +%s)
	db "$nodes_db" "SELECT nodename, ip, port, keyfile, status, CAST((julianday('now') - julianday(idle)) * 1440 AS INTEGER) FROM nodelist" |
		while IFS='|' read -r _name _ip _port _key _status _idle; do
			_word=Disconnected
			[ "$_status" = 1 ] && _word=Connected
			printf '%s%s%s %s %s %s %s %s%s\n' "$normal" "$green" "$_name" "$_ip" "$_port" "$_key" "$_word" "$_idle" "$normal"
		done
}
