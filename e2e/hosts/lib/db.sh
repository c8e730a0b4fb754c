# The SQLite files. Queries are built of text, as in CBSD.
inventory=$workdir/var/db/local.sqlite

# db FILE SQL: rows with "|" between columns.
db() { sqlite3 -batch -noheader -cmd '.timeout 25000' "$1" "$2"; }
inv() { db "$inventory" "$1"; }

# A value as an SQL string.
text() { printf "'%s'" "$(printf '%s' "$1" | sed "s/'/''/g")"; }

# The columns of a table, one a line, in their order.
columns_of() { db "$1" "SELECT name FROM pragma_table_info('$2')"; }

system_dir() { echo "$workdir/jails-system/$1"; }
settings_of() { echo "$workdir/jails-system/$1/local.sqlite"; }
local_value() { inv "SELECT $1 FROM local LIMIT 1"; }
has_zfs() { [ -e "$workdir/.standin/zfs" ]; }

# Bytes of "512m", "2g"; a bare number is taken as it is.
bytes_of() {
	case "$1" in
	*[tT]) echo $((${1%?} * 1099511627776)) ;;
	*[gG]) echo $((${1%?} * 1073741824)) ;;
	*[mM]) echo $((${1%?} * 1048576)) ;;
	*[kK]) echo $((${1%?} * 1024)) ;;
	*) echo "$1" ;;
	esac
}

# "10g", "977m", "512k": what people read, cut and not rounded.
human() {
	if [ "$1" -ge 1073741824 ] && [ $(($1 % 1073741824)) -eq 0 ]; then echo "$(($1 / 1073741824))g"
	elif [ "$1" -ge 1048576 ]; then echo "$(($1 / 1048576))m"
	elif [ "$1" -ge 1024 ]; then echo "$(($1 / 1024))k"
	else echo "$1"; fi
}
