# Ends every process of a host, by the numbers it recorded: jails, VMs, their terminals. The files stay.
workdir=$1
lib=$(dirname -- "$0")
[ -d "$workdir/.standin" ] || exit 0
. "$lib/processes.sh"
# Who accounts for its guests ends without this folder.
rm -rf "$workdir/.standin/racct"
for file in "$runs"/*; do
	name=${file##*/}
	case "$name" in '*' | *.jid | *.new) continue ;; esac
	pid=$(pid_of "$name") || continue
	kill -KILL "$pid" 2>/dev/null
	wait_until_gone "$name" 10
done
# The terminals' servers end with their last session; one that does not is asked to.
[ -r "$workdir/.standin/terminals" ] || exit 0
read -r terminals <"$workdir/.standin/terminals"
for socket in "$terminals"/tmux-*/*; do
	[ -S "$socket" ] && tmux -S "$socket" kill-server 2>/dev/null
done
rm -rf "${terminals:?}"/tmux-*
case "$terminals" in /tmp/cbsd-*) rmdir "$terminals" ;; esac
exit 0
