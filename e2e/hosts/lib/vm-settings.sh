# A VM's own database: settings that arguments give, and CBSD's defaults for the rest.
vm_settings() {
	: "${vm_boot:=hdd}" "${vm_vnc_port:=0}" "${cd_vnc_wait:=1}" "${vnc_password:=cbsd}" "${maintenance:=0}" "${on_poweroff:=destroy}"
	: "${on_reboot:=restart}" "${on_crash:=destroy}" "${soundhw:=none}" "${debug_engine:=none}" "${vm_iso_path:=$p_image}" "${vnc_port:=0}"
	: "${xhci:=1}" "${tablet:=1}" "${boot_delay:=0}"
	if [ "$engine" = bhyve ]; then
		: "${virtio_type:=ahci-hd}" "${bhyve_vnc_tcp_bind:=127.0.0.1}" "${bhyve_vnc_resolution:=1024x768}" "${vm_hostbridge:=hostbridge}"
		: "${vm_console:=tmux}" "${vm_efi:=uefi}" "${bhyve_generate_acpi:=1}" "${bhyve_mptable_gen:=1}" "${bhyve_vnc_vgaconf:=io}"
		: "${media_auto_eject:=1}" "${vm_cpu_topology:=default}" "${cd_boot_firmware:=bhyve}" "${hdd_boot_firmware:=bhyve}"
		: "${bhyve_cmd:=/usr/sbin/bhyve}" "${double_acpi:=1}" "${virtio_rnd:=1}" "${fbuf:=1}" "${pid_wait:=1}"
		: "${uuid:=$(cat /proc/sys/kernel/random/uuid)}" "${bhyverun_wrapper:=/usr/local/cbsd/share/bhyverun.sh}"
		: "${efi_firmware:=/usr/local/cbsd/upgrade/patch/efi.fd}"
	else
		: "${qemu_vnc_tcp_bind:=127.0.0.1}" "${qemu_vnc_resolution:=1024x768}" "${qemu_spice_tcp_bind:=127.0.0.1}"
		: "${qemu_spice_resolution:=1024x768}" "${qemu_spice_flags:=ipv4=on,disable-ticketing=on,seamless-migration=on}" "${qemu_hap:=1}"
		: "${machine:=q35}" "${machine_accel:=auto}" "${vga:=auto}" "${usb:=1}" "${cpu:=auto}"
		arch=${arch:-native} kernel=0 bios=0
	fi
	_db=$(settings_of "$jname")
	sqlite3 -batch -cmd 'PRAGMA journal_mode=WAL' "$_db" ".read $lib/schema/$engine.sql" >/dev/null
	_columns='' _values=''
	for _column in $(columns_of "$_db" settings); do
		eval "_value=\$$_column"
		_columns="$_columns${_columns:+, }$_column" _values="$_values${_values:+, }$(text "${_value:-0}")"
	done
	_mac=00:a0:98:$(od -An -N3 -tx1 /dev/urandom | sed 's/^ //; s/ /:/g')
	[ "$engine" = bhyve ] && _prefix=bhyve _driver=vtnet || { _prefix=qemu _driver=virtio-net-pci; }
	db "$_db" "INSERT INTO settings ($_columns) VALUES ($_values);
		INSERT INTO ${_prefix}dsk (jname, dsk_controller, dsk_path, dsk_size, dsk_sectorsize, bootable, dsk_zfs_guid)
		VALUES ($(text "$jname"), 'virtio-blk', 'dsk1.vhd', '$_size', '512/4096', 'true', '0');
		INSERT INTO ${_prefix}nic (jname, nic_order, nic_driver, nic_parent, nic_hwaddr, nic_address, nic_mtu, nic_persistent, nic_ratelimit)
		VALUES ($(text "$jname"), 0, '${nic_driver:-$_driver}', $(text "$interface"), '${nic_hwaddr:-$_mac}', '0', 0, 0, '0')" ||
		err 1 "Unable to write $_db"
}
