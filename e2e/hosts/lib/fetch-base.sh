# Fetches a base. There is no mirror for a stand-in: what a host "has upstream" is listed in .standin/upstream, a release a line.
fetch_base() {
	_url="https://dl.bsdstore.ru/releases/$1/$3/$2/base.txz"
	echo "config-based sources: $_url"
	if ! grep -q -x -- "$1 $2 $3" "$workdir/.standin/upstream" 2>/dev/null; then
		echo "register_base: no such bases here: $workdir/basejail/base_${3}_${3}_$2"
		echo "Looking for official $1 mirror:"
		echo 'Size: 0 Mb'
		echo
		echo 'select_getbase: no valid source'
		return 1
	fi
	echo "Processing: $_url"
	echo 'Size: 180 Mb'
	. "$lib/transfer.sh"
	transfer "$1-$2"
	echo 'repo: extracting base...'
	. "$lib/make-base.sh"
	make_base "$2" "$3"
	[ "$1" = Linux ] && inv "UPDATE bsdbase SET platform='Linux' WHERE ver='$2'"
	return 0
}
