# bases, kernels, sources, repo, removebase, removekernel.

run() {
	case "$_cmd" in
	bases) table bsdbase platform,name,basename,arch,targetarch,ver,stable,elf,status,date | column -t ;;
	kernels) table bsdkernel platform,name,arch,targetarch,ver,stable,elf,status,date | column -t ;;
	sources) table bsdsrc platform,name,ver,rev,status,date | column -t ;;
	removebase) remove_base ;;
	removekernel) need ver; inv "DELETE FROM bsdkernel WHERE ver=$(text "$ver")" ;;
	repo) repo ;;
	esac
}

table() {
	_columns=${display:-$2}
	[ "$header" = 0 ] || echo "$_columns" | tr ',a-z' ' A-Z'
	inv "SELECT $_columns FROM $1" | sed 's/||/|-|/g; s/||/|-|/g; s/ /_/g' | tr '|' ' '
}

remove_base() {
	need ver
	: "${arch:=$(local_value hostarch)}" "${platform:=FreeBSD}"
	[ "$arch" = native ] && arch=$(local_value hostarch)
	_folder=$workdir/basejail/base_${arch}_${arch}_$ver
	[ -d "$_folder" ] || err 1 "no base dir in: $_folder"
	rm -rf -- "$_folder"
	inv "DELETE FROM bsdbase WHERE ver=$(text "$ver") AND arch=$(text "$arch")"
}

repo() {
	need action sources
	case "$action:$sources" in
	get:base)
		need ver
		: "${arch:=$(local_value hostarch)}" "${platform:=FreeBSD}"
		queue repo cmd=repo elf=- id="base$ver-$arch-${stable:-0}" platform="$platform" arch="$arch" targetarch= ver="$ver" \
			stable="${stable:-0}" date=- status=1
		. "$lib/fetch-base.sh"
		fetch_base "$platform" "$ver" "$arch" || err 1 "No base data on: $workdir/basejail/base_${arch}_${arch}_$ver"
		queue repo cmd=repo elf=- id="base$ver-$arch-${stable:-0}" platform="$platform" arch="$arch" ver="$ver" status=2
		;;
	get:*) err 1 "no such $sources on any mirror" ;;
	list:*)
		echo 'Available sources on https://bsdstore.ru:' >&2
		echo 'Size: 0 Mb'
		[ "$sources" = base ] && sed 's/^/base /' "$workdir/.standin/upstream" 2>/dev/null
		;;
	*) err 1 'Unknown action' ;;
	esac
}
