import { cbsdCreate } from './cbsd-create'
import { cbsdGuest } from './cbsd-guest'
import { cbsdHost } from './cbsd-host'

/**
 * Words of the parts that only some engines have: profiles, settings, bases. They stand apart from the catalogue of all
 * pages so that a page without such parts does not load them.
 */
export const cbsd = { create: cbsdCreate, guest: cbsdGuest, host: cbsdHost }
