# jls, bls, qls, xls. Columns are padded by column(1), so its exit code is all that a caller sees.

run() {
	engine=$(engine_of_command)
	reconcile "$engine"
	if [ "$engine" = jail ]; then
		unset_value=-
		_default=jname,jid,ip4_addr,host_hostname,path,status
	else
		unset_value=0
		_default=jname,jid,vm_ram,vm_cpus,vm_os_type,ip4_addr,status,vnc
		# With accounting on there are two columns more.
		racct=$(local_value racct)
		[ "$racct" = 1 ] && _default=jname,jid,vm_ram,vm_curmem,vm_cpus,pcpu,vm_os_type,ip4_addr,status,vnc
	fi
	# As soon as there are other nodes, their rows and a column come with them.
	_nodes=$(db "$workdir/var/db/nodes.sqlite" 'SELECT nodename FROM nodelist')
	_all=${alljails:-$([ -n "$_nodes" ] && [ "$(local_value sqlreplica)" != 0 ] && echo 1 || echo 0)}
	if [ "${shownode:-$_all}" = 1 ] && ! given display; then _default=nodename,$_default; fi
	columns=$(echo "${display:-$_default}" | tr ',' ' ')
	nodename=$(local_value nodename)
	rows | column -t
}

rows() {
	if [ "$header" != 0 ]; then
		printf '%s%s%s%s\n' "$white" "$bold" "$(echo "$columns" | tr '[:lower:]' '[:upper:]')" "$normal"
	fi
	loose "$(selection)" 2>&1 | while IFS= read -r _row; do
		load_row env "$_row" $(jails_columns)
		line
	done
	[ "$engine" = jail ] && unregistered
	[ "$_all" = 1 ] || return 0
	for _node in $_nodes; do remote "$_node"; done
}

# Which rows: by name, and for jails by any column. The value goes into the query as it is.
selection() {
	_where=$(rows_of "$engine")
	[ -n "$jname" ] && _where="$_where AND jname IN ($(echo "$jname $_names" | tr ' ' '\n' | sort -u | sed "/^$/d; s/.*/'&'/" | paste -sd, -))"
	[ "$hidden" = 0 ] && _where="$_where AND IFNULL(hidden, 0) <> 1"
	if [ "$engine" = jail ]; then
		for _key in $_given; do
			case "$_key" in jname | display | header | order | node | alljails | shownode | hidden | inter) continue ;; esac
			eval "_value=\$$_key"
			[ "$_key" = status ] && case "$_value" in on) _value=1 ;; off) _value=0 ;; esac
			_where="$_where AND $_key=\"$_value\""
		done
	fi
	[ "$order" = desc ] && _order=DESC || _order=ASC
	echo "SELECT * FROM jails WHERE $_where ORDER BY jname $_order"
}

# Text in double quotes is text, as SQLite had it for long.
loose() {
	sqlite3 -batch -noheader -cmd '.timeout 25000' -cmd '.output /dev/null' -cmd '.dbconfig dqs_dml on' -cmd .output "$inventory" "$1"
}

line() {
	if [ "$engine" != jail ]; then
		load_settings "$env_jname" || err 0 "Unable to fetch vm data from: $(settings_of "$env_jname")"
	fi
	_colour=$cyan
	[ "$env_status" = 1 ] && _colour=$green
	printf '%s%s' "$normal" "$_colour"
	for _column in $columns; do printf '%s ' "$(cell "$_column")"; done
	printf '%s\n' "$normal"
}

cell() {
	case "$1" in
	status)
		_word=$(status_word "$env_status")
		[ "$env_status" = 3 ] && [ "$engine" != jail ] && _word="$_word:$env_maintenance"
		echo "$_word"
		return
		;;
	nodename) echo "$nodename"; return ;;
	etcver) echo 0; return ;;
	real_ip4) [ "$env_jid" = 0 ] && echo - || echo "$env_ip4_addr"; return ;;
	node) echo "$unset_value"; return ;;
	esac
	[ "$engine" != jail ] && case "$1" in
	vm_ram) echo $((set_vm_ram / 1048576)); return ;;
	vm_curmem) memory_of "$env_jid"; return ;;
	pcpu) share_of "$env_jid"; return ;;
	vnc) eval "_bind=\$set_${engine}_vnc_tcp_bind"; echo "$_bind:$set_vnc_port"; return ;;
	path) echo "$workdir/jails/$env_jname"; return ;;
	protected | hidden | astart | vm_* | vnc_*) eval "_value=\$set_$1"; echo "${_value:-$unset_value}"; return ;;
	esac
	if [ -x "$(system_dir "$env_jname")/facts.d/$1" ]; then "$(system_dir "$env_jname")/facts.d/$1"; return; fi
	case "$1" in *[!A-Za-z0-9_]*) echo "$unset_value"; return ;; esac
	eval "_value=\$env_$1"
	echo "${_value:-$unset_value}"
}

# Memory of a process in MiB and its share of one CPU in percent.
# Without accounting CBSD does not look.
memory_of() { [ "$1" = 0 ] || [ "$racct" != 1 ] && echo 0 || awk '/^VmRSS/ { print int($2 / 1024) }' "/proc/$1/status" 2>/dev/null || echo 0; }
share_of() { [ "$1" = 0 ] || [ "$racct" != 1 ] && echo 0 || ps -o pcpu= -p "$1" 2>/dev/null | sed 's/\..*//; s/ //g' || echo 0; }

# A dumped environment is known by its file alone.
unregistered() {
	[ -n "$jname" ] && return
	for _file in "$workdir"/jails-rcconf/rc.conf_*; do
		[ -e "$_file" ] || continue
		_name=${_file##*/rc.conf_}
		exists "$_name" && continue
		printf '%s%s' "$normal" "$cyan"
		for _column in $columns; do
			case "$_column" in
			jname) printf '%s ' "$_name" ;;
			jid) printf '0 ' ;;
			status) printf 'Unregister ' ;;
			*) printf '%s ' "$(sed -n "s|^$_column=\"\(.*\)\";*$|\1|p" "$_file" | grep . || echo -)" ;;
			esac
		done
		printf '%s\n' "$normal"
	done
}

# Rows of another node come from a copy of its tables; without one an error's words stand in their place.
remote() {
	_copy=$workdir/var/db/$1.sqlite
	if [ ! -e "$_copy" ]; then
		echo "$1 cbsdsql: 0 0 - - - Unknown"
		return
	fi
	nodename=$1
	db "$_copy" "SELECT * FROM jails WHERE $(rows_of "$engine") ORDER BY jname" | while IFS= read -r _row; do
		load_row env "$_row" $(jails_columns)
		if [ "$engine" = jail ] || load_settings "$env_jname"; then line; fi
	done
}
