# jls(8): options -hNqn and -j, parameters jid name path host.hostname ip4.addr.
headers=0 named=0 only=''
while getopts dhNnqsvj: option; do
	case "$option" in
	h) headers=1 ;;
	n) named=1 ;;
	j) only=$OPTARG ;;
	d | N | q | s | v) ;;
	*) exit 1 ;;
	esac
done
shift $((OPTIND - 1))

# pid, then "unshare … /bin/sh …/jail-root.sh NAME JID WORKDIR PATH"
found=$(ps -axww -o pid= -o args= | sed -n 's|^ *\([0-9]*\) unshare --mount .*/jail-root\.sh \([^ ]*\) \([0-9]*\) \(/.*\)$|\1 \3 \2 \4|p' |
	while read -r pid jid name work path; do
		[ -n "$workdir" ] && [ "$work" != "$workdir" ] && continue
		[ -z "$only" ] || [ "$only" = "$jid" ] || [ "$only" = "$name" ] || continue
		# Before its own first program runs it is not up yet.
		inner=$(cat "/proc/$pid/task/$pid/children" 2>/dev/null)
		[ "$(cat "/proc/${inner%% *}/comm" 2>/dev/null)" = init ] || continue
		echo "$jid $name $path"
	done | sort -n)

if [ -n "$only" ] && [ -z "$found" ]; then
	echo "jls: jail \"$only\" not found" >&2
	exit 1
fi
if [ $# -eq 0 ]; then
	printf '   JID  IP Address      Hostname                      Path\n'
	[ -z "$found" ] || printf '%s\n' "$found" | while read -r jid name path; do
		printf '%6d  %-15.15s %-29.29s %.74s\n' "$jid" '' "$name" "$path"
	done
	exit 0
fi
[ "$headers" = 1 ] && echo "$*"
[ -n "$found" ] || exit 0
printf '%s\n' "$found" | while read -r jid name path; do
	line=''
	for parameter in "$@"; do
		case "$parameter" in
		jid) value=$jid ;;
		name) value=$name ;;
		path) value=$path ;;
		host.hostname) value=$name ;;
		*) value=- ;;
		esac
		[ "$named" = 1 ] && value="$parameter=$value"
		line="$line${line:+ }$value"
	done
	echo "$line"
done
