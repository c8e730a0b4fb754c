# A base for jails: BusyBox with what a jail's start reads. The real one is FreeBSD's base system.
make_base() {
	_base=$workdir/basejail/base_${2}_${2}_$1
	for _folder in bin sbin dev etc root tmp home var/run var/log usr/bin usr/sbin usr/local/etc proc compat; do mkdir -p "$_base/$_folder"; done
	chmod 1777 "$_base/tmp"
	_busybox=$(command -v busybox) || return 1
	cp -- "$_busybox" "$_base/bin/busybox"
	for _tool in $("$_busybox" --list); do
		case "$_tool" in busybox) continue ;; init | halt | poweroff | reboot | getty) _in=sbin ;; *) _in=bin ;; esac
		ln -s ../bin/busybox "$_base/$_in/$_tool" 2>/dev/null || :
	done
	ln -sf /bin/sh "$_base/bin/csh"
	printf 'root:*:0:0:Charlie &:/root:/bin/sh\nnobody:*:65534:65534:Unprivileged user:/nonexistent:/bin/false\n' >"$_base/etc/passwd"
	printf 'wheel:*:0:root\nnobody:*:65534:\n' >"$_base/etc/group"
	printf 'Welcome to FreeBSD %s, as a stand-in on BusyBox.\n' "$1" >"$_base/etc/motd"
	printf 'export PS1="\\u@\\h:\\w # "\nexport PATH=/bin:/sbin:/usr/bin:/usr/sbin:/usr/local/bin\ncat /etc/motd\n' >"$_base/etc/profile"
	printf '::sysinit:/bin/sh /etc/rc\n::shutdown:/bin/sh /etc/rc.shutdown\n' >"$_base/etc/inittab"
	printf 'date >/var/run/started\nfor each in /usr/local/etc/rc.d/*; do [ -x "$each" ] && "$each" start; done\n' >"$_base/etc/rc"
	printf 'date >/var/run/stopped\n' >"$_base/etc/rc.shutdown"
	printf 'FreeBSD %s-RELEASE\n' "$1" >"$_base/etc/version"
	inv "DELETE FROM bsdbase WHERE ver='$1' AND arch='$2';
		INSERT INTO bsdbase (platform, name, arch, targetarch, ver, stable, elf, date, status, source, basename)
		VALUES ('FreeBSD', 'base', '$2', '$2', '$1', 0, '', '$(date '+%Y-%m-%d %H:%M:%S')', 0, '', '')"
}
