#!/bin/sh
# What CBSD's racct-jail-statsd and racct-bhyve-statsd do, for one host of the stand-in: a row a second for each guest that
# runs, out of /proc. Turns accounting on in the tables. Ends with the host's folder, or when it is ended.
workdir=$1
lib=$(cd -- "$(dirname -- "$(readlink -f -- "$0")")" && pwd)/lib || exit 1
[ -d "$workdir/.standin" ] || { echo "$workdir is no host of the stand-in" >&2; exit 2; }
. "$lib/db.sh"
. "$lib/processes.sh"
scratch=$workdir/.standin/racct
mkdir -p "$scratch"
inv 'UPDATE local SET racct=1, statsd_jail_enable=1, statsd_bhyve_enable=1'

# Which guest a process belongs to: a jail is known by its namespace of processes, a VM by its process.
guests() {
	for _file in "$runs"/*; do
		_name=${_file##*/}
		case "$_name" in '*' | *.jid | *.new) continue ;; esac
		if [ -e "$runs/$_name.jid" ]; then
			_first=$(inside "$_name") && echo "$(readlink "/proc/$_first/ns/pid") $_name"
		else
			_vm=$(pid_of "$_name") && echo "$_vm $_name"
		fi
	done
}

# Memory and processor of each guest: "NAME BYTES PERCENT PROCESSES". Ticks of before are kept by process.
measure() {
	awk -v before="$scratch/ticks" -v hz="$(getconf CLK_TCK)" -v page="$(getconf PAGESIZE)" -v now="$(date +%s.%N)" '
		BEGIN { while ((getline line < before) > 0) { split(line, part, " "); if (part[1] == "at") at = part[2]; else had[part[1]] = part[2] } }
		FILENAME == ARGV[1] { guest[$1] = $2; next }
		FILENAME == ARGV[2] { split($1, part, "/"); space[part[3]] = $2; next }
		{
			pid = $1
			sub(/^.*\) /, "")
			name = (pid in space && space[pid] in guest) ? guest[space[pid]] : (pid in guest) ? guest[pid] : ""
			if (name == "") next
			ticks = $12 + $13
			used[name] += ticks - ((pid in had) && had[pid] <= ticks ? had[pid] : 0)
			memory[name] += $22 * page
			count[name]++
			keep = keep pid " " ticks "\n"
		}
		END {
			printf "at %s\n%s", now, keep > before
			if (at) for (name in memory) printf "%s %d %.1f %d\n", name, memory[name], used[name] * 100 / hz / (now - at), count[name]
		}' "$scratch/guests" "$scratch/spaces" "$scratch/stats"
}

while [ -d "$scratch" ]; do
	guests >"$scratch/guests"
	find /proc -maxdepth 3 -path '/proc/[0-9]*/ns/pid' -printf '%p %l\n' 2>/dev/null >"$scratch/spaces"
	cat /proc/[0-9]*/stat 2>/dev/null >"$scratch/stats"
	measure | while read -r name memory percent processes; do
		db "$workdir/jails-system/$name/racct.sqlite" "CREATE TABLE IF NOT EXISTS racct (idx INTEGER PRIMARY KEY, memoryuse INTEGER,
			maxproc INTEGER, openfiles INTEGER, pcpu INTEGER, readbps INTEGER, writebps INTEGER, readiops INTEGER, writeiops INTEGER,
			pmem INTEGER); INSERT OR REPLACE INTO racct (idx, memoryuse, maxproc, pcpu)
			VALUES ($(date +%s), $memory, $processes, $percent)" 2>/dev/null
	done
	sleep 1
done 2>/dev/null
