/** Columns that are read from CBSD's tables, by name: versions add, rename and drop them, and one that is missing reads as null. */

/** Table `local`: the node itself. */
export const localColumns = [
  'nodename',
  'hostname',
  'domain',
  'nodeip',
  'nodeippool',
  'natip',
  'fs',
  'zfsfeat',
  'jail_interface',
  'ncpu',
  'physmem',
  'freemem',
  'la',
  'cpumodel',
  'cpufreq',
  'disks',
  'nics',
  'osrelease',
  'hostarch',
  'vimage_feature',
  'racct',
  'sqlreplica',
  'platform',
  'is_virtual',
  'cbsdver',
  'statsd_bhyve_enable',
  'statsd_jail_enable',
  'default_vs',
] as const

/** Table `jails`, which all engines share: what a list needs. */
export const jailColumns = [
  'jname',
  'name',
  'jid',
  'nodename',
  'path',
  'host_hostname',
  'ip4_addr',
  'ver',
  'arch',
  'astart',
  'b_order',
  'status',
  'state_time',
  'emulator',
  'exec_start',
  'protected',
  'hidden',
  'maintenance',
  'tags',
  'cpuset',
  'vnet',
  'baserw',
  'masterhost',
] as const

/** Table `settings` of a VM's own database: what a list needs. */
export const vmColumns = [
  'created',
  'astart',
  'vm_cpus',
  'vm_ram',
  'vm_os_type',
  'vm_os_profile',
  'vm_vnc_port',
  'vnc_port',
  'protected',
  'hidden',
  'maintenance',
  'ip4_addr',
  'vm_console',
  'machine_accel',
  'arch',
  'tags',
  'uuid',
] as const

/** Table `racct` of a guest's accounting. `idx`: seconds since 1970; `memoryuse` bytes; `pcpu` percent of one processor. */
export const racctColumns = ['idx', 'memoryuse', 'pcpu', 'readbps', 'writebps'] as const
