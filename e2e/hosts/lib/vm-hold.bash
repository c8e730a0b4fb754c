#!/bin/bash
# One VM, as the command of a tmux session: arguments WORKDIR NAME. It becomes QEMU with Tiny Linux, which for bhyve bears
# bhyve's process title and has its serial port here; without a kernel it becomes a shell shut into a jail's base.
workdir=$1
lib=$(dirname -- "$0")
system=$workdir/jails-system/$2
. "$system/.start"
read -r start < <(sed 's/.*) //' /proc/$$/stat | cut -d' ' -f20)
mkdir -p "$workdir/.standin/run"
echo "$$ $start" >"$workdir/.standin/run/$2"
rm -f "$system/.up"

kernel=${BAILIWICK_STANDIN_KERNEL:-} initrd=${BAILIWICK_STANDIN_INITRD:-}
[ -r "$workdir/.standin/kernel" ] && { read -r kernel; read -r initrd; } <"$workdir/.standin/kernel"

base=$(echo "$workdir"/basejail/base_amd64_amd64_*)
base=${base%% *}
if [ ! -r "$kernel" ]; then
	: >"$system/.up"
	title="bhyve: $name"
	[ "$engine" = qemu ] && { title=qemu-system-x86_64; echo "$$" >"$system/qemu.pid"; }
	exec -a "$title" unshare --mount --uts --pid --fork --kill-child=KILL --propagation private -- \
		/bin/sh -c 'hostname "$2" && mount -t proc proc "$1/proc" && cd "$1" &&
			exec env -i PATH=/bin:/sbin HOME=/root TERM=vt100 PS1="$2 # " chroot "$1" /bin/sh' sh "$base" "$name"
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
(exec 3<>"$system/.monitor.out"; while kill -0 $$ 2>/dev/null && IFS= read -r -t 5 line <&3 || [ $? -gt 128 ]; do kill -0 $$ 2>/dev/null || exit; done) </dev/null >/dev/null 2>&1 &
if [ "$engine" = bhyve ]; then
	args+=(-chardev stdio,id=com1,signal=off -serial chardev:com1 -append "console=tty0 console=ttyS0")
	[ "$port" = 0 ] || args+=(-object "secret,id=vnc,data=$password" -vnc "$bind:$((port - 5900)),password-secret=vnc")
	rm -f "$system/.bhyve.pid"
	[ -z "$restore" ] || args+=(-incoming "exec:cat '$system/checkpoints/$restore.ckp'")
	args=("${args[@]/$system\/qemu.pid/$system\/.bhyve.pid}")
	title="bhyve: $name"
else
	args+=(-serial vc -append console=tty0 -monitor "unix:$system/qemu-monitor.sock,server,nowait")
	[ "$port" = 0 ] || args+=(-vnc "$bind:$((port - 5900))")
	title=/usr/local/bin/qemu-system-x86_64
fi
[ "$port" = 0 ] && args+=(-display none)
: >"$system/.up"
exec -a "$title" qemu-system-x86_64 "${args[@]}"
