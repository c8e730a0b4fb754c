# get-profiles, capabilities, vm-packages.

run() {
	case "$_cmd" in
	get-profiles)
		case "$src" in iso | cloud | jail) ;; *) err 1 "unknown src: $src" ;; esac
		if [ "$json" = 1 ]; then as_json; else as_table; fi
		;;
	capabilities) capabilities ;;
	vm-packages) packages | column -t ;;
	esac
}

# "sort key, profile, type, name, default name, size, least size" of each profile, with tabs between. Files are read as text
# here: they are shell, and there are 150 of them.
profiles() {
	case "$src" in jail) _glob=jail-freebsd-*.conf ;; *) _glob=vm-*.conf ;; esac
	awk -F '="' -v kind="$src" -v clonos="$clonos" '
		function flush() { if (file != "" && v["vm_kind"] == kind && !(clonos == 1 && v["clonos_active"] == 0)) print tolower(v["long_description"]) "\t" v["vm_profile"] "\t" v["vm_os_type"] "\t" \
			v["long_description"] "\t" v["default_jailname"] "\t" v["imgsize"] "\t" v["imgsize_min"] "\t" v["order"] }
		FNR == 1 { flush(); file = FILENAME; split("", v) }
		{ value = $2; sub(/";*$/, "", value); v[$1] = value }
		END { flush() }' "$workdir"/etc/defaults/$_glob |
		awk -F '\t' 'BEGIN { OFS = "\t" } { print $8, $0 }' | sort -n | cut -f 2-8
}

as_table() {
	{
		printf 'VM_PROFILE\tVM_OS_TYPE\tNAME\n'
		profiles | awk -F '\t' 'BEGIN { OFS = "\t" } { print $2, $3, $4 }'
	} | awk -F '\t' '{ for (i = 1; i <= 3; i++) { cell[NR, i] = $i; if (length($i) > width[i]) width[i] = length($i) } }
		END { for (r = 1; r <= NR; r++) printf "%-" width[1] "s  %-" width[2] "s  %-" width[3] "s  \n", cell[r, 1], cell[r, 2], cell[r, 3] }'
}

as_json() {
	_ram=$(local_value physmem)
	printf '[ '
	profiles | awk -F '\t' -v cpus="$(local_value ncpu)" -v ram="$_ram" '
		function bytes(size) { if (size ~ /[gG]$/) return (size + 0) * 1073741824; if (size ~ /[mM]$/) return (size + 0) * 1048576; return size + 0 }
		function short(n) { return n == 0 ? "0" : int(n / 1073741824 + 0.5) "g" }
		NR > 1 { printf ", \n " }
		{ size = bytes($6); least = bytes($7)
			printf "{\"name\": \"%s\", \"profile\": \"%s\", \"type\": \"%s\", \"default_jname\": \"%s\", \"imgsize\": \"%s\", \"imgsize_bytes\": %.0f, \"imgsize_min\": \"%s\", \"imgsize_min_bytes\": %.0f, \"vm_cpus_max\": %d, \"vm_ram_max\": \"%s\", \"vm_ram_max_bytes\": %.0f, \"imgsize_max\": \"8g\", \"imgsize_max_bytes\": 8589934592 }", \
				$4, $2, $3, $5, short(size), size, short(least), least, cpus, short(ram), ram }'
	printf ' \n]\n'
}

capabilities() {
	_first=1
	[ "$json" = 1 ] && echo '['
	while IFS='|' read -r _engine _prefix _description _page _here; do
		_url="https://www.bsdstore.ru/en/cbsd_${_page}_quickstart.html"
		if [ "$json" = 1 ]; then
			[ "$_first" = 1 ] || echo '  },'
			printf '  {\n    "name": "%s",\n    "description": "%s",\n    "prefix": "%s",\n    "available": %s,\n    "info": "%s"\n' \
				"$_engine" "$_description" "$_prefix" "$_here" "$_url"
			_first=0
		else
			printf 'emulator_%s_available="%s"\nemulator_%s_prefix="%s"\n' "$_engine" "$_here" "$_engine" "$_prefix"
			printf 'emulator_%s_description="%s"\nemulator_%s_info="%s"\n' "$_engine" "$_description" "$_engine" "$_url"
		fi
	done <<-EOF
		bhyve|b|Native FreeBSD hypervisor|bhyve|$(local_value bhyve_feat)
		jail|b|Native FreeBSD lightweight containers|jail|$(local_value jail_feat)
		qemu|q|QEMU hypervisor|qemu|$(command -v qemu-system-x86_64 >/dev/null && echo 1 || echo 0)
		virtualbox|v|VirtualBox hypervisor|vbox|0
		vmm|o|Native OpenBSD hypervisor|vmm|0
		xen|b|XEN hypervisor|xen|$(local_value xen_feat)
	EOF
	if [ "$json" = 1 ]; then printf '  }\n]\n'; fi
}

packages() {
	[ "$header" = 0 ] || echo 'NAME PKG_VM_CPUS PKG_VM_RAM PKG_VM_DISK'
	inv 'SELECT name, pkg_vm_cpus, pkg_vm_ram, pkg_vm_disk FROM vmpackages ORDER BY id' | while IFS='|' read -r _name _cpus _ram _disk; do
		if [ "$human" = 0 ]; then echo "$_name $_cpus $(bytes_of "$_ram") $(bytes_of "$_disk")"; else echo "$_name $_cpus $_ram $_disk"; fi
	done
}
