# show_profile_list: files whose names begin as asked.
run() {
	need search_profile
	{
		[ "$header" = 0 ] || echo "${display:-path,name,active}" | tr ',a-z' ' A-Z'
		for _file in "$workdir/etc/defaults/$search_profile"-*.conf; do
			[ -e "$_file" ] || continue
			vm_profile='' vm_kind=''
			. "$_file"
			[ "$vm_kind" = cloud ] && [ "$show_cloud" != 1 ] && continue
			[ "$vm_kind" = iso ] && [ "$show_cloud" = 1 ] && continue
			for _column in $(echo "${display:-path,name,active}" | tr ',' ' '); do
				case "$_column" in
				path) printf '%s ' "$_file" ;;
				name) printf '%s ' "$vm_profile" ;;
				contrib) printf '1 ' ;;
				*) printf -- '- ' ;;
				esac
			done
			echo
		done
	} | column -t
}
