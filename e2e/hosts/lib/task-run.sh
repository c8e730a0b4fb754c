# Runs one task: DB ID LOGFILE LINE. The code is stored as the raw wait status: 1 becomes 256.
db() { sqlite3 -batch -cmd '.timeout 25000' "$1" "$2"; }
db "$1" "UPDATE taskd SET status=1, st_time='$(date +%Y%m%d%H%M%S)' WHERE id=$2"
NOCOLOR=1 /bin/sh -c "$4" >"$3" 2>&1 </dev/null
code=$?
db "$1" "UPDATE taskd SET status=2, errcode=$((code * 256)), end_time='$(date +%Y%m%d%H%M%S)' WHERE id=$2"
