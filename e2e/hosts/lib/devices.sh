# bhyve-nic-list, bhyve-nic, bhyve-p9shares, bhyve-controller-list, bpcibus.

run() {
	case "$_cmd:${mode:-list}" in
	bhyve-nic:*) nothing_but_disks | column -t ;;
	bhyve-nic-list:*) nics | column -t ;;
	bhyve-controller-list:*) table bhyve_dskcontroller name,type,count,cache | column -t ;;
	bpcibus:list)
		jname=$jname table pcibus pcislot_name,pcislot_bus,pcislot_pcislot,pcislot_function,pcislot_desc bare | column -t
		;;
	bhyve-p9shares:list) shares | column -t ;;
	bhyve-p9shares:attach) attach ;;
	bhyve-p9shares:detach | bhyve-p9shares:delete) detach ;;
	*) err 1 'Unknown mode' ;;
	esac
}

vms() { [ -n "$jname" ] && echo "$jname" || inv "SELECT jname FROM jails WHERE emulator='bhyve' ORDER BY jname"; }

# Rows of one table of every VM: TABLE COLUMNS [bare: without the VM's name].
table() {
	_head=$(echo "$2" | tr ',a-z' ' A-Z')
	[ "$header" = 0 ] || { [ -n "$3" ] && echo "$_head" || echo "JNAME $_head"; }
	for _name in $(vms); do
		db "$(settings_of "$_name")" "SELECT $2 FROM $1" | tr '|' ' ' | while IFS= read -r _line; do
			[ -n "$3" ] && echo "$_line" || echo "$_name $_line"
		done
	done
}

nics() { table bhyvenic nic_driver,nic_parent,nic_hwaddr,nic_address,nic_mtu,nic_persistent,nic_ratelimit; }

# There is no such list: it shows the disks instead.
nothing_but_disks() {
	echo 'JNAME DSK_CONTROLLER DSK_PATH DSK_SIZE'
	header=0 table bhyvedsk dsk_controller,dsk_path,dsk_size
}

shares() {
	[ "$header" = 0 ] || echo 'JNAME P9PATH P9DEVICE RO'
	header=0 table p9shares p9path,p9device,ro
}

vm() {
	need jname p9device
	is_engine "$jname" bhyve || err 1 "No such bhyve: $jname"
	_db=$(settings_of "$jname")
	_there=$(db "$_db" "SELECT 1 FROM p9shares WHERE p9device=$(text "$p9device")")
}

attach() {
	vm
	need p9path
	[ -z "$_there" ] || err 1 "device already exist: $p9device"
	_ro=false
	[ "$ro" = 1 ] && _ro=true
	db "$_db" "INSERT INTO p9shares (p9path, p9device, ro) VALUES ($(text "$p9path"), $(text "$p9device"), '$_ro')"
	echo Attached
}

detach() {
	vm
	[ -n "$_there" ] || err 1 "no such device: $p9device"
	db "$_db" "DELETE FROM p9shares WHERE p9device=$(text "$p9device")"
	echo Detached
}
