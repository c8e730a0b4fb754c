# jcreate: from arguments, a file of them, or a profile.

run() {
	if [ -n "$jconf" ]; then
		[ -r "$jconf" ] || err 1 "no such $jconf"
		# The file is shell text. Arguments win over it.
		_saved=''
		for _key in $_given; do
			eval "_value=\$$_key"
			_saved="$_saved $_key='$_value'"
		done
		. "$jconf"
		eval "$_saved"
		[ "$removejconf" = 1 ] && rm -f "$jconf"
	fi
	[ -n "$jname" ] || err 1 'jcreate: please set: jname='
	queue jail id="$jname" cmd=jcreate ip4_addr="${ip4_addr:-DHCP}" protected="$protected" vnc_port=0 status=1
	! exists "$jname" || err 1 "jail $jname already exist, use autorestart=1 for updating via jset"
	defaults
	find_base
	[ "$ip4_addr" = DHCP ] && ip4_addr=$(next_address)
	store
	fill
	queue jail id="$jname" cmd=update ip4_addr="$ip4_addr" vnc_port=0 status=1
	cat <<-EOF
		Please wait: this will take a while...

		To edit VM properties use: cbsd jconfig jname=$jname
		To start VM use: cbsd jstart $jname
		To stop VM use: cbsd jstop $jname
		To remove VM use: cbsd jremove $jname
		For attach VM console use: cbsd jlogin $jname

		Creating $jname complete: Enjoy!
	EOF
	if [ "$ver" = empty ]; then
		echo "etcupdate error: no such $workdir/src/src_empty/etcupdate/current"
		echo 'etcupdate: please run for init: cbsd etcupdate mode=extract ver=empty'
	fi
	took jcreate
	queue jail id="$jname" cmd=jcreate status=2 data_status=0
	[ "$runasap" = 1 ] || return 0
	NOCOLOR=1 "$0" jstart jname="$jname" inter=0
}

# An argument wins over the profile, which wins over what is built in.
defaults() {
	_profile=$workdir/etc/defaults/jail-freebsd-${jprofile:-default}.conf
	[ -r "$_profile" ] || err 1 "no such profile: ${jprofile:-default}"
	platform=FreeBSD
	case "$jprofile" in
	vnet) : "${vnet:=1}" ;;
	debian_* | devuan_* | rocky_* | ubuntu_*)
		platform=Linux
		: "${baserw:=1}" "${ver:=${jprofile#*_}}" "${exec_start:=/bin/true}" "${exec_stop:=/bin/true}"
		;;
	esac
	: "${host_hostname:=$jname.$(local_value domain)}" "${ip4_addr:=DHCP}" "${ver:=native}" "${arch:=native}" "${emulator:=jail}"
	: "${baserw:=0}" "${vnet:=0}" "${astart:=1}" "${interface:=auto}" "${b_order:=10}" "${protected:=0}" "${hidden:=0}" "${applytpl:=1}"
	: "${exec_start:=/bin/sh /etc/rc}" "${exec_stop:=/bin/sh /etc/rc.shutdown}" "${mount_devfs:=1}" "${devfs_ruleset:=4}" "${persist:=1}"
	: "${mount_fstab:=1}" "${mkhostsfile:=1}" "${exec_timeout:=0}" "${stop_timeout:=30}" "${exec_fib:=0}" "${cpuset:=0}" "${floatresolv:=1}"
	: "${enforce_statfs:=2}" "${allow_reserved_ports:=1}" "${allow_raw_sockets:=0}" "${ci_gw4:=0}" "${tags:=0}" "${boot_delay:=0}"
	[ "$ver" = native ] && ver=$(local_value osrelease)
	[ "$arch" = native ] && arch=$(local_value hostarch)
	# An empty jail has no base to share.
	[ "$ver" = empty ] && baserw=1
	data=$workdir/jails-data/$jname-data
	path=$workdir/jails/$jname
	[ "$baserw" = 1 ] && given baserw && path=$data
	basename=''
}

# Without its base it tries to fetch one, with the network that there is.
find_base() {
	base=$workdir/basejail/base_${arch}_${arch}_$ver
	[ "$ver" = empty ] || [ -d "$base" ] && return
	case "$arch" in amd64) ;; *) [ -d "$workdir/basejail/base_amd64_amd64_$ver" ] && return ;; esac
	echo "no base dir in: $base"
	[ -n "$NOINTER" ] || yes_or_no "Fetch it?" || exit 1
	. "$lib/fetch-base.sh"
	fetch_base "$platform" "$ver" "$arch" || err 1 "No base data on: $base"
}

store() {
	status=0 jid=0 state_time=$(date +%s) gid=0
	_names_of='' _values=''
	for _column in $(jails_columns); do
		eval "_value=\$$_column"
		case "$_column" in name) continue ;; esac
		_names_of="$_names_of${_names_of:+, }$_column"
		_values="$_values${_values:+, }$(text "${_value:-0}")"
	done
	inv "INSERT INTO jails ($_names_of) VALUES ($_values)" || err 1 "Unable to add $jname"
	mkdir -p "$(system_dir "$jname")/helpers"
	sqlite3 -batch "$(settings_of "$jname")" ".read $lib/schema/jail.sql" "INSERT INTO settings VALUES ('$(date +%s)')" \
		"INSERT INTO jailnic (name, nic_order, nic_parent, nic_hwaddr, nic_address) VALUES ('eth0', 0, $(text "$interface"), '0', '0')"
	echo "$(inv "SELECT COUNT(*) FROM jails")" >"$(system_dir "$jname")/dir.id"
	. "$lib/limit-store.sh"
	for _key in cpu pcpu memoryuse vmemoryuse fsquota maxproc openfiles nice bw swapuse; do
		eval "_value=\$$_key"
		[ -z "$_value" ] || store_limit "$_key" "$_value"
	done
}

# Its files: the writable parts of its base, or all of it.
fill() {
	mkdir -p "$data" "$workdir/jails/$jname" "$workdir/jails-fstab"
	: >"$workdir/jails-fstab/fstab.$jname"
	[ -d "$base" ] || base=$workdir/basejail/base_amd64_amd64_$ver
	[ -d "$base" ] || return
	if [ "$baserw" = 1 ]; then
		cp -a -- "$base/." "$data/"
	else
		mkdir -p "$data/usr"
		for _folder in etc root tmp home var compat usr/local; do cp -a -- "$base/$_folder" "$data/$_folder"; done
	fi
	printf 'nameserver 127.0.0.1\n' >"$data/etc/resolv.conf"
	printf '127.0.0.1 localhost\n%s %s\n' "$ip4_addr" "$host_hostname" >"$data/etc/hosts"
	printf 'hostname="%s"\n' "$host_hostname" >"$data/etc/rc.conf"
	[ -z "$pkglist" ] || for _package in $pkglist; do
		echo "Installing $_package..."
		printf '%s\n' "$_package" >>"$data/var/run/packages"
	done
	[ -z "$ci_user_pubkey" ] || {
		mkdir -p -m 0700 "$data/root/.ssh"
		if [ -r "$ci_user_pubkey" ]; then cat "$ci_user_pubkey"; else echo "$ci_user_pubkey"; fi >"$data/root/.ssh/authorized_keys"
	}
}
