#!/bin/sh
# Runs in a mount namespace of its own, as root: lays the files of $1 over the machine's, then becomes the ssh daemon.
# Nothing outside of the namespace changes, and everything the daemon starts stays in it.
set -e
folder=$1
mount --make-rprivate /

# The daemon wants an empty /run/sshd. Making it would change the machine, so /run becomes a folder of links into the real one.
if [ ! -d /run/sshd ]; then
  mkdir -p "$folder/run"
  mount -t tmpfs -o mode=755 tmpfs "$folder/run"
  for path in /run/* /run/.[!.]*; do
    name=${path#/run/}
    if [ -L "$path" ]; then
      cp -P "$path" "$folder/run/$name"
      continue
    elif [ -d "$path" ]; then
      mkdir "$folder/run/$name"
    elif [ -e "$path" ]; then
      : >"$folder/run/$name"
    else
      continue
    fi
    mount --rbind "$path" "$folder/run/$name"
  done
  mkdir "$folder/run/sshd"
  mount --rbind "$folder/run" /run
fi

for name in passwd shadow group sudoers doas.conf; do
  [ ! -e "$folder/etc/$name" ] || mount --bind "$folder/etc/$name" "/etc/$name"
done
exec /usr/sbin/sshd -D -e -f "$folder/sshd_config"
