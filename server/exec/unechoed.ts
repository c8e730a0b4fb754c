import type { Argv } from '@/server/model/plan'

/** Written to the terminal once its program has it for itself: an application program command, which no terminal draws. */
export const taken = '\x1b_terminal taken\x1b\\'

/**
 * A command that starts on a terminal without echo, and `taken` written there once the command has made it raw. A program that
 * passes keys on to another terminal takes a while until then: what is typed meanwhile would stand there as if the far side had
 * said it, and `virsh console` throws it away (TCSAFLUSH; its own greeting comes before that). The terminal
 * is looked at 50 times a second for 5 s, then once a second. Where there is no stty, it starts all the same, as taken.
 */
export const unechoed = (argv: Argv): Argv => ['/bin/sh', '-c', script, 'sh', ...argv]

const script = `stty -echo 2>/dev/null
look() {
  i=0
  while modes=$(stty -a <&2 2>/dev/null); do
    case $modes in *-icanon*) break ;; esac
    i=$((i + 1))
    { [ $i -lt 250 ] && sleep 0.02 2>/dev/null; } || sleep 1
  done
  printf '\\033_terminal taken\\033\\\\'
}
(look &)
exec "$@"`
