# Puts a row from a file of "column="value"" lines into the inventory: arguments NAME FILE OLD-NAME.
adopt_env() {
	_columns='' _values=''
	for _column in $(jails_columns); do
		_value=$(sed -n "s|^$_column=\"\(.*\)\";*\$|\1|p" "$2" | head -n 1 | sed "s|^CBSDROOT|$workdir|")
		case "$_column" in
		jname) _value=$1 ;;
		jid | status) _value=0 ;;
		name) continue ;;
		data) _value=$workdir/jails-data/$1-data ;;
		path) case "$_value" in */jails-data/*) _value=$workdir/jails-data/$1-data ;; *) _value=$workdir/jails/$1 ;; esac ;;
		esac
		_columns="$_columns${_columns:+, }$_column" _values="$_values${_values:+, }$(text "$_value")"
	done
	inv "INSERT INTO jails ($_columns) VALUES ($_values)" || err 1 "Unable to add $1"
	mkdir -p "$workdir/jails/$1"
	: >"$workdir/jails-fstab/fstab.$1"
	_db=$(settings_of "$1")
	for _table in bhyvedsk bhyvenic qemudsk qemunic; do
		[ -z "$(columns_of "$_db" "$_table")" ] || db "$_db" "UPDATE $_table SET jname=$(text "$1")"
	done
	[ -z "$(columns_of "$_db" bhyvedsk)" ] || inv "INSERT INTO bhyve (jname) VALUES ($(text "$1"))"
}
