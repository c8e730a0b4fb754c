import { contract } from '@/server/engines/contract'
import { overSsh } from '@/server/engines/contract-hosts'
import { containerOn } from './fixture-contract'

/** The same life of a container, on a host behind ssh whose login shell is tcsh. */
contract('incus over ssh', async () => containerOn(await overSsh(), 'ic-ssh-contract'))
