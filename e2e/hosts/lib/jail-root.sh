# Makes a jail's root and becomes its first process. Everything mounted here is seen by the jail alone.
set -e
if [ -n "$JAIL_BASE" ]; then
	mount --bind -o ro "$JAIL_BASE" "$JAIL_PATH"
	mount -o remount,bind,ro "$JAIL_PATH"
	for folder in etc root tmp home var compat usr/local; do mount --bind "$JAIL_DATA/$folder" "$JAIL_PATH/$folder"; done
elif [ "$JAIL_PATH" != "$JAIL_DATA" ]; then
	mount --bind "$JAIL_DATA" "$JAIL_PATH"
fi
[ -x "$JAIL_PATH/bin/sh" ] || { echo "exec $JAIL_PATH/bin/sh: No such file or directory" >&2; exit 1; }
mount -t proc proc "$JAIL_PATH/proc"
mount -t tmpfs -o mode=0755 devfs "$JAIL_PATH/dev"
for device in null zero full random urandom tty; do
	: >"$JAIL_PATH/dev/$device"
	mount --bind "/dev/$device" "$JAIL_PATH/dev/$device"
done
mkdir "$JAIL_PATH/dev/pts"
mount --bind /dev/pts "$JAIL_PATH/dev/pts"
hostname "$JAIL_HOST"
cd "$JAIL_PATH"
exec env -i PATH=/bin:/sbin:/usr/bin:/usr/sbin:/usr/local/bin HOME=/root TERM=vt100 chroot "$JAIL_PATH" /sbin/init
