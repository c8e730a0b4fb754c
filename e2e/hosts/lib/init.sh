# Arguments, messages and questions, as every CBSD script begins.

# The fault that matters most: each value is evaluated as shell text, also in commands that only read.
# "~" cuts a value short, quotes vanish, and "\n" becomes a new line, all as in the real one.
init() {
	_given=' '
	_names=''
	for _arg in "$@"; do
		case "$_arg" in
		--args | --desc | --help)
			describe "$_arg"
			exit 0
			;;
		[A-Za-z_]*=*)
			_key=${_arg%%=*}
			case "$_key" in *[!A-Za-z0-9_]*) continue ;; esac
			_value=${_arg#*=}
			_value=${_value%%"~"*}
			_value=$(echo "$_value")
			eval "${_key}=\"${_value}\""
			_given="$_given$_key "
			;;
		*) _names="$_names${_names:+ }$_arg" ;;
		esac
	done
	[ "$inter" = 0 ] && NOINTER=1
	# In that mode some scripts lose one argument that has no key.
	case "$_cmd" in
	jremove | jdestroy | bremove | bdestroy | qremove | qdestroy)
		if [ -z "$jname" ] && [ -n "$NOINTER" ] && [ -n "$_names" ]; then
			echo 'Give me jname'
			exit 1
		fi
		;;
	esac
	if [ -z "$jname" ]; then jname=${_names%% *}; fi
	_raw=$1
}

given() { case "$_given" in *" $1 "*) return 0 ;; *) return 1 ;; esac; }

# CBSD's errors go to standard output.
err() {
	_code=$1
	shift
	echo "$*"
	exit "$_code"
}

need() {
	for _key in "$@"; do
		eval "_value=\$$_key"
		[ -n "$_value" ] || err 1 "Please set $_cmd: $_key"
	done
}

took() { echo "$1 done in $(($(date +%s) - _began)) seconds"; }

if [ -z "$NOCOLOR" ]; then
	_esc=$(printf '\033')
	bold="$_esc[1m" white="$_esc[1;37m" green="$_esc[0;32m" cyan="$_esc[0;36m" normal="$_esc[0m"
else
	bold='' white='' green='' cyan='' normal=''
fi

# Asks yes or no. 0: yes, 1: no, 3: nobody to ask. Anything else is asked again, for ever, and TERM is ignored meanwhile:
# with its input at the end this fills whatever its output goes to.
yes_or_no() {
	if [ -n "$NOINTER" ]; then
		[ -n "$ALWAYS_YES" ] && return 0
		[ -n "$ALWAYS_NO" ] && return 1
		return 3
	fi
	trap '' TERM
	while :; do
		echo "$1"
		echo '[yes(1) or no(0)]'
		read -r _answer || :
		case "$_answer" in
		1 | y | yes) trap - TERM; return 0 ;;
		0 | n | no) trap - TERM; return 1 ;;
		esac
	done
}

# What CBSD calls on every change, where the administrator set it up. It runs inside the command.
queue() {
	[ -r "$workdir/nc.inventory" ] || return 0
	grep -q '^mod_cbsd_queue_enabled="YES"' "$workdir/nc.inventory" || return 0
	[ -r "$workdir/etc/cbsd_queue.conf" ] || return 0
	. "$workdir/etc/cbsd_queue.conf"
	_kind=$1
	shift
	eval "_queue=\$cbsd_${_kind}_queue_name"
	[ -n "$_queue" ] && [ -x "$cbsd_queue_backend" ] || return 0
	"$cbsd_queue_backend" "${queue_key:-cbsd_queue_name}=${queue_value-$_queue}" "$@" </dev/null
	return 0
}

describe() {
	if [ -r "$lib/words/$_cmd$1" ]; then cat "$lib/words/$_cmd$1"; else echo ' 0'; fi
}
