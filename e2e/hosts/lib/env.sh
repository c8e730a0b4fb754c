# One environment: what the tables know of it.

# The engine of a command: its first letter.
engine_of_command() {
	case "$_cmd" in j*) echo jail ;; b*) echo bhyve ;; q*) echo qemu ;; x*) echo xen ;; esac
}

# An SQL condition for the rows of an engine.
rows_of() {
	case "$1" in
	jail) echo "(emulator='jail' OR emulator LIKE 'qemu-%-static')" ;;
	*) echo "emulator='$1'" ;;
	esac
}

# Reads a row into variables named env_COLUMN. The separator is "|", so a value that holds one shifts all that follow.
load_env() {
	_row=$(inv "SELECT * FROM jails WHERE jname=$(text "$1")")
	[ -n "$_row" ] || return 1
	load_row env "$_row" $(jails_columns)
}

# The columns are asked for once in a command.
jails_columns() {
	[ -n "$_jails_columns" ] || _jails_columns=$(columns_of "$inventory" jails)
	echo "$_jails_columns"
}

load_row() {
	_prefix=$1
	_rest=$2\|
	shift 2
	for _column in "$@"; do
		_cell=${_rest%%|*}
		_rest=${_rest#*|}
		eval "${_prefix}_$_column=\$_cell"
	done
}

# Settings of a VM into vm_COLUMN. CBSD dies when that file is broken.
load_settings() {
	_file=$(settings_of "$1")
	_row=$(db "$_file" 'SELECT * FROM settings LIMIT 1' 2>/dev/null)
	[ -n "$_row" ] || return 1
	load_row set "$_row" $(columns_of "$_file" settings)
}

exists() { [ -n "$(inv "SELECT 1 FROM jails WHERE jname=$(text "$1")")" ]; }
is_engine() { [ -n "$(inv "SELECT 1 FROM jails WHERE jname=$(text "$1") AND $(rows_of "$2")")" ]; }

# set_env NAME column=value …
set_env() {
	_name=$1
	shift
	_sql=''
	for _pair in "$@"; do _sql="$_sql${_sql:+, }${_pair%%=*}=$(text "${_pair#*=}")"; done
	inv "UPDATE jails SET $_sql WHERE jname=$(text "$_name")"
}

set_setting() {
	_name=$1
	shift
	_sql=''
	for _pair in "$@"; do _sql="$_sql${_sql:+, }${_pair%%=*}=$(text "${_pair#*=}")"; done
	db "$(settings_of "$_name")" "UPDATE settings SET $_sql"
}

status_word() {
	case "$1" in 0) echo Off ;; 1) echo On ;; 2) echo Slave ;; 3) echo Maintenance ;; *) echo Unknown ;; esac
}

# The next free address of the node's pool ("10.0.0.0/24" is all that is understood), as `cbsd dhcpd` prints it.
next_address() {
	_pool=$(local_value nodeippool)
	_net=${_pool%.*}
	_used=$(inv "SELECT ip4_addr FROM jails; SELECT ip4 FROM net" 2>/dev/null)
	_i=1
	while [ "$_i" -lt 255 ]; do
		if ! printf '%s\n' "$_used" | tr ',' '\n' | grep -q "^$_net\.$_i\(/.*\)\{0,1\}$"; then
			echo "$_net.$_i"
			return 0
		fi
		_i=$((_i + 1))
	done
	return 2
}
