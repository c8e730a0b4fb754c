# Enters a jail by its name or id: its processes, its mounts, its host name, its root.
_here=${0%/*}
user=root
while getopts d:lu:U: option; do
	case "$option" in
	u | U) user=$OPTARG ;;
	d | l) ;;
	*) exit 1 ;;
	esac
done
shift $((OPTIND - 1))
jail=$1
[ $# -gt 0 ] && shift
jid=$(/bin/sh "$_here/jls.sh" -j "$jail" jid 2>/dev/null | head -n 1)
if [ -z "$jid" ]; then
	echo "jexec: jail \"$jail\" not found" >&2
	exit 1
fi
holder=$(ps -axww -o pid= -o args= | sed -n "s|^ *\([0-9]*\) unshare --mount .*/jail-root\.sh [^ ]* $jid ${workdir:-/}.*|\1|p" | head -n 1)
first=$(cat "/proc/$holder/task/$holder/children" 2>/dev/null)
[ $# -gt 0 ] || set -- /bin/sh
[ "$user" = root ] || set -- /bin/su -s /bin/sh "$user" -c "exec $*"
exec nsenter -t "${first%% *}" -m -u -p -r -w -- env -i "TERM=${TERM:-vt100}" PATH=/bin:/sbin:/usr/bin:/usr/sbin:/usr/local/bin HOME=/root "$@"
