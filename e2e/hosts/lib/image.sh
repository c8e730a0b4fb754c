# jexport, bexport, jimport, bimport: one file with everything of an environment.

run() {
	engine=$(engine_of_command)
	case "$_cmd" in
	?export) export_one ;;
	?import) if [ "$list" = 1 ]; then list_images; else import_one; fi ;;
	esac
}

flat_size() { du -sk "$workdir/jails-data/$1-data" | cut -f1; }
short() { [ "$1" -ge 1024 ] && echo "$(($1 / 1024))m" || echo "${1}k"; }

export_one() {
	need jname
	is_engine "$jname" "$engine" || err 1 "No such $engine: $jname"
	if [ "$engine" = bhyve ] && pid_of "$jname" >/dev/null; then err 1 "$jname is online"; fi
	_level=${compress:-6}
	_target=${dstdir:-$workdir/export}/$jname.img
	queue "$engine" id="$jname" cmd="$_cmd" status=1
	echo "Exporting (with compress level:$_level), please stand by: $jname"
	_flat=$(flat_size "$jname")
	dump "$jname" >"$(system_dir "$jname")/rc.conf_$jname"
	_pack=$(mktemp -d "$workdir/ftmp/export.XXXXXX")
	printf 'jname=%s\nnode=%s\ncreated=%s\nflat=%s\nlevel=%s\nengine=%s\n' "$jname" "$(local_value nodename)" "$(date +%Y%m%d)" "$_flat" "$_level" \
		"$engine" >"$_pack/header"
	_filter=cat
	[ "$_level" = 0 ] || _filter="gzip -$_level"
	trap 'rm -rf "$_pack" "$_target.part"' EXIT
	tar -C "$workdir" --sparse --exclude '*.sock' --exclude '.monitor.*' -cf - "jails-data/$jname-data" "jails-system/$jname" -C "$_pack" header 2>/dev/null |
		$_filter >"$_target.part" && mv -- "$_target.part" "$_target"
	rm -f "$(system_dir "$jname")/rc.conf_$jname"
	echo "environment flat size: $(short "$_flat"), images size $jname.img: $(short "$(du -k "$_target" | cut -f1)")"
	echo "exported image file: $_target"
	took "$_cmd"
	queue "$engine" id="$jname" cmd="$_cmd" status=2
}

dump() {
	load_env "$1"
	for _column in $(jails_columns); do
		eval "_value=\$env_$_column"
		printf '%s="%s"\n' "$_column" "$_value"
	done
}

list_images() {
	for _file in "$workdir"/export/*.img; do [ -e "$_file" ] && basename "$_file" .img; done
}

import_one() {
	need jname
	_file=$jname
	case "$_file" in /*) ;; *) _file=$workdir/export/${_file%.img}.img ;; esac
	[ -r "$_file" ] || err 1 "No such image: $_file"
	_from=$(basename "$_file" .img)
	_unpacked=$(mktemp -d "$workdir/ftmp/import.XXXXXX")
	trap 'rm -rf "$_unpacked"' EXIT
	echo "Importing image, please stand by: $_from"
	tar -C "$_unpacked" -xf "$_file" 2>/dev/null && [ -r "$_unpacked/header" ] || err 1 'imghelper error'
	while IFS='=' read -r _key _value; do eval "image_$_key=\$_value"; done <"$_unpacked/header"
	cat <<-EOF
		CBSD Image, version: 4
		Image was created on node: $image_node
		Image was created at: $image_created
		Image size: $(short "$(du -k "$_file" | cut -f1)")
		Environment flat size after extracting: $image_flat
		Compress level: $image_level
	EOF
	_new=${new_jname:-$image_jname}
	! exists "$_new" || err 1 "$_new already exist"
	queue "$engine" id="$_new" cmd="$_cmd" status=1
	mv -- "$_unpacked/jails-data/$image_jname-data" "$workdir/jails-data/$_new-data"
	mv -- "$_unpacked/jails-system/$image_jname" "$workdir/jails-system/$_new"
	_dumped=$workdir/jails-system/$_new/rc.conf_$image_jname
	adopt "$_new" "$_dumped" "$image_jname"
	rm -f "$_dumped"
	took "$_cmd"
	queue "$engine" id="$_new" cmd="$_cmd" status=2
}

# A dumped row becomes a row again, under the new name.
adopt() {
	. "$lib/adopt.sh"
	adopt_env "$1" "$2" "$3"
	[ -z "$new_host_hostname" ] || set_env "$1" host_hostname="$new_host_hostname"
	[ "$new_ip4_addr" = DHCP ] && new_ip4_addr=$(next_address)
	[ -z "$new_ip4_addr" ] || set_env "$1" ip4_addr="$new_ip4_addr"
}
