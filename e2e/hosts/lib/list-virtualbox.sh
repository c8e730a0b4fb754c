# vls: VirtualBox, of which no recorded host had any.
run() {
	{
		[ "$header" = 0 ] || printf '%sJNAME VM_RAM VM_CPUS VM_OS_TYPE PATH VM_RD_PORT STATUS%s\n' "$bold" "$normal"
		inv "SELECT j.jname, v.vm_ram / 1048576, v.vm_cpus, v.vm_os_type, j.path, v.vm_rd_port, j.status
			FROM jails j JOIN virtualbox v ON v.jname = j.jname WHERE j.emulator='virtualbox' ORDER BY j.jname" |
			while IFS='|' read -r _a _b _c _d _e _f _s; do echo "$_a $_b $_c $_d $_e $_f $(status_word "$_s")"; done
	} | column -t
}
