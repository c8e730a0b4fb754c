# The files of a fresh host. Sourced by make-host.sh with its options as variables.
set -e
. "$lib/db.sh"
for folder in .rssh .ssh .standin/run basejail bin etc/defaults export ftmp jails jails-data jails-fstab jails-rcconf \
	jails-system src/iso tmp var/db/vpc var/run; do mkdir -p "$workdir/$folder"; done
chmod 0700 "$workdir/.ssh" "$workdir/.rssh"

table() { sqlite3 -batch -cmd 'PRAGMA journal_mode=WAL' "$workdir/var/db/$1.sqlite" ".read $lib/schema/$2.sql" >/dev/null; }
table "inv.$nodename" inventory
ln -sf "inv.$nodename.sqlite" "$inventory"
for name in authkey cbsdtaskd images nodes storage_media vpnet; do table "$name" "$name"; done

fs=ufs zfsfeat=0
if [ "$zfs" = 1 ]; then
	fs=zfs zfsfeat=1
	: >"$workdir/.standin/zfs"
fi
memory=$(awk '/^MemTotal/ { printf "%.0f", $2 * 1024 }' /proc/meminfo)
free=$(awk '/^MemAvailable/ { printf "%.0f", $2 * 1024 }' /proc/meminfo)
model=$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)
inv "INSERT INTO local (nodename, hostname, nodeip, nodeippool, workdir, fs, zfsfeat, jail_interface, ncpu, physmem, freemem, cpumodel,
	cpufreq, osrelease, hostarch, vimage_feature, racct, sqlreplica, domain, platform, la, is_virtual, cbsdver, parallel, default_vs,
	jail_feat, bhyve_feat, xen_feat, nics, disks, statsd_bhyve_enable, statsd_jail_enable, statsd_hoster_enable)
	VALUES ('$nodename', '$nodename', '127.0.0.1', '10.0.0.0/24', $(text "$workdir"), '$fs', $zfsfeat, 'auto', $(nproc), $memory, $free,
	$(text "$model"), 2400, '14.1', 'amd64', 1, 0, 1, 'my.domain', 'FreeBSD', '0 0 0', '0', '$version', 5, 1, 1, 1, 0, 'em0', 'ada0', 0, 0, 0);
	INSERT INTO net (nic, ip4, status) VALUES ('em0', '192.0.2.10', 'active'), ('lo0', '127.0.0.1', 'active');"
db "$workdir/var/db/nodes.sqlite" 'DELETE FROM nodelist'

# What an image takes to fetch, and what VMs boot.
for each in $slow; do echo "${each%%=*} ${each#*=}" >>"$workdir/.standin/slow"; done
[ -z "$kernel" ] || printf '%s\n%s\n' "$kernel" "$initrd" >"$workdir/.standin/kernel"
echo 0 >"$workdir/.standin/jid"
# Somebody's 15.0.9 did so after an upgrade.
[ "$version" != 15.0.9 ] || : >"$workdir/.standin/by-position"

# Profiles: one file each, as CBSD has them.
tail -n +2 "$lib/profiles.tsv" | awk -F '\t' -v to="$workdir/etc/defaults" '{
	# The name of a file and of the profile in it differ now and then.
	file = to "/" ($1 == "jail" ? "jail-freebsd-" : "vm-" $4 "-") $10 ".conf"
	printf "clonos_active=\"%s\"\norder=\"%d\"\nbhyve_active=\"1\"\nqemu_active=\"1\"\nxen_active=\"0\"\nlong_description=\"%s\"\nvm_profile=\"%s\"\nvm_os_type=\"%s\"\ndefault_jailname=\"%s\"\nimgsize=\"%s\"\nimgsize_min=\"%s\"\niso_img=\"%s\"\nvm_kind=\"%s\"\n", $9, NR, $2, $3, $4, $5, $6, $7, $8, $1 >file
	close(file)
}'

. "$lib/make-base.sh"
make_base 14.1 amd64

printf 'nodename="%s"\nplatform="FreeBSD"\nworkdir="%s"\n' "$nodename" "$workdir" >"$workdir/nc.inventory"
inv "INSERT INTO vmpackages (name, description, pkg_vm_ram, pkg_vm_disk, pkg_vm_cpus, owner) VALUES
	('small1', 'small', '256m', '5g', 1, 'system'), ('medium1', 'medium', '1g', '10g', 2, 'system')"
printf 'FreeBSD 14.0 amd64\nFreeBSD 13.3 amd64\nLinux bookworm amd64\n' >"$workdir/.standin/upstream"

# Sockets have short names; a deep directory's terminals lie elsewhere.
terminals=$workdir/.standin/t
[ ${#workdir} -le 45 ] || terminals=/tmp/cbsd-$(printf '%s' "$workdir" | cksum | cut -d' ' -f1)
mkdir -p "$terminals"
echo "$terminals" >"$workdir/.standin/terminals"

# The programs for PATH, bound to this host.
for program in "$lib"/../bin/*; do
	name=${program##*/}
	printf '#!/bin/sh\nworkdir=%s TMUX_TMPDIR=%s exec %s "$@"\n' "'$workdir'" "'$terminals'" "'$program'" >"$workdir/bin/$name"
	chmod +x "$workdir/bin/$name"
done
printf '#!/bin/sh\nTMUX_TMPDIR=%s exec %s "$@"\n' "'$terminals'" "$(command -v tmux)" >"$workdir/bin/tmux"
chmod +x "$workdir/bin/tmux"
set +e
[ "$guests" = 0 ] || . "$lib/many-guests.sh"
