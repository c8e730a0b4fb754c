# Many guests in the tables, none of which runs: two jails to one bhyve VM. Sourced by new-host.sh.
seed=$workdir/ftmp/seed.sqlite
sqlite3 -batch "$seed" ".read $lib/schema/bhyve.sql" "INSERT INTO settings (created, astart, vm_cpus, vm_ram, vm_os_type, vm_boot, vm_os_profile,
	vm_vnc_port, virtio_type, bhyve_vnc_tcp_bind, protected, hidden, maintenance, ip4_addr, vnc_password, state_time, vnc_port, vm_console)
	VALUES ('$(date +%s)', 0, 1, 536870912, 'linux', 'hdd', 'cloud-Debian-x86-12', 0, 'ahci-hd', '127.0.0.1', 0, 0, '0', 'DHCP', 'cbsd',
	'$(date +%s)', 5900, 'tmux')" "INSERT INTO bhyvedsk (jname, dsk_controller, dsk_path, dsk_size, dsk_sectorsize, bootable)
	VALUES ('seed', 'virtio-blk', 'dsk1.vhd', 10737418240, '512/4096', 'true')"
{
	echo 'BEGIN;'
	number=1
	while [ "$number" -le "$guests" ]; do
		name=$(printf 'g%04d' "$number")
		mkdir -p "$workdir/jails-system/$name" "$workdir/jails/$name" "$workdir/jails-data/$name-data"
		if [ $((number % 3)) = 0 ]; then
			emulator=bhyve
			cp -- "$seed" "$workdir/jails-system/$name/local.sqlite"
			echo "INSERT INTO bhyve (jname, astart, vm_cpus, vm_ram) VALUES ('$name', 0, 1, 536870912);"
		else
			emulator=jail
		fi
		echo "INSERT INTO jails (jname, jid, path, host_hostname, ip4_addr, status, emulator, ver, arch, baserw, vnet, astart, protected, hidden,
			b_order, data, interface, maintenance, tags) VALUES ('$name', 0, '$workdir/jails/$name', '$name.my.domain',
			'10.1.$((number / 250)).$((number % 250 + 1))', 0, '$emulator', '14.1', 'amd64', 0, 0, 0, 0, 0, 10, '$workdir/jails-data/$name-data',
			'auto', '0', '0');"
		number=$((number + 1))
	done
	echo 'COMMIT;'
} >"$workdir/ftmp/many.sql"
sqlite3 -batch "$inventory" ".read $workdir/ftmp/many.sql"
rm -f "$seed" "$workdir/ftmp/many.sql"
