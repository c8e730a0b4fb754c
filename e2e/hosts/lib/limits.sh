# jrctl and brctl: limits are kept; without RACCT in the kernel nothing enforces them.
. "$lib/limit-store.sh"
shown='memoryuse maxproc openfiles vmemoryuse swapuse pcpu fsquota nice bw'
known="datasize stacksize coredumpsize $shown memorylocked pseudoterminals nthr msgqqueued msgqsize nmsgq nsem nsemop nshm shmsize
	wallclock readbps writebps readiops writeiops cpu"

run() {
	case "${mode:-show}" in
	show) show | column -t ;;
	get) need jname; read_limits | sed 's/ /=/' ;;
	set) change ;;
	unset) need jname; exists "$jname" || err 1 "No such jail: $jname" ;;
	*) err 1 'Unknown mode' ;;
	esac
}

show() {
	[ "$prometheus" = 1 ] || echo "JNAME $(echo "$shown" | tr '[:lower:]' '[:upper:]')"
	for _name in ${jname:-$(inv "SELECT jname FROM jails WHERE $(rows_of jail) ORDER BY jname")}; do
		_holder=$(pid_of "$_name") || continue
		_used=$(($(ps -o rss= --ppid "$_holder" 2>/dev/null | awk '{ sum += $1 } END { print sum + 0 }') * 1024))
		if [ "$prometheus" = 1 ]; then
			printf '# HELP jail_memoryuse memoryuse\njail_memoryuse{name="%s"} %s\n' "$_name" "$_used"
		else
			[ "$human" = 0 ] || _used=$(human "$_used")
			echo "$_name $_used 0 0 0 0 0 0 0 0"
		fi
	done
}

change() {
	need jname
	exists "$jname" || err 1 "No such jail: $jname"
	for _key in $_given; do
		printf '%s\n' $known | grep -q -x -- "$_key" || continue
		eval "_value=\$$_key"
		[ "$_value" = 0 ] && _value=''
		store_limit "$_key" "$_value"
	done
}
