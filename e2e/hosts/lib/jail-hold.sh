# Holds one jail: arguments NAME JID WORKDIR PATH, which jls(8)'s stand-in reads from the list of processes.
# unshare's child is the first process inside; when this one is killed, it and everything inside die with it.
case "$0" in /*) lib=${0%/*} ;; esac
exec unshare --mount --uts --pid --fork --kill-child=KILL --propagation private -- /bin/sh "$lib/jail-root.sh" "$@"
