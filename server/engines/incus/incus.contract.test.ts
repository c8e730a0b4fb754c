import { contract } from '@/server/engines/contract'
import { thisMachine } from '@/server/engines/contract-hosts'
import { containerOn } from './fixture-contract'

contract('incus', async () => containerOn(await thisMachine(), 'ic-contract'))
