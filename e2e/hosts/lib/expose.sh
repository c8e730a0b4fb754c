# expose: ports of the host that lead to a guest. The table is real; no packet filter is touched.

run() {
	need jname
	exists "$jname" || err 1 "No such jail: $jname"
	_db=$(system_dir "$jname")/expose.sqlite
	case "${mode:-list}" in
	list) [ ! -e "$_db" ] || db "$_db" "SELECT pin, pout, proto, inaddr, outaddr, fromips FROM expose" | tr '|' ' ' | column -t ;;
	add) add ;;
	delete)
		need in
		[ -e "$_db" ] && db "$_db" "DELETE FROM expose WHERE pin=$(text "$in") AND proto=$(text "${proto:-tcp}")"
		;;
	flush) rm -f -- "$_db" ;;
	*) err 1 'Unknown mode' ;;
	esac
}

add() {
	need in
	: "${out:=$in}" "${proto:=tcp}"
	for _other in "$workdir"/jails-system/*/expose.sqlite; do
		[ -e "$_other" ] || continue
		[ -z "$(db "$_other" "SELECT 1 FROM expose WHERE pin=$(text "$in") AND proto=$(text "$proto")")" ] ||
			err 1 "Port already in use: $in/$proto"
	done
	[ -e "$_db" ] || sqlite3 -batch "$_db" ".read $lib/schema/expose.sql"
	db "$_db" "INSERT INTO expose (pin, pout, proto, inaddr, outaddr, fromips)
		VALUES ($(text "$in"), $(text "$out"), $(text "$proto"), $(text "$inaddr"), $(text "$outaddr"), $(text "$fromips"))"
}
