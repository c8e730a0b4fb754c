-- jails-system/qemu vm/local.sqlite
CREATE TABLE IF NOT EXISTS pcibus (
  idx INTEGER PRIMARY KEY, pcislot_name TEXT, pcislot_bus INTEGER, pcislot_pcislot INTEGER, pcislot_function INTEGER, pcislot_desc TEXT, modified
  BOOLEAN
);
CREATE TABLE IF NOT EXISTS pcibus_run (
  idx INTEGER PRIMARY KEY, pcislot_name TEXT, pcislot_bus INTEGER, pcislot_pcislot INTEGER, pcislot_function INTEGER, pcislot_desc TEXT, modified
  BOOLEAN
);
CREATE TABLE IF NOT EXISTS qemudsk (
  jname TEXT, dsk_controller TEXT, dsk_path TEXT, dsk_slot INTEGER, dsk_type TEXT, dsk_size INTEGER, dsk_gzip INTEGER, dsk_conf TEXT, dsk_ro boolean,
  dsk_sectorsize INTEGER, dsk_nocache boolean, dsk_direct boolean, dsk_comment TEXT, dsk_lun INTEGER, dsk_readbps INTEGER, dsk_readiops INTEGER,
  dsk_writebps INTEGER, dsk_writeiops INTEGER, crypto_key TEXT, bootable BOOLEAN, dsk_zfs_guid TEXT, controller_id INTEGER
);
CREATE TABLE IF NOT EXISTS qemunic (
  id INTEGER PRIMARY KEY, jname TEXT, nic_order INTEGER, nic_driver TEXT, nic_slot TEXT, nic_type TEXT, nic_parent TEXT, nic_hwaddr TEXT, nic_address
  TEXT, nic_mtu INTEGER, nic_persistent INTEGER, nic_ratelimit TEXT, nic_flags TEXT
);
CREATE TABLE IF NOT EXISTS settings (
  created TIMESTAMP DATE, astart INTEGER, vm_cpus INTEGER, vm_ram INTEGER, vm_os_type TEXT, vm_boot TEXT, vm_os_profile TEXT, vm_vnc_port INTEGER,
  qemu_vnc_tcp_bind TEXT, qemu_vnc_resolution TEXT, cd_vnc_wait INTEGER, protected INTEGER, hidden INTEGER, maintenance TEXT, ip4_addr TEXT,
  vnc_password TEXT, state_time TIMESTAMP DATE, on_poweroff TEXT, on_reboot TEXT, on_crash TEXT, spice_default INTEGER, vm_spice_port,
  qemu_spice_tcp_bind TEXT, qemu_spice_resolution TEXT, qemu_spice_flags TEXT, spice_password TEXT, soundhw TEXT, debug_engine TEXT, vm_iso_path2
  TEXT, vm_zfs_guid TEXT, vnc_port INTEGER, qemu_hap INTEGER, qemu_nestedhvm INTEGER, vm_iso_path TEXT, bios TEXT, machine TEXT, machine_accel TEXT,
  vga TEXT, usb INTEGER, tablet INTEGER, xhci INTEGER, boot_delay INTEGER, arch TEXT, kernel TEXT, cpu TEXT
);
