/**
 * The first command of every connection: it ends process groups when told to, because ssh itself cannot (a signal request
 * is refused for root), and all that are left when the connection ends, whatever ends it. It reads lines:
 * `add PID`, `drop PID`: a group that is ours, or no longer; `end PID SIGNAL`: ends it, KILL after 2 s, then says `gone PID`,
 * or `stays PID`. sudo passes TERM on, but what
 * became root and stays, or did so by doas, is not this user's to end: then these are asked, if their rules allow kill;
 * `ping N`: says `pong N`;
 * `replace PID NONCE`: the keeper of a connection that was lost, which this side may not have noticed yet, goes with all it has.
 * POSIX sh; ps -A, -o and -p as in POSIX.
 */
export const keeperScript = `
n=$1 live=
alive() {
  if kill -s 0 -- "-$1" 2>/dev/null; then
    [ "$2" -ge 5 ] || return 0
  fi
  all=$(ps -A -o pgid= -o stat= 2>/dev/null) || return 1
  printf '%s\\n' "$all" | {
    while read -r group state; do
      if [ "$group" = "$1" ]; then case $state in Z*) ;; *) exit 0 ;; esac; fi
    done
    exit 1
  }
}
raise() {
  for way in sudo doas; do
    if command -v "$way" >/dev/null 2>&1 && "$way" -n kill -s "$2" -- "-$1" >/dev/null 2>&1; then return; fi
  done
}
hit() {
  kill -s "$2" -- "-$1" 2>/dev/null && return
  if alive "$1" 5; then raise "$1" "$2"; fi
}
over() {
  hit "$1" "$2"
  i=0 d=0.02
  while alive "$1" "$i"; do
    i=$((i + 1))
    [ "$i" -lt 5 ] || d=0.1
    [ "$i" -ne 24 ] || hit "$1" KILL
    [ "$i" -ne 27 ] || raise "$1" KILL
    [ "$i" -lt 34 ] || return 1
    sleep "$d" 2>/dev/null || sleep 1
  done
}
finish() {
  trap '' TERM
  for p in $live; do over "$p" TERM & done
  wait
}
trap '' PIPE HUP INT QUIT
trap 'finish; kill "$PPID"; exit 0' TERM
cd /
printf '\\n%s %s\\n' "$n" "$$"
while read -r what a b; do
  case $what in
  add) live="$live $a" ;;
  drop)
    rest=
    for p in $live; do [ "$p" = "$a" ] || rest="$rest $p"; done
    live=$rest ;;
  end) { if over "$a" "$b"; then w=gone; else w=stays; fi; printf '%s %s\\n' "$w" "$a"; } & ;;
  ping) printf 'pong %s\\n' "$a" ;;
  replace) case $(ps -ww -o args= -p "$a" 2>/dev/null) in *"$b"*) kill -s TERM "$a" ;; esac ;;
  esac
done
finish`
