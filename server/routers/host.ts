import { z } from 'zod'
import { AppError } from '../errors'
import { hostAddress, hostName, hostSettings, sshPort, sshUser } from '../model/host-input'
import { procedure, router } from '../trpc'

const hostInput = z.object({ id: z.string().min(1).max(64) })

export const hostRouter = router({
  /** The line that lets Bailiwick in, for authorized_keys on the host. */
  publicKey: procedure('host.change').query(({ ctx }) => ctx.services.trial.publicKey()),
  /**
   * The keys that a machine shows now. Nothing is believed of them: a person compares the fingerprint. User and name are only
   * checked: who typed them learns of a fault before that.
   */
  scan: procedure('host.change')
    .input(z.object({ address: hostAddress, port: sshPort, user: sshUser.optional(), name: hostName.optional() }))
    .mutation(({ ctx, input }) => ctx.services.trial.scan(input.address, input.port)),
  /** Tries settings out. Nothing is stored. */
  test: procedure('host.change')
    .input(hostSettings)
    .mutation(({ ctx, input }) => ctx.services.trial.test(input)),
  add: procedure('host.change')
    .input(hostSettings)
    .mutation(async ({ ctx, input }) => {
      const host = await ctx.services.hosts.add(input)
      // It is in the picture at once; looking for its engines may take a minute that nobody waits for.
      void ctx.services.inventory.addHost(host).catch(() => {})
      return host
    }),
  update: procedure('host.change')
    .input(z.object({ id: hostInput.shape.id, settings: hostSettings }))
    .mutation(async ({ ctx, input }) => {
      const before = await ctx.services.hosts.get(input.id)
      if (before.transport !== input.settings.transport)
        throw new AppError('refused', 'A host stays where it is: add another one', 'transport')
      // What was seen of its accelerator holds for the machine at this address only.
      const same = before.ssh?.address === input.settings.ssh?.address
      const host = { ...input.settings, id: before.id, accelerator: same ? before.accelerator : undefined }
      await ctx.services.hosts.save(host)
      void ctx.services.inventory.updateHost(host).catch(() => {})
      return host
    }),
  remove: procedure('host.change')
    .input(hostInput)
    .mutation(async ({ ctx, input }) => {
      await ctx.services.inventory.removeHost(input.id)
      await ctx.services.hosts.remove(input.id)
    }),
  /** Whether its shell may be had (`refused`: why not), and as which user it would run. */
  shell: procedure('host.shell')
    .input(hostInput)
    .query(async ({ ctx, input }) => {
      const refused = ctx.services.hostShell.refusal(input.id) ?? null
      return { refused, user: refused === null ? await ctx.services.hostShell.user(input.id) : null }
    }),
  /** Looks for engines again. */
  refresh: procedure('host.read')
    .input(hostInput)
    .mutation(({ ctx, input }) => ctx.services.inventory.refreshHost(input.id)),
  testAccelerator: procedure('host.change')
    .input(hostInput)
    .mutation(({ ctx, input }) => ctx.services.accelerator.test(input.id, ctx.user)),
})
