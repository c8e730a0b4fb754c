-- var/db/local.sqlite
CREATE TABLE IF NOT EXISTS bhyve (
  jname TEXT, astart, vm_cpus INTEGER, vm_ram INTEGER, vm_os_type TEXT, vm_boot TEXT, virtio_type TEXT, vm_hostbridge TEXT, bhyve_flags TEXT,
  vm_os_profile TEXT, vm_iso_path TEXT, vm_console TEXT, vm_efi TEXT, vm_vnc_port INTEGER, vm_rd_port INTEGER, protected INTEGER, hidden INTEGER,
  bhyve_generate_acpi INTEGER, bhyve_wire_memory INTEGER, bhyve_rts_keeps_utc INTEGER, bhyve_force_msi_irq INTEGER, bhyve_x2apic_mode INTEGER,
  bhyve_mptable_gen INTEGER, bhyve_ignore_msr_acc INTEGER, cd_vnc_wait INTEGER, bhyve_vnc_resolution TEXT, bhyve_vnc_tcp_bind, maintenance TEXT,
  ip4_addr TEXT, vnc_password TEXT, bhyve_vnc_vgaconf TEXT, vm_cpu_topology, debug_engine TEXT, xhci INTEGER, cd_boot_firmware TEXT, jailed TEXT,
  vm_iso_path2 TEXT, on_poweroff TEXT, on_reboot TEXT, on_crash TEXT, soundhw, bhyve_cmd TEXT, vm_zfs_guid, mnt_start TEXT, mnt_stop TEXT, double_acpi
  INTEGER, virtio_rnd INTEGER, hdd_boot_firmware TEXT, chrooted TEXT, uuid, bhyverun_wrapper TEXT, bhyvestop_wrapper TEXT, tags TEXT, fbuf INTEGER,
  tablet INTEGER, boot_delay INTEGER, cpuset TEXT, efi_firmware TEXT, bhyve_vnc_kbdlayout TEXT, pid_wait INTEGER, tpm TEXT
);
CREATE TABLE IF NOT EXISTS bhyveppt (
  ppt VARCHAR(64), device TEXT, vendor TEXT, jname TEXT, rom TEXT, class TEXT, subclass TEXT
);
CREATE TABLE IF NOT EXISTS bsdbase (
  idx INTEGER PRIMARY KEY, platform TEXT, name TEXT, arch TEXT, targetarch TEXT, ver TEXT, stable INTEGER, elf TEXT, "date" TIMESTAMP DATE, status
  INTEGER, source TEXT, basename TEXT
);
CREATE TABLE IF NOT EXISTS bsdkernel (
  idx INTEGER PRIMARY KEY, platform TEXT, name TEXT, arch TEXT, targetarch TEXT, ver TEXT, stable INTEGER, elf TEXT, "date" TIMESTAMP DATE, status
  INTEGER, source TEXT
);
CREATE TABLE IF NOT EXISTS bsdsrc (
  idx INTEGER PRIMARY KEY, platform TEXT, name TEXT, ver TEXT, rev TEXT, "date" TIMESTAMP DATE, status INTEGER, source TEXT
);
CREATE TABLE IF NOT EXISTS carp (
  id INTEGER PRIMARY KEY, vhid INTEGER, advskew INTEGER, pass TEXT, interface TEXT, state TEXT
);
CREATE TABLE IF NOT EXISTS forms (
  idx INTEGER PRIMARY KEY, mytable VARCHAR(255), group_id INTEGER, order_id INTEGER, param TEXT, "desc" TEXT, def TEXT, "cur" TEXT, "new" TEXT,
  mandatory INTEGER, attr TEXT, xattr TEXT, type VARCHAR(255), link VARCHAR(255), groupname VARCHAR(128)
);
CREATE TABLE IF NOT EXISTS gw (
  gw TEXT PRIMARY KEY, val TEXT
);
CREATE TABLE IF NOT EXISTS jails (
  jname TEXT PRIMARY KEY, jid INTEGER, path TEXT, host_hostname TEXT, ip4_addr TEXT, mount_devfs boolean, allow_mount boolean, allow_devfs boolean,
  allow_nullfs boolean, mount_fstab boolean, mkhostsfile boolean, devfs_ruleset INTEGER, interface TEXT, basename TEXT, slavenode TEXT, baserw
  boolean, mount_src boolean, mount_obj boolean, mount_kernel TEXT, mount_ports boolean, astart INTEGER, data TEXT, vnet boolean, applytpl boolean,
  mdsize INTEGER, rcconf TEXT, floatresolv boolean, ver TEXT, arch TEXT, masterhost TEXT, exec_start TEXT, exec_stop TEXT, exec_poststart TEXT,
  exec_poststop TEXT, exec_prestart TEXT, exec_prestop TEXT, exec_master_poststart TEXT, exec_master_poststop TEXT, exec_master_prestart TEXT,
  exec_master_prestop TEXT, status INTEGER, exec_timeout INTEGER, exec_fib INTEGER, stop_timeout INTEGER, mount_fdescfs INTEGER, allow_dying INTEGER,
  depend TEXT, allow_procfs INTEGER, allow_tmpfs INTEGER, allow_zfs INTEGER, cpuset TEXT, emulator TEXT, emulator_flags TEXT, allow_kmem INTEGER,
  exec_consolelog TEXT, jdomain TEXT, b_order INTEGER, allow_fdescfs boolean, allow_sysvipc TEXT, protected INTEGER, hidden INTEGER, maintenance TEXT,
  name TEXT, allow_reserved_ports INTEGER, childrenmax INTEGER, persist INTEGER, enforce_statfs INTEGER, state_time TIMESTAMP DATE, allow_raw_sockets
  boolean, allow_fusefs boolean, allow_linprocfs boolean, allow_linsysfs boolean, allow_read_msgbuf boolean, allow_vmm boolean,
  allow_unprivileged_proc_debug boolean, sysvsem TEXT, sysvshm TEXT, sysvmsg TEXT, mnt_start TEXT, mnt_stop TEXT, allow_mlock INTEGER, mount_procfs
  boolean, mount_linprocfs boolean, mount_linsysfs boolean, gid UNSIGNED INTEGER, tags TEXT, ci_gw4 TEXT, zfs_encryption TEXT, boot_delay INTEGER,
  allow_nfsd INTEGER, jnameserver TEXT
);
CREATE TABLE IF NOT EXISTS local (
  nodename TEXT PRIMARY KEY, hostname TEXT, nodeip TEXT, nodedescr TEXT, jnameserver TEXT, nodeippool TEXT, natip TEXT, nat_enable TEXT, fbsdrepo
  boolean, mdtmp INTEGER, repo TEXT, workdir TEXT, ipfw_enable boolean, fs TEXT, zfsfeat boolean, jail_interface TEXT, ncpu INTEGER, physmem INTEGER,
  memtype TEXT, disks TEXT, cpumodel TEXT, cpufreq INTEGER, kernhz INTEGER, sched TEXT, eventtimer TEXT, nics TEXT, parallel INTEGER, stable INTEGER,
  osrelease TEXT, hostarch TEXT, vimage_feature boolean, racct INTEGER, sqlreplica INTEGER, domain TEXT, platform TEXT, hammerfeat boolean,
  node_ip4_active boolean, node_ip6_active boolean, la TEXT, is_virtual TEXT, freemem INTEGER, statsd_bhyve_enable boolean, statsd_jail_enable
  boolean, statsd_hoster_enable boolean, cbsdver TEXT, nodeip6pool TEXT, nodeip6 TEXT, jail_feat INTEGER, xen_feat INTEGER, bhyve_feat INTEGER,
  default_vs boolean
);
CREATE TABLE IF NOT EXISTS net (
  nic TEXT PRIMARY KEY, mac TEXT, type TEXT, media TEXT, ip4 TEXT, ip6 TEXT, mask4 TEXT, mask6 TEXT, status TEXT, usr1 TEXT, usr2 TEXT, usr3 TEXT,
  hwaddr TEXT
);
CREATE TABLE IF NOT EXISTS qemu (
  jname TEXT, astart, vm_cpus INTEGER, vm_ram INTEGER
);
CREATE TABLE IF NOT EXISTS rctl (
  jname TEXT, datasize INTEGER, stacksize INTEGER, coredumpsize INTEGER, memoryuse INTEGER, memorylocked INTEGER, maxproc INTEGER, openfiles INTEGER,
  vmemoryuse INTEGER, pseudoterminals INTEGER, swapuse INTEGER, nthr INTEGER, msgqqueued INTEGER, msgqsize INTEGER, nmsgq INTEGER, nsem INTEGER,
  nsemop INTEGER, nshm INTEGER, shmsize INTEGER, wallclock INTEGER, pcpu INTEGER, readbps INTEGER, writebps INTEGER, readiops INTEGER, writeiops
  INTEGER, cpu INTEGER, fsquota INTEGER, nice INTEGER, bw INTEGER
);
CREATE TABLE IF NOT EXISTS storage_pools (
  id INTEGER PRIMARY KEY, name TEXT, driver TEXT, description TEXT, poolpath TEXT, state INTEGER
);
CREATE TABLE IF NOT EXISTS system (
  helpername TEXT, helperdesc TEXT, version INTEGER, packages INTEGER, have_restart INTEGER, longdesc TEXT, title TEXT
);
CREATE TABLE IF NOT EXISTS unconfigured (
  items TEXT
);
CREATE TABLE IF NOT EXISTS vale (
  idx INTEGER PRIMARY KEY, name TEXT, group_id INTEGER
);
CREATE TABLE IF NOT EXISTS vale_ports (
  idx INTEGER PRIMARY KEY, jname TEXT, vale_id INTEGER, port_id INTEGER
);
CREATE TABLE IF NOT EXISTS virtualbox (
  jname TEXT, astart, vm_cpus INTEGER, vm_ram INTEGER, vm_os_type TEXT, vm_boot TEXT, virtio_type TEXT, vm_hostbridge TEXT, bhyve_flags, vm_os_profile
  TEXT, vm_iso_path TEXT, vm_console TEXT, vm_vnc_port INTEGER, vm_rd_port INTEGER, vm_iso_path2 TEXT
);
CREATE TABLE IF NOT EXISTS vm_cpu_topology (
  id INTEGER PRIMARY KEY, name VARCHAR(64), description TEXT, sockets INTEGER, cores INTEGER, threads INTEGER
);
CREATE TABLE IF NOT EXISTS vmpackages (
  id INTEGER PRIMARY KEY, name TEXT, description TEXT, pkg_vm_ram INTEGER, pkg_vm_disk INTEGER, pkg_vm_cpus INTEGER, owner TEXT, "timestamp" TIMESTAMP
  DATE
);
CREATE TABLE IF NOT EXISTS vnetnic (
  id INTEGER PRIMARY KEY, jname TEXT, nic_order INTEGER, nic_parent INTEGER, nic_hwaddr TEXT
);
CREATE TABLE IF NOT EXISTS xen (
  jname TEXT, astart, vm_cpus INTEGER, vm_ram INTEGER
);
