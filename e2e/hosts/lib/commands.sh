# Which file of this folder answers which command. Nothing outside this list is a command.
script_of() {
	case "$1" in
	jls | bls | qls | xls) echo list ;;
	vls) echo list-virtualbox ;;
	jget | bget | qget | xget) echo get ;;
	jset | bset | qset | xset) echo set ;;
	jcreate) echo jail-create ;;
	bcreate | qcreate) echo vm-create ;;
	jstart | jstop | jrestart) echo jail-power ;;
	bstart | bstop | brestart | qstart | qstop) echo vm-power ;;
	jremove | jdestroy | bremove | bdestroy | qremove | qdestroy) echo remove ;;
	jclone | bclone) echo clone ;;
	jrename | brename) echo rename ;;
	jsnapshot | bsnapshot) echo snapshot ;;
	jexport | bexport | jimport | bimport) echo image ;;
	jexec | jlogin | blogin | qlogin | bexec | qexec) echo login ;;
	jpause | bpause) echo pause ;;
	bcheckpoint) echo checkpoint ;;
	bhyve-dsk | bhyve-dsk-list) echo disk ;;
	bhyve-nic | bhyve-nic-list | bhyve-p9shares | bhyve-controller-list | bpcibus) echo devices ;;
	expose) echo expose ;;
	jrctl | brctl) echo limits ;;
	media | fetch_iso | images) echo media ;;
	bases | kernels | sources | repo | removebase | removekernel) echo bases ;;
	get-profiles | capabilities | vm-packages) echo profiles ;;
	show_profile_list) echo profile-list ;;
	dhcpd | freejname | checkip | getinfo | jstatus | jwhereis | jorder | border | qorder | jdescr | bdescr | nics-list) echo facts ;;
	version | sysinv | valecfg | vpc | jailmapdb | forms) echo facts ;;
	task | taskls) echo tasks ;;
	node) echo nodes ;;
	jcoldmigrate | bmigrate) echo migrate ;;
	jswmode | bswmode | jregister | junregister | bregister | bunregister) echo mode ;;
	esac
}
