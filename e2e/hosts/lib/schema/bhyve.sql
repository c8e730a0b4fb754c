-- jails-system/bhyve vm/local.sqlite
CREATE TABLE IF NOT EXISTS bhyve_dskcontroller (
  id INTEGER PRIMARY KEY, name TEXT, type TEXT, count INTEGER, cache TEXT, order_id INTEGER
);
CREATE TABLE IF NOT EXISTS bhyve_nvme (
  id INTEGER PRIMARY KEY, devpath TEXT, ram INTEGER, maxq INTEGER, qsz, ioslots INTEGER, sectsz INTEGER, ser TEXT
);
CREATE TABLE IF NOT EXISTS bhyve_soundhw (
  soundhw_play TEXT, soundhw_rec TEXT
);
CREATE TABLE IF NOT EXISTS bhyvedsk (
  jname TEXT, dsk_controller TEXT, dsk_path TEXT, dsk_slot INTEGER, dsk_type TEXT, dsk_size INTEGER, dsk_gzip INTEGER, dsk_conf TEXT, dsk_ro boolean,
  dsk_sectorsize INTEGER, dsk_nocache boolean, dsk_direct boolean, dsk_comment TEXT, dsk_lun INTEGER, dsk_readbps INTEGER, dsk_readiops INTEGER,
  dsk_writebps INTEGER, dsk_writeiops INTEGER, crypto_key TEXT, controller_id INTEGER, controller_name TEXT, bootable BOOLEAN, dsk_zfs_guid TEXT,
  dsk_iops_limit TEXT, dsk_mbps_limit TEXT, dsk_serial TEXT
);
CREATE TABLE IF NOT EXISTS bhyvenic (
  id INTEGER PRIMARY KEY, jname TEXT, nic_order INTEGER, nic_driver TEXT, nic_slot TEXT, nic_type TEXT, nic_parent TEXT, nic_hwaddr TEXT, nic_address
  TEXT, nic_mtu INTEGER, nic_persistent INTEGER, nic_ratelimit TEXT, nic_flags TEXT
);
CREATE TABLE IF NOT EXISTS cpu_topology (
  sockets INTEGER, cores INTEGER, threads INTEGER
);
CREATE TABLE IF NOT EXISTS p9shares (
  p9path TEXT, p9device VARCHAR(64), ro BOOLEAN, options TEXT
);
CREATE TABLE IF NOT EXISTS pcibus (
  idx INTEGER PRIMARY KEY, pcislot_name TEXT, pcislot_bus INTEGER, pcislot_pcislot INTEGER, pcislot_function INTEGER, pcislot_desc TEXT, modified
  BOOLEAN
);
CREATE TABLE IF NOT EXISTS pcibus_run (
  idx INTEGER PRIMARY KEY, pcislot_name TEXT, pcislot_bus INTEGER, pcislot_pcislot INTEGER, pcislot_function INTEGER, pcislot_desc TEXT, modified
  BOOLEAN
);
CREATE TABLE IF NOT EXISTS settings (
  created TIMESTAMP DATE, astart INTEGER, vm_cpus INTEGER, vm_ram INTEGER, vm_os_type TEXT, vm_boot TEXT, vm_os_profile TEXT, bhyve_flags TEXT,
  vm_vnc_port INTEGER, virtio_type TEXT, bhyve_vnc_tcp_bind TEXT, bhyve_vnc_resolution TEXT, cd_vnc_wait INTEGER, protected INTEGER, hidden INTEGER,
  maintenance TEXT, ip4_addr TEXT, vnc_password TEXT, state_time TIMESTAMP DATE, vm_hostbridge TEXT, vm_iso_path TEXT, vm_console TEXT, vm_efi TEXT,
  vm_rd_port INTEGER, bhyve_generate_acpi INTEGER, bhyve_wire_memory INTEGER, bhyve_rts_keeps_utc INTEGER, bhyve_force_msi_irq INTEGER,
  bhyve_x2apic_mode INTEGER, bhyve_mptable_gen INTEGER, bhyve_ignore_msr_acc INTEGER, bhyve_vnc_vgaconf TEXT, media_auto_eject INTEGER,
  vm_cpu_topology TEXT, debug_engine TEXT, xhci INTEGER, cd_boot_firmware TEXT, jailed TEXT, vm_iso_path2 TEXT, on_poweroff TEXT, on_reboot TEXT,
  on_crash TEXT, vm_zfs_guid TEXT, vnc_port INTEGER, soundhw TEXT, bhyve_cmd TEXT, double_acpi, virtio_rnd, hdd_boot_firmware TEXT, chrooted TEXT,
  uuid TEXT, bhyverun_wrapper TEXT, bhyvestop_wrapper TEXT, tags TEXT, fbuf INTEGER, tablet INTEGER, boot_delay INTEGER, cpuset TEXT, efi_firmware
  TEXT, bhyve_vnc_kbdlayout TEXT, pid_wait INTEGER, tpm TEXT
);
