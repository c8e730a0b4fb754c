#!/bin/bash
# One VM, as the command of a tmux session: arguments WORKDIR NAME. It runs QEMU with Tiny Linux, which for bhyve bears
# bhyve's process title and has its serial port here; without a kernel it runs a shell shut into a jail's base.
# The VM is a child of this, because tmux lets no process of its own stay stopped.
workdir=$1
lib=$(dirname -- "$0")
system=$workdir/jails-system/$2
. "$system/.start"
rm -f "$system/.up"

# Writes down who becomes the VM, and becomes it: TITLE PROGRAM ARGUMENT …
become() {
	me=$BASHPID
	read -r line <"/proc/$me/stat"
	read -r -a fields <<<"${line##*) }"
	[ "$engine" = qemu ] && echo "$me" >"$system/qemu.pid"
	echo "$me ${fields[19]}" >"$workdir/.standin/run/$name"
	: >"$system/.up"
	exec -a "$@"
}

kernel=${BAILIWICK_STANDIN_KERNEL:-} initrd=${BAILIWICK_STANDIN_INITRD:-}
[ -r "$workdir/.standin/kernel" ] && { read -r kernel; read -r initrd; } <"$workdir/.standin/kernel"

base=$(echo "$workdir"/basejail/base_amd64_amd64_*)
base=${base%% *}
if [ ! -r "$kernel" ]; then
	title="bhyve: $name"
	[ "$engine" = qemu ] && title=qemu-system-x86_64
	(become "$title" unshare --mount --uts --pid --fork --kill-child=KILL --propagation private -- \
		/bin/sh -c 'hostname "$2" && mount -t proc proc "$1/proc" && cd "$1" &&
			exec env -i PATH=/bin:/sbin HOME=/root TERM=vt100 PS1="$2 # " chroot "$1" /bin/sh' sh "$base" "$name")
	exit
fi

# KVM only where somebody knows that it works: a nested one may be there and hang.
accel=tcg
[ -e "$workdir/.standin/kvm" ] && accel=kvm
args=(-name "$name" -machine "q35,accel=$accel" -m "$ram" -smp "$cpus" -nodefaults -no-user-config -vga std
	-kernel "$kernel" -initrd "$initrd"
	-drive "file=$workdir/jails-data/$name-data/dsk1.vhd,format=raw,if=virtio,file.locking=off"
	-pidfile "$system/qemu.pid")
rm -f "$system"/.monitor.* "$system/qemu-monitor.sock"
mkfifo "$system/.monitor.in" "$system/.monitor.out"
args+=(-chardev "pipe,id=mon,path=$system/.monitor" -mon chardev=mon,mode=readline)
# What it says there is read by nobody, and must not fill the pipe.
(exec 3<>"$system/.monitor.out"; while kill -0 $$ 2>/dev/null; do IFS= read -r -t 2 line <&3; done) </dev/null >/dev/null 2>&1 &
# no_timer_check: on a busy machine the kernel takes the slow clock of an emulated PC for a broken one, and panics.
if [ "$engine" = bhyve ]; then
	args+=(-chardev stdio,id=com1,signal=off -serial chardev:com1 -append "no_timer_check console=tty0 console=ttyS0")
	[ "$port" = 0 ] || args+=(-object "secret,id=vnc,data=$password" -vnc "$bind:$((port - 5900)),password-secret=vnc")
	rm -f "$system/.bhyve.pid"
	[ -z "$restore" ] || args+=(-incoming "exec:cat '$system/checkpoints/$restore.ckp'")
	args=("${args[@]/$system\/qemu.pid/$system\/.bhyve.pid}")
	title="bhyve: $name"
else
	args+=(-serial vc -append "no_timer_check console=tty0" -monitor "unix:$system/qemu-monitor.sock,server,nowait")
	[ "$port" = 0 ] || args+=(-vnc "$bind:$((port - 5900))")
	title=/usr/local/bin/qemu-system-x86_64
fi
[ "$port" = 0 ] && args+=(-display none)
(become "$title" qemu-system-x86_64 "${args[@]}")
