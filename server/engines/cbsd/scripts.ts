import { jailColumns, localColumns, racctColumns, vmColumns } from './columns'

/**
 * What is run on a CBSD host to read it: POSIX sh on the standard input of `/bin/sh -s -- FOLDER NAME`, for FreeBSD and
 * Linux. The texts are constant: values come as "$1" and "$2", checked here and there, and stand in SQL only between
 * quotes and made of plain letters. Nothing is changed: sqlite3 opens read-only, and `cbsd` is not run, which writes
 * even while it lists. What they print is in sections that begin with "@name"; output.ts reads it.
 */
const script = (...parts: string[]): string => `main() {\n${parts.join('\n')}\n}\nmain "$@" </dev/null\nexit 0\n`

/** Text of a script: `\${` stands for a shell variable in braces. */
const sh = (text: TemplateStringsArray, ...values: string[]): string => String.raw(text, ...values).replaceAll('\\${', '${')

/** "$1" is the working directory or empty: then what rc.conf says, else CBSD's own default. Goes there. */
const begin = sh`
LC_ALL=C; export LC_ALL
exec 3>&1
fault() { printf '@fault\n%s\n' "$1"; exit 0; }
plain() { case $1 in ''|-*|.*|*[!A-Za-z0-9_.@%:-]*) return 1 ;; esac; }
ask() { sqlite3 -batch -init /dev/null -readonly "$@"; }
begin_sql() { printf '.timeout 5000\n.mode list\n.separator "\\t"\n'; }
work=$1
name=$2
if [ -z "$work" ]; then
  work=$(cat /etc/rc.conf /etc/rc.conf.local 2>/dev/null | sed -n "s/^cbsd_workdir=[\"']\{0,1\}\([A-Za-z0-9_.\/-]*\).*/\1/p" | tail -n 1)
  [ -n "$work" ] || work=/usr/jails
fi
case $work in
  *[!A-Za-z0-9_./-]*) fault name ;;
  /*) ;;
  *) fault name ;;
esac
[ -z "$name" ] || plain "$name" || fault name
printf '@host\nworkdir=%s\nuid=%s\nnow=%s\n' "$work" "$(id -u)" "$(date +%s)"
[ "$(uname)" = FreeBSD ] && printf 'racct=%s\n' "$(sysctl -n kern.racct.enable 2>/dev/null)"
cd "$work" 2>/dev/null || fault workdir
command -v sqlite3 >/dev/null 2>&1 || fault sqlite3
[ -e var/db/local.sqlite ] || fault database
[ -r var/db/local.sqlite ] || fault denied
`

/** In SQL: an object of these columns of one row. One that the table lacks is found outside of it, where it is null. */
const objectOf = (columns: readonly string[], from: string) =>
  `(SELECT json_object(${columns.map((column) => `'${column}',${column}`).join(',')}) FROM ${from})`
const nulls = (columns: readonly string[]) => `(SELECT ${columns.map((column) => `NULL AS ${column}`).join(',')})`

const local = sh`printf '%s\n' "SELECT 'local', '', ${objectOf(localColumns, 'local LIMIT 1')} FROM ${nulls(localColumns)};"`

/** The tables of this node and every VM's own. Tables of other nodes are other files, and stay closed. */
const rows = sh`
limited="ATTACH 'jails-system/%s/helpers/%s.sqlite' AS v;
SELECT 'limits', '%s', json_group_object(param, cur) FROM v.forms WHERE cur <> '';
DETACH v;
"
machine="ATTACH 'jails-system/%s/local.sqlite' AS v;
SELECT 'vm', '%s', ${objectOf(vmColumns, 'v.settings LIMIT 1')} FROM ${nulls(vmColumns)};
SELECT 'disks', '%s', json_group_array(dsk_size) FROM v.%s;
DETACH v;
"
query() {
  begin_sql
  ${local}
  printf '%s\n' "SELECT 'jail', r.called, ${objectOf(jailColumns, 'jails AS j WHERE j.rowid = r.number')} FROM (SELECT rowid AS number, jname AS called FROM jails) AS r, ${nulls(jailColumns)} WHERE '$name' IN ('', r.called);"
  ask var/db/local.sqlite "SELECT jname || ' ' || COALESCE(emulator, 'jail') FROM jails WHERE '$name' IN ('', jname);" |
  while read -r guest emulator; do
    plain "$guest" || continue
    limits=
    [ -f "jails-system/$guest/helpers/jrctl.sqlite" ] && limits=jrctl
    [ -f "jails-system/$guest/helpers/brctl.sqlite" ] && limits=brctl
    [ -n "$limits" ] && printf "$limited" "$guest" "$limits" "$guest"
    case $emulator in
      bhyve|xen|virtualbox) disks=bhyvedsk ;;
      qemu) disks=qemudsk ;;
      *) continue ;;
    esac
    [ -f "jails-system/$guest/local.sqlite" ] && printf "$machine" "$guest" "$guest" "$guest" "$disks"
  done
}
printf '@rows\n'
said=$(query | ask var/db/local.sqlite 2>&1 >&3)
printf '@said\n%s\n' "$said"
`

/**
 * What is alive: jails as jls(8) knows them, and processes that are VMs: bhyve calls itself "bhyve: NAME", a QEMU is known
 * by the number in its file. Seconds since each began, its state (T: held by a signal), KiB of memory, processor time.
 * FreeBSD may hide the processes of others (an option of its installer): then /dev/vmm says which bhyves there are.
 */
const alive = sh`
printf '@jails\n'
command -v jls >/dev/null 2>&1 && jls jid name 2>/dev/null
printf '@processes\n'
ps -axww -o pid= -o etimes= -o state= -o rss= -o time= -o args= 2>/dev/null |
  sed -n -e '/[0-9] bhyve: /p' -e '/[0-9] [^ ]*qemu-/p' -e '/[0-9] [^ ]*VBoxHeadless/p' | cut -c 1-300
printf '@vmm\n'
if [ "$(uname)" = FreeBSD ] && [ "$(id -u)" != 0 ] && [ "$(sysctl -n security.bsd.see_other_uids 2>/dev/null)" = 0 ]; then
  printf 'hidden\n'
  for file in /dev/vmm/*; do
    plain "\${file#/dev/vmm/}" && printf '%s\n' "/\${file#/dev/vmm/}"
  done
fi
printf '@pids\n'
for file in jails-system/*/qemu.pid; do
  [ -r "$file" ] || continue
  pid=
  read -r pid < "$file"
  guest=\${file#jails-system/}
  guest=\${guest%/qemu.pid}
  plain "$guest" && printf '%s %s\n' "$pid" "$guest"
done
`

/** Whether CBSD tells us of changes: hook.install makes this file. */
const hook = sh`
printf '@told\n'
[ -f var/db/bailiwick-events.log ] && [ -x etc/bailiwick-queue.sh ] && printf 'hook=1\n'
`

/** Every guest of the host, or the one whose name is "$2". */
export const readHost = script(begin, rows, alive, hook)

/** The newest row of each guest's accounting; for jails without one, and as root, rctl(8) itself. */
const figures = sh`
account="ATTACH 'jails-system/%s/racct.sqlite' AS v;
SELECT 'racct', '%s', ${objectOf(racctColumns, 'v.racct ORDER BY idx DESC LIMIT 1')} FROM ${nulls(racctColumns)};
DETACH v;
"
query() {
  begin_sql
  ${local}
  for file in jails-system/*/racct.sqlite; do
    [ -r "$file" ] || continue
    guest=\${file#jails-system/}
    guest=\${guest%/racct.sqlite}
    plain "$guest" && printf "$account" "$guest" "$guest"
  done
}
printf '@rows\n'
said=$(query | ask var/db/local.sqlite 2>&1 >&3)
printf '@said\n%s\n' "$said"
printf '@rctl\n'
if [ "$(id -u)" = 0 ] && [ "$(sysctl -n kern.racct.enable 2>/dev/null)" = 1 ]; then
  jls name 2>/dev/null | while read -r guest; do
    plain "$guest" || continue
    [ -f "jails-system/$guest/racct.sqlite" ] || rctl -u "jail:$guest" 2>/dev/null | sed "s/^/$guest /"
  done
fi
`
export const readFigures = script(begin, alive, figures)

/** Everything of one guest: whole rows, as JSON. */
const whole = sh`
[ -n "$name" ] || fault name
system=jails-system/$name
query() {
  printf '.timeout 5000\n.mode json\n'
  printf "SELECT 'jail' AS \"@\", * FROM jails WHERE jname = '%s';\n" "$name"
  printf "ATTACH 'var/db/storage_media.sqlite' AS v;\nSELECT 'media' AS \"@\", * FROM v.media;\nDETACH v;\n"
  if [ -f "$system/local.sqlite" ]; then
    printf "ATTACH '%s' AS v;\n" "$system/local.sqlite"
    for table in settings bhyvedsk qemudsk bhyvenic qemunic jailnic p9shares; do
      printf "SELECT '%s' AS \"@\", * FROM v.%s;\n" "$table" "$table"
    done
    printf 'DETACH v;\n'
  fi
  [ -f "$system/expose.sqlite" ] && printf "ATTACH '%s' AS v;\nSELECT 'expose' AS \"@\", * FROM v.expose;\nDETACH v;\n" "$system/expose.sqlite"
  for table in jrctl brctl; do
    [ -f "$system/helpers/$table.sqlite" ] && printf "ATTACH '%s' AS v;\nSELECT 'limit' AS \"@\", param, cur FROM v.forms WHERE cur <> '';\nDETACH v;\n" "$system/helpers/$table.sqlite"
  done
}
printf '@whole\n'
query | ask var/db/local.sqlite 2>/dev/null
printf '@files\n'
for file in vnc_port qemu.pid; do
  [ -r "$system/$file" ] && printf '%s=%s\n' "$file" "$(head -n 1 "$system/$file")"
done
for file in "jails-data/$name-data"/*; do
  case $file in
    *.vhd|*.img|*.raw|*.qcow2) printf 'used=%s %s\n' "$(du -k "$file" 2>/dev/null | cut -f 1)" "$(basename "$file")" ;;
  esac
done
printf '@text\n'
[ -r "$system/descr" ] && head -c 4000 "$system/descr"
printf '\n@rctl\n'
if [ "$(id -u)" = 0 ] && [ "$(sysctl -n kern.racct.enable 2>/dev/null)" = 1 ]; then
  jid=$(jls -j "$name" jid 2>/dev/null)
  [ -n "$jid" ] && rctl -u "jail:$name" 2>/dev/null | sed "s/^/$name /"
fi
`
export const readGuest = script(begin, rows, alive, whole)

/** What the node has beside guests. */
const node = sh`
query() {
  begin_sql
  printf '.mode json\n'
  printf "SELECT 'local' AS \"@\", * FROM local;\nSELECT 'base' AS \"@\", * FROM bsdbase;\nSELECT 'flavour' AS \"@\", * FROM vmpackages;\nSELECT 'guest' AS \"@\", jname FROM jails;\nSELECT 'net' AS \"@\", nic, ip4, status FROM net;\n"
  [ -f var/db/nodes.sqlite ] && printf "ATTACH 'var/db/nodes.sqlite' AS v;\nSELECT 'node' AS \"@\", * FROM v.nodelist;\nDETACH v;\n"
  [ -f var/db/cbsdtaskd.sqlite ] && printf "ATTACH 'var/db/cbsdtaskd.sqlite' AS v;\nSELECT 'task' AS \"@\", * FROM v.taskd ORDER BY id DESC LIMIT 50;\nDETACH v;\n"
  [ -f var/db/storage_media.sqlite ] && printf "ATTACH 'var/db/storage_media.sqlite' AS v;\nSELECT 'media' AS \"@\", * FROM v.media;\nDETACH v;\n"
}
printf '@whole\n'
said=$(query | ask var/db/local.sqlite 2>&1 >&3)
printf '@said\n%s\n' "$said"
stat -c %s / >/dev/null 2>&1 && gnu=1 || gnu=
facts() { if [ -n "$gnu" ]; then stat -c '%s %Y' "$1"; else stat -f '%z %m' "$1"; fi; }
printf '@archives\n'
for file in export/*.img; do
  [ -f "$file" ] && printf '%s %s\n' "$(facts "$file" 2>/dev/null)" "$work/$file"
done
printf '@bases\n'
for folder in basejail/base_*; do
  [ -e "$folder/bin/sh" ] && printf '%s\n' "\${folder#basejail/}"
done
printf '@folders\n'
for folder in jails-system/*; do
  guest=\${folder#jails-system/}
  [ -d "$folder" ] && [ ! -h "$folder" ] && plain "$guest" && [ ! -e "jails-rcconf/rc.conf_$guest" ] || continue
  # The node's own accounting lies there as well, under a name much like its own.
  [ -f "$folder/racct.sqlite" ] && [ ! -e "$folder/local.sqlite" ] && continue
  printf '%s\n' "$guest"
done
printf '@unregistered\n'
for file in jails-rcconf/rc.conf_*; do
  [ -f "$file" ] && printf '%s\n' "\${file#jails-rcconf/rc.conf_}"
done
printf '@making\n'
ps -axww -o args= 2>/dev/null | sed -n -e '/[jbqxv]create /p' -e '/[jbqxv]clone /p' -e '/[jbqxv]import /p' -e '/[jb]rename /p' | cut -c 1-400
printf '@hook\n'
sed -n 's/^[[:space:]]*mod_cbsd_queue_enabled=/enabled=/p' nc.inventory 2>/dev/null
sed -n 's/^[[:space:]]*cbsd_queue_backend=/backend=/p' etc/cbsd_queue.conf 2>/dev/null
[ -x etc/bailiwick-queue.sh ] && printf 'script=1\n'
printf '@changed\n'
facts "$(realpath var/db/local.sqlite 2>/dev/null || echo var/db/local.sqlite)" 2>/dev/null
printf '@active\n'
for engine in bhyve qemu; do
  grep -l -e "^$engine[_]active=.*1" etc/defaults/vm-*.conf etc/vm-*.conf 2>/dev/null | sed -e "s/^.*\/vm-/$engine /" -e 's/\.conf$//'
done
printf '@emulators\n'
IFS=:
for folder in $PATH /usr/local/bin /usr/bin; do
  for file in "$folder"/qemu-*-static; do
    [ -x "$file" ] && printf '%s\n' "\${file##*/qemu-}"
  done
done
unset IFS
printf '@kernel\n'
[ "$(uname)" = FreeBSD ] && sysctl kern.racct.enable 2>/dev/null
uname -sr
`
export const readNode = script(begin, node)

/** Whether CBSD is here and who we are: reads nothing of guests, and names all that is missing. */
export const readProbe = script(
  sh`
# Not by command -v: a program that this user may not run is there all the same.
cbsd=
IFS=:
for folder in $PATH; do
  [ -z "$cbsd" ] && [ -f "$folder/cbsd" ] && cbsd=$folder/cbsd
done
unset IFS
printf '@probe\nuser=%s\ncbsd=%s\nkernel=%s\n' "$(id -un)" "$cbsd" "$(uname)"
[ -n "$cbsd" ] && [ -x "$cbsd" ] && printf 'runs=1\n'
bhyvectl 2>&1 | grep -q -e --checkpoint && printf 'checkpoint=1\n'
`,
  begin,
  sh`
query() {
  begin_sql
  ${local}
}
printf '@rows\n'
said=$(query | ask var/db/local.sqlite 2>&1 >&3)
printf '@said\n%s\n' "$said"
`,
)
