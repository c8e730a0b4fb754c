# bcreate and qcreate: the tables, an empty disk, and cloud-init's files. Images are fetched at the first start.

run() {
	engine=$(engine_of_command)
	[ -n "$jname" ] || err 1 "$_cmd: please set: jname="
	need vm_os_type vm_os_profile
	queue_key='' && [ "$engine" = qemu ] && queue_key=cbsd_qemu_queue_name
	queue "$engine" id="$jname" cmd="$_cmd" vm_ram="$vm_ram" vm_cpus="$vm_cpus" vm_os_type="$vm_os_type" astart="${astart:-1}" \
		protected="$protected" vnc_port=0 status=1
	! exists "$jname" || err 1 "VM already exist: $jname"
	_file=$workdir/etc/vm-$vm_os_type-$vm_os_profile.conf
	[ -r "$_file" ] || _file=$workdir/etc/defaults/vm-$vm_os_type-$vm_os_profile.conf
	[ -r "$_file" ] || err 1 "$_cmd error: no such profile: vm-$vm_os_type-$vm_os_profile.conf"
	load_profile "$_file"
	flavour
	: "${vm_ram:=1g}" "${vm_cpus:=1}" "${imgsize:=10g}"
	vm_ram=$(bytes_of "$vm_ram")
	_size=$(bytes_of "$imgsize")
	data=$workdir/jails-data/$jname-data
	# A refusal from here on leaves these behind, known to no table.
	mkdir -p "$data" "$(system_dir "$jname")"
	if [ "$_size" -lt "$p_min" ]; then
		_words="imgsize too small: $_size ( $((_size / 1048576))mb ) < $p_min ( $((p_min / 1048576))mb )"
		if [ "$engine" = qemu ]; then err 1 "$_words"; else echo "Warning: $_words"; fi
	fi
	store
	queue "$engine" id="$jname" cmd=update jname="$jname" ip4_addr="$ip4_addr"
	cat <<-EOF
		Please wait: this will take a while...
		To start VM use: cbsd ${_cmd%create}start $jname
		To stop VM use: cbsd ${_cmd%create}stop $jname
		To remove VM use: cbsd ${_cmd%create}remove $jname
		For attach VM console use: cbsd ${_cmd%create}login $jname
		Creating $jname complete: Enjoy!
	EOF
	took "$_cmd"
	queue "$engine" id="$jname" cmd="$_cmd" status=2 data_status=0
	[ "$runasap" != 1 ] || "$0" "${_cmd%create}start" jname="$jname" inter=0
}

# A profile is shell text. Its sizes stand where no argument is given.
load_profile() {
	_given_size=$imgsize
	imgsize=0 imgsize_min=0 iso_img='' vm_kind=iso
	. "$1"
	p_size=$imgsize p_min=$(bytes_of "$imgsize_min") p_image=$iso_img p_kind=$vm_kind p_user=$default_jailname
	imgsize=$_given_size
	[ -n "$imgsize" ] || { [ "$p_size" != 0 ] && imgsize=$p_size; }
}

flavour() {
	[ -n "$flavor" ] || return
	_row=$(inv "SELECT pkg_vm_ram, pkg_vm_cpus, pkg_vm_disk FROM vmpackages WHERE name=$(text "$flavor")")
	[ -n "$_row" ] || err 1 "$_cmd: no such flavor [$flavor], available flavors: $(inv 'SELECT name FROM vmpackages' | paste -sd' ' -)"
	vm_ram=${_row%%|*} _row=${_row#*|} vm_cpus=${_row%%|*} imgsize=${_row#*|}
}

store() {
	jid=0 status=0 emulator=$engine gid=0 created=$(date +%s) state_time=$(date +%s) path=$workdir/jails/$jname baserw=0
	: "${host_hostname:=$jname.my.domain}" "${astart:=1}" "${protected:=0}" "${hidden:=0}" "${interface:=auto}" "${b_order:=10}" "${tags:=0}"
	if [ "$p_kind" = cloud ]; then
		ip4_addr=${ci_ip4_addr:-${ip4_addr:-DHCP}}
		[ "$ip4_addr" = DHCP ] && ip4_addr=$(next_address)
		ip4_addr=${ip4_addr%%/*}
		[ -n "$ci_gw4" ] || echo 'Warning: no ci_gw4= for this cloud image'
	fi
	: "${ip4_addr:=DHCP}"
	_columns='' _values=''
	for _column in $(jails_columns); do
		case "$_column" in name) continue ;; esac
		eval "_value=\$$_column"
		_columns="$_columns${_columns:+, }$_column" _values="$_values${_values:+, }$(text "${_value:-0}")"
	done
	inv "INSERT INTO jails ($_columns) VALUES ($_values); INSERT INTO $engine (jname, astart, vm_cpus, vm_ram)
		VALUES ($(text "$jname"), '$astart', $(text "$vm_cpus"), $(text "$vm_ram"))" || err 1 "Unable to add $jname"
	. "$lib/vm-settings.sh"
	vm_settings
	echo "$(inv 'SELECT COUNT(*) FROM jails')" >"$(system_dir "$jname")/dir.id"
	# The disk of a cloud profile is made of its image, at the first start.
	[ "$p_kind" = cloud ] || truncate -s "$_size" "$data/dsk1.vhd"
	db "$workdir/var/db/storage_media.sqlite" "INSERT INTO media (name, path, type, jname, size) VALUES
		('hdd-dsk1.vhd', $(text "$data/dsk1.vhd"), 'hdd', $(text "$jname"), '$(human "$_size")');
		INSERT INTO media (name, path, type, jname, size) VALUES
		($(text "$p_image"), $(text "$(image_path "$p_image")"), 'iso', $(text "$jname"), '0')"
	queue_key='' queue media cmd=refresh
	[ "$p_kind" != cloud ] || cloud_init
}

image_path() {
	case "$1" in cloud-*) echo "$workdir/src/iso/cbsd-$1.raw" ;; *) echo "$workdir/src/iso/cbsd-$1" ;; esac
}

cloud_init() {
	_ci=$(system_dir "$jname")/cloud-init
	mkdir -p "$_ci"
	printf 'instance-id: %s\nlocal-hostname: %s\n' "$jname" "$host_hostname" >"$_ci/meta-data"
	{
		printf '#cloud-config\nusers:\n - name: %s\n' "${ci_user_add:-$p_user}"
		[ -z "$ci_user_pubkey" ] || printf '   ssh_authorized_keys:\n    - %s\n' "$(if [ -r "$ci_user_pubkey" ]; then cat "$ci_user_pubkey"; else echo "$ci_user_pubkey"; fi)"
		[ -z "$ci_user_pw_user" ] || printf '   plain_text_passwd: %s\n' "$ci_user_pw_user"
	} >"$_ci/user-data"
	printf 'version: 1\nconfig:\n - type: physical\n   name: eth0\n   address: %s\n   gateway: %s\n' "${ci_ip4_addr:-DHCP}" "$ci_gw4" >"$_ci/network-config"
	printf 'vm_os_profile="%s";\nci_user_add="%s";\n' "$vm_os_profile" "${ci_user_add:-$p_user}" >"$(system_dir "$jname")/rc.conf_$jname"
}
