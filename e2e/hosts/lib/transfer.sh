# A download as curl shows it: on standard error, one line over itself. `.standin/slow` says how many seconds a thing takes.
transfer() {
	_seconds=$(sed -n "s/^$(printf '%s' "$1" | sed 's/[.[\*^$]/\\&/g')=\{0,1\} *\([0-9]*\)$/\1/p" "$workdir/.standin/slow" 2>/dev/null | tail -n 1)
	_seconds=${_seconds:-0}
	echo '  % Total    % Received % Xferd  Average Speed   Time    Time     Time  Current' >&2
	echo '                                 Dload  Upload   Total   Spent    Left  Speed' >&2
	_second=0
	while [ "$_second" -lt "$_seconds" ]; do
		printf '\r%3d  180M  %3d  %4dM    0     0  9.0M      0  0:00:%02d  0:00:%02d  0:00:%02d 9.0M' \
			$((_second * 100 / _seconds)) $((_second * 100 / _seconds)) $((_second * 180 / _seconds)) \
			"$_seconds" "$_second" $((_seconds - _second)) >&2
		sleep 1
		_second=$((_second + 1))
	done
	printf '\r100  180M  100   180M    0     0  9.0M      0  0:00:%02d  0:00:%02d --:--:-- 9.0M\n' "$_seconds" "$_seconds" >&2
}
