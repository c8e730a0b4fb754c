import type { Argv } from '@/server/model/plan'

/**
 * A command that starts on a terminal without echo. A program that passes keys on to another terminal takes a while until it has
 * set its own so; what is typed meanwhile would stand there as if the far side had said it. Where there is no stty, it starts all the same.
 */
export const unechoed = (argv: Argv): Argv => ['/bin/sh', '-c', 'stty -echo 2>/dev/null; exec "$@"', 'sh', ...argv]
