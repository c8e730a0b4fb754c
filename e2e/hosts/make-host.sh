#!/bin/sh
# Makes a directory as CBSD's own (its "workdir") for the stand-in, or ends one.
usage() {
	cat >&2 <<-EOF
		make-host.sh WORKDIR [options]     makes a fresh host; WORKDIR is new or empty
		  --ufs                            without ZFS: no snapshots
		  --node NAME                      what it calls itself
		  --cbsd VERSION                   of which version; 15.0.9 starts VMs by their name alone
		  --guests N                       N guests in the tables, none of which runs
		  --kernel FILE --initrd FILE      what VMs boot; without, their console is a shell
		  --slow PROFILE=SECONDS           its image takes that long to fetch
		make-host.sh --end WORKDIR         ends every guest of it; the files stay
		Put WORKDIR/bin first in PATH: it holds cbsd and what else FreeBSD has, for this host.
	EOF
	exit 2
}
here=$(cd -- "$(dirname -- "$(readlink -f -- "$0")")" && pwd) || exit 1

[ $# -ge 1 ] || usage
if [ "$1" = --end ]; then
	[ $# -eq 2 ] || usage
	exec /bin/sh "$here/lib/end-host.sh" "$2"
fi
case "$1" in /*) workdir=$1 ;; -*) usage ;; *) workdir=$PWD/$1 ;; esac
shift
zfs=1 guests=0 kernel='' initrd='' slow='' nodename=node1.my.domain version=14.1.3a
while [ $# -gt 0 ]; do
	case "$1" in
	--ufs) zfs=0 ;;
	--node) nodename=$2; shift ;;
	--cbsd) version=$2; shift ;;
	--guests) guests=$2; shift ;;
	--kernel) kernel=$2; shift ;;
	--initrd) initrd=$2; shift ;;
	--slow) slow="$slow${slow:+ }$2"; shift ;;
	*) usage ;;
	esac
	shift
done
if [ -e "$workdir/var/db/local.sqlite" ]; then
	echo "$workdir is a host already" >&2
	exit 1
fi
export workdir nodename version zfs kernel initrd slow guests
lib=$here/lib . "$here/lib/new-host.sh"
