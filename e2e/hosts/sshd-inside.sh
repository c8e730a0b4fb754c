#!/bin/sh
# Runs in a mount namespace of its own, as root: lays the files of $1 over the machine's, then becomes the ssh daemon.
# Nothing outside of the namespace changes, and everything the daemon starts stays in it.
set -e
folder=$1
mount --make-rprivate /

# Where something must be in a folder that is not there, it would change the machine: $1 becomes a folder of links into the real one.
mirror() {
  mkdir -p "$folder/mirror$1"
  mount -t tmpfs -o mode=755 tmpfs "$folder/mirror$1"
  for path in "$1"/* "$1"/.[!.]*; do
    name=${path#"$1"/}
    if [ -L "$path" ]; then
      cp -P "$path" "$folder/mirror$1/$name"
      continue
    elif [ -d "$path" ]; then
      mkdir "$folder/mirror$1/$name"
    elif [ -e "$path" ]; then
      : >"$folder/mirror$1/$name"
    else
      continue
    fi
    mount --rbind "$path" "$folder/mirror$1/$name"
  done
}

# The daemon wants an empty /run/sshd.
if [ ! -d /run/sshd ]; then
  mirror /run
  mkdir "$folder/mirror/run/sshd"
  mount --rbind "$folder/mirror/run" /run
fi
if [ -e "$folder/etc/doas.conf" ] && [ ! -e /etc/doas.conf ]; then
  mirror /etc
  : >"$folder/mirror/etc/doas.conf"
  mount --rbind "$folder/mirror/etc" /etc
fi

for name in passwd shadow group sudoers doas.conf; do
  [ ! -e "$folder/etc/$name" ] || mount --bind "$folder/etc/$name" "/etc/$name"
done
exec /usr/sbin/sshd -D -e -f "$folder/sshd_config"
