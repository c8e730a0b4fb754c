/** Something that changes between two runs and is written over in both texts before they are compared. */
export const masks = {
  seconds: [/done in \d+ seconds/g, 'done in N seconds'],
  /** Seconds since 1970 and random names of `bget` and `qget`. */
  moments: [/^(created|state_time|uuid): .*$/gm, '$1: …'],
  /** The same in quiet mode, where only the figure stands. */
  instants: [/^1\d{9}$/gm, '…'],
  addresses: [/(?:[0-9a-f]{2}:){5}[0-9a-f]{2}/g, 'aa:aa:aa:aa:aa:aa'],
  /** The number of a process, with the padding that follows from its width. */
  process: [/\b(JID|\d{3,7}) +(?=VM_RAM|\d+ +\d+ +linux|linux)/g, 'P '],
  pid: [/\d{3,7}$/gm, 'P'],
  /** How large files are depends on the file system and on tar. */
  sizes: [/size: \S+, images size (\S+): \S+/g, 'size: N, images size $1: N'],
  /** The real machine's memory and processors. */
  machine: [/"vm_cpus_max": \d+, "vm_ram_max": "[^"]+", "vm_ram_max_bytes": \d+/g, 'MACHINE'],
} as const satisfies Record<string, readonly [RegExp, string]>
type Mask = keyof typeof masks

const jails = 'var/db/local.sqlite'
const own = (name: string) => `jails-system/${name}/local.sqlite`

export type Act =
  /** A command whose output nobody looks at. */
  | { run: string }
  | { sql: [file: string, statement: string] }
  /** A recorded command, run again and compared. `argv`: where the recorded line was cut short. */
  | { same: string; masks?: Mask[]; argv?: string[] }
export type Scene = { title: string; options: string[] /** Guests really run. */; root?: boolean; acts: Act[] }

const run = (line: string): Act => ({ run: line })
const sql = (file: string, statement: string): Act => ({ sql: [file, statement] })
const same = (name: string, ...of: Mask[]): Act => ({ same: name, masks: of })
const inventory = (statement: string) => sql(jails, statement)

const jail: Scene = {
  title: 'one jail',
  options: ['--ufs'],
  acts: [
    run('jcreate jname=jail1 ver=empty baserw=1 ip4_addr=10.0.0.5 inter=0'),
    same('colour_jls'),
    same('jls_status=1'),
    same('jls_jail1_header=0'),
    same('jls_nosuch_header=0'),
    same('jls_shownode=1_alljails=1'),
    same('jls_header=0_display=jname_jid_status_ip4_addr_real_ip4_host_hostname_path_astart_ver_arch'),
    same('jls_--args'),
    same('jget_jname=jail1_ip4_addr_ver'),
    same('jget_mode=quiet_jname=jail1_ip4_addr_ver_astart'),
    same('jget_jname=nosuch'),
    same('jget_mode=quiet_jname=nosuch_ip4_addr'),
    same('jset_jname=jail1_astart=0'),
    same('jset_jname=jail1_nosuchparam=1'),
    same('jset_jname=nosuch_astart=0'),
    same('jset_jname=jail1_protected=1'),
    same('jremove_jname=jail1', 'seconds'),
    same('jset_jname=jail1_protected=0'),
    same('jremove_jname=nosuch', 'seconds'),
    same('jexec_jname=jail1_hostname'),
    same('jlogin_jail1'),
    same('jdescr_jname=jail1'),
    same('jorder'),
    same('jwhereis_jail1'),
    same('jwhereis_nosuch'),
    same('jstatus_jname=nosuch'),
    same('jstop_inter=0_jname=jail1'),
    same('jstop_inter=0_jname=nosuch'),
    same('jrestart_jname=nosuch', 'seconds'),
    same('jrctl_jname=jail1'),
    same('jrctl_mode=get_jname=jail1'),
    same('jsnapshot_mode=list'),
    same('jsnapshot_mode=list_jname=jail1'),
    same('expose_mode=list_jname=jail1'),
    same('jcreate_jname=jail1_ver=empty_inter=0'),
    same('jexport_jname=jail1_compress=0', 'seconds', 'sizes'),
  ],
}

const many: Scene = {
  title: 'several jails, in all states',
  options: ['--ufs'],
  acts: [
    run('jcreate jname=jail1 ver=empty baserw=1 ip4_addr=10.0.0.5 inter=0'),
    run('jcreate jname=ren1 ver=empty ip4_addr=10.0.0.3 inter=0'),
    same('jclone_old=ren1_new=cln1_host_hostname=cln1.my.domain_ip4_addr=10.0.0.77', 'seconds'),
    same('jcreate_jname=bad-name_ver=empty_inter=0', 'seconds'),
    same('jset_jname=jail1_astart=0'),
    inventory("UPDATE jails SET ip4_addr='10.0.0.2' WHERE jname='bad-name'"),
    same('jcreate_jname=Abc.def_ver=empty_inter=0', 'seconds'),
    inventory("UPDATE jails SET ip4_addr='10.0.0.4' WHERE jname='Abc.def'"),
    same('jswmode_jname=jail1_mode=slave'),
    same('jls_header=0_display=jname_status'),
    same('jswmode_jname=jail1_mode=maintenance_comment=test'),
    same('jls_header=0'),
    run('jswmode jname=jail1 mode=master'),
    run('junregister jname=Abc.def'),
    same('jls_display=jname_jid_status_path'),
    same('jregister_jname=Abc.def'),
    same('jremove_jname=Abc.def', 'seconds'),
    same('jcreate_jname=1abc_ver=empty_inter=0', 'seconds'),
    run('jremove jname=1abc inter=0'),
    run('jrename old=ren1 new=ren2'),
    inventory(
      "UPDATE jails SET status=2 WHERE jname='bad-name'; UPDATE jails SET status=3 WHERE jname='cln1';" +
        "UPDATE jails SET ip4_addr='10.0.0.56', host_hostname='x', status=1, jid=7 WHERE jname='jail1'",
    ),
    same('colour_DOCTORED-DB_jls'),
    same('colour_DOCTORED-DB_env_NOCOLOR=1_jls'),
    same('colour_DOCTORED-DB_env_NOCOLOR=1_jls_header=0_display=jname_jid_status'),
    same('colour_DOCTORED-DB_env_NOCOLOR=1_jls_status=1_header=0'),
  ],
}

const bhyve: Scene = {
  title: 'a bhyve VM',
  options: ['--ufs'],
  acts: [
    inventory('DELETE FROM vmpackages'),
    run('bcreate jname=bvm1 vm_os_type=linux vm_os_profile=cloud-Debian-x86-12 vm_ram=1g imgsize=10g ci_gw4=10.0.0.254 inter=0'),
    same('colour_bls'),
    same('bls_header=0_display=jname_jid_vm_ram_vm_curmem_vm_cpus_pcpu_vm_os_type_vm_os_profile_ip4_'),
    same('bget_jname=bvm1', 'moments'),
    same('bget_jname=nosuch'),
    same('bget_mode=quiet_jname=bvm1_vm_cpus_vm_ram_vnc_port_vnc_password'),
    same('bhyve-controller-list'),
    same('bhyve-dsk-list'),
    same('bhyve-dsk-list_header=0_display=jname_dsk_controller_dsk_path_dsk_size_dsk_sectorsize_boot'),
    same('bhyve-dsk_mode=list'),
    same('bhyve-dsk_mode=attach_jname=bvm1_dsk_controller=virtio-blk_dsk_size=2g'),
    same('bhyve-dsk_mode=list_jname=bvm1'),
    same('bhyve-dsk_mode=delete_jname=bvm1_dsk_controller=virtio-blk_dsk_path=dsk2.vhd'),
    same('bhyve-nic-list', 'addresses'),
    same('bhyve-nic_mode=list'),
    same('bhyve-p9shares_mode=list'),
    same('bhyve-p9shares_mode=attach_jname=bvm1_p9device=share1_p9path=_2Ftmp'),
    same('bhyve-p9shares_mode=list_header=0'),
    same('blogin_bvm1'),
    same('border'),
    same('bpause_jname=bvm1'),
    same('bpcibus_mode=list_jname=bvm1'),
    same('bcheckpoint_mode=list_jname=bvm1'),
    same('bdescr_jname=bvm1'),
    same('bremove_jname=nosuch', 'seconds'),
    same('bstart_jname=nosuch'),
    same('bstop_jname=bvm1', 'seconds'),
    same('bset_jname=nosuch_vm_ram=2g'),
    same('bset_jname=bvm1_vm_ram=2g'),
    same('bget_mode=quiet_jname=bvm1_vm_ram'),
    same('bclone_old=bvm1_new=bvm2_host_hostname=bvm2.my.domain', 'seconds'),
    run('brename old=bvm2 new=bvm3'),
    same('bls'),
    run('bremove jname=bvm3 inter=0'),
    run('bset jname=bvm1 vm_ram=3g'),
    inventory("UPDATE jails SET status=1, jid=7 WHERE jname='bvm1'"),
    same('colour_DOCTORED-DB_bls'),
    inventory("UPDATE jails SET status=1, jid=7 WHERE jname='bvm1'"),
    same('colour_DOCTORED-DB_env_NOCOLOR=1_bls'),
    same('bset_jname=bvm1_vm_ram=abc'),
    same('bcreate_jname=flav1_flavor=small1_vm_os_type=linux_vm_os_profile=TinyCore-x86-15_inter=0'),
    same('bcreate_jname=flav2_flavor=nosuch_vm_os_type=linux_vm_os_profile=TinyCore-x86-15_inter=0'),
    same('bcreate_--desc'),
  ],
}

const qemu: Scene = {
  title: 'a QEMU VM that is off',
  options: ['--ufs'],
  acts: [
    run('qcreate jname=vm1 vm_os_type=linux vm_os_profile=TinyCore-x86-15 imgsize=1g vm_ram=256m vm_cpus=1 inter=0'),
    sql(own('vm1'), 'UPDATE settings SET vnc_port=5900'),
    same('qget_jname=vm1', 'moments'),
    same('qget_jname=vm1_vm_ram_vm_cpus'),
    same('qget_mode=quiet_jname=vm1_nosuchkey', 'instants'),
    same('qget_mode=quiet_jname=vm1_vm_ram'),
    same('qget_mode=quiet_jname=vm1_vm_ram_vm_cpus_vnc_port_ip4_addr'),
    same('qcreate_jname=vm1_vm_os_type=linux_vm_os_profile=TinyCore-x86-15_imgsize=1g_inter=0'),
    {
      same: 'qcreate_jname=vm2_vm_os_type=linux_vm_os_profile=cloud-Debian-x86-12_vm_ram=512m_vm_cpus=1',
      argv: ['qcreate', 'jname=vm2', 'vm_os_type=linux', 'vm_os_profile=cloud-Debian-x86-12', 'vm_ram=512m', 'imgsize=3g', 'inter=0'],
    },
    same('qcreate_jname=x1_vm_os_type=linux_vm_os_profile=nosuch_imgsize=1g_inter=0'),
    same('qcreate_vm_os_type=linux_inter=0'),
    same('qexec_jname=vm1_hostname'),
    same('qlogin_nosuch'),
    same('qstart_jname=nosuch'),
    same('qstop_jname=nosuch'),
    same('nointer_qlogin_vm1'),
    same('qset_jname=vm1_vm_cpus=2'),
    same('nointer_qset_jname=vm1_vm_ram=300m'),
    run('qset jname=vm1 vm_ram=512m'),
    same('nointer_qls_header=0'),
  ],
}

const running: Scene = {
  title: 'a QEMU VM that runs',
  options: ['--ufs'],
  root: true,
  acts: [
    run('qcreate jname=vm1 vm_os_type=linux vm_os_profile=TinyCore-x86-15 imgsize=1g vm_ram=256m vm_cpus=1 inter=0'),
    run('qstart jname=vm1 inter=0'),
    sql(own('vm1'), 'UPDATE settings SET vnc_port=5900'),
    same('colour_qls', 'process'),
    same('qls_alljails=1_shownode=1', 'process'),
    {
      same: 'qls_header=0_display=jname_jid_vm_os_type_vm_os_profile_vm_cpus_vm_ram_vm_curmem_pcpu_ip4_',
      argv: [
        'qls',
        'header=0',
        'display=jname,jid,vm_os_type,vm_os_profile,vm_cpus,vm_ram,vm_curmem,pcpu,ip4_addr,status,vnc,vnc_port,path,astart,emulator,hidden,protected,node,host_hostname,nosuch',
      ],
      masks: ['process'],
    },
    same('qstart_inter=0_jname=vm1', 'pid'),
    same('jstatus_invert=true_jname=vm1', 'pid'),
    run('qset jname=vm1 vm_ram=300m vm_cpus=2'),
    same('qls', 'process'),
    same('nointer_qstop_jname=vm1_noacpi=1', 'seconds'),
  ],
}

const node: Scene = {
  title: 'the node',
  options: ['--ufs'],
  acts: [
    inventory('DELETE FROM vmpackages; UPDATE local SET jail_feat=0, bhyve_feat=0'),
    same('colour_version'),
    same('colour_vls'),
    same('vls'),
    same('capabilities'),
    same('capabilities_json=1'),
    same('get-profiles_src=cloud'),
    same('get-profiles_src=cloud_json=1', 'machine'),
    same('get-profiles_src=cloud_json=1_clonos=1', 'machine'),
    same('get-profiles_src=iso'),
    same('get-profiles_src=jail_json=1', 'machine'),
    same('show_profile_list_search_profile=vm-freebsd_header=0_display=name_show_bhyve=1_uniq=1_show'),
    same('show_profile_list_search_profile=vm-linux_show_qemu=1_uniq=1_display=path_name_active_cont'),
    same('forms_module=foo'),
    same('getinfo_-q_nodename'),
    same('images_mode=list_header=0'),
    same('jailmapdb_mode=list'),
    same('sources'),
    same('sysinv'),
    same('valecfg_mode=list'),
    same('vm-packages_header=0_human=0'),
    same('vpc_mode=list'),
    same('nosuchcommand'),
    same('repo_action=list_sources=img'),
    same('task_mode=new_2Fbin_2Fsh_-c_echo_hi'),
    same('node_mode=add_node=192.0.2.77_pw=x'),
    same('node_mode=remove_node=nosuch'),
    same('node_mode=status_node=node1.my.domain'),
    inventory(
      "INSERT INTO jails (jname, emulator, ip4_addr) VALUES ('a', 'jail', '10.0.0.1'), ('b', 'jail', '10.0.0.2'), ('c', 'jail', '10.0.0.3')",
    ),
    same('dhcpd'),
  ],
}

const media: Scene = {
  title: 'media and other nodes',
  options: ['--ufs'],
  acts: [
    sql(
      'var/db/storage_media.sqlite',
      `INSERT INTO media (name, path, type, jname, size) VALUES
       ('hdd-dsk1.vhd', 'WORKDIR/jails-data/vm1-data/dsk1.vhd', 'hdd', 'vm1', '977m'),
       ('iso-TinyCorePure64-15.0.iso', 'WORKDIR/src/iso/cbsd-iso-TinyCorePure64-15.0.iso', 'iso', 'vm1', '0'),
       ('iso-TinyCorePure64-15.0.iso', 'WORKDIR/src/iso/cbsd-iso-TinyCorePure64-15.0.iso', 'iso', '-', '2m'),
       ('hdd-dsk1.vhd', 'WORKDIR/jails-data/bvm1-data/dsk1.vhd', 'hdd', 'bvm1', '10g'),
       ('cloud-debian-x86-12.5.0', 'WORKDIR/src/iso/cbsd-cloud-Debian-x86-12.5.0.raw', 'iso', 'bvm1', '0')`,
    ),
    same('media_mode=list'),
    sql(
      'var/db/nodes.sqlite',
      `INSERT INTO nodelist (nodename, ip, port, keyfile, status, idle)
       VALUES ('node1.my.domain', '192.0.2.10', 2222, 'WORKDIR/.rssh/828272843c23022b76642daaa0abfb44.id_rsa', 0, 29922199)`,
    ),
    same('node_mode=list_header=0_allinfo=0'),
    same('node_mode=remove_node=node1.my.domain'),
  ],
}

export const scenes: Scene[] = [jail, many, bhyve, qemu, running, node, media]

/** Recorded commands that cannot be played again here, and why. A test sees that no file is in neither list. */
export const notCompared: Record<string, string> = {
  cluster: 'concatenates files that CBSD writes at start and stop; nothing of Bailiwick reads it',
  'cluster_emulator=qemu': 'the same',
  summary: 'decorated text for people; nothing reads it',
  'summary_human=0': 'the same',
  'jstart_inter=0_jname=jail1': 'jail(8) was missing on the recorded machine: the words are those of its failure',
  'nointer_qstart_jname=vm1': 'prints the command line of the recorded machine’s QEMU',
  'jcreate_jname=nobase1_ver=14.1_inter=0': 'a download that failed: lines of curl and of the mirrors of that day',
  'jimport_jname=_2Fusr_2Fjails_2Fexport_2Fjail1.img_new_jname=imp1': 'failed because of the tar of the recorded machine',
  'nics-list': 'the interfaces of the recorded machine',
  'colour_node_mode=list': 'the idle column counts from a date(1) that failed on the recorded machine',
  'node_mode=list': 'the same',
}
