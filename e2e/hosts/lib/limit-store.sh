# Where resource limits lie: jails-system/NAME/helpers/{jrctl,brctl}.sqlite, table forms.
limits_file() { case "$_cmd" in b*) echo "$(system_dir "$jname")/helpers/brctl.sqlite" ;; *) echo "$(system_dir "$jname")/helpers/jrctl.sqlite" ;; esac; }

store_limit() {
	_file=$(limits_file)
	mkdir -p "${_file%/*}"
	[ -e "$_file" ] || sqlite3 -batch "$_file" ".read $lib/schema/limits.sql"
	db "$_file" "DELETE FROM forms WHERE param='$1'"
	[ -z "$2" ] || db "$_file" "INSERT INTO forms (mytable, group_id, order_id, param, \"desc\", def, cur, new, mandatory, type)
		VALUES ('forms', 1, 1, '$1', '$1', '', $(text "$2"), '', 0, 'inputbox')"
}

# The limits that are set, one "name value" a line.
read_limits() { [ -e "$(limits_file)" ] && db "$(limits_file)" "SELECT param || ' ' || cur FROM forms WHERE cur NOT IN ('', '0')"; }
