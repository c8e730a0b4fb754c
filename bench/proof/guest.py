"""A guest's serial port as QEMU has it (chardev/char-pty.c): a terminal that whoever opens it reads, and a log of all output.

guest.py SEED BYTES BYTES_PER_SECOND FOLDER [doubles]
Makes FOLDER/tty (a link to the terminal), FOLDER/serial.log and FOLDER/sent (what the guest wrote, the truth), and prints
one line when it is ready. It goes on whether or not anybody reads, and stays when it is done. Every line of its input says
how many bytes were seen: it begins with the first, and stays within AHEAD of the last.
"doubles": writes a byte to the log again with every try while the terminal is full, as QEMU up to 8 does.
"""

import errno
import os
import random
import select
import sys
import time
import tty

AHEAD = 2_000_000

seed, total, rate, folder = int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
doubles = "doubles" in sys.argv[5:]
master, slave = os.openpty()
tty.setraw(slave)
os.symlink(os.ttyname(slave), os.path.join(folder, "tty"))
os.close(slave)
os.set_blocking(master, False)
log = open(os.path.join(folder, "serial.log"), "ab", buffering=0)
sent = open(os.path.join(folder, "sent"), "wb", buffering=0)
print("ready", flush=True)


def events():
    poll = select.poll()
    poll.register(master, select.POLLOUT | select.POLLHUP)
    found = poll.poll(0)
    return found[0][1] if found else 0


connected = False
looked = 0.0


def look():
    """QEMU looks once a second whether somebody has the terminal open."""
    global connected, looked
    state = events()
    if connected and state & select.POLLHUP:
        connected = False
    elif not connected and time.monotonic() - looked > 1:
        looked = time.monotonic()
        connected = not state & select.POLLHUP


def write(data):
    """How much the terminal took; -1 when it is full."""
    if not connected:
        state = events()
        if state & select.POLLOUT and not state & select.POLLHUP:
            try:
                os.write(master, data)
            except OSError:
                pass
        return len(data)
    try:
        return os.write(master, data)
    except OSError as error:
        return -1 if error.errno == errno.EAGAIN else len(data)


seen = None


def hear(wait):
    """Takes up what was seen meanwhile."""
    global seen
    while select.select([0], [], [], wait)[0]:
        lines = os.read(0, 65536).split()
        if not lines:
            sys.exit()
        seen = int(lines[-1])
        wait = 0


while seen is None:
    look()
    hear(0.2)
source = random.Random(seed)
begun = time.monotonic()
done = 0
while done < total:
    ahead = done / rate - (time.monotonic() - begun)
    hear(max(0, ahead))
    while done - seen > AHEAD:
        look()
        hear(0.1)
    piece = source.randbytes(min(total - done, source.randrange(1, 2000)))
    done += len(piece)
    sent.write(piece)
    while piece:
        look()
        took = write(piece)
        if took < 0:
            if doubles:
                log.write(piece[:1])
            select.select([], [master], [], 0.05)
            continue
        log.write(piece[:took])
        piece = piece[took:]
while True:
    look()
    hear(0.2)
