import { contract } from '@/server/engines/contract'
import { overSsh } from '@/server/engines/contract-hosts'
import { tinyOn } from './fixture-contract'

/** The same life of a guest, on a host behind ssh whose login shell is tcsh. */
contract('libvirt over ssh', async () => tinyOn(await overSsh(), 'lv-ssh-contract'))
