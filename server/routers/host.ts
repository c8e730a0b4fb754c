import { z } from 'zod'
import { procedure, router } from '../trpc'

const hostInput = z.object({ id: z.string().min(1).max(64) })
const uri = z
  .string()
  .max(512)
  .regex(/^$|^[a-z][a-z0-9+.-]*:\/\/[^\s\p{Cc}]*$/u, 'A libvirt address such as qemu:///system')

export const hostRouter = router({
  add: procedure('host.change')
    .input(
      z.object({
        name: z.string().regex(/^[a-z0-9][a-z0-9.-]{0,62}$/, 'a–z, 0–9, dot and -; must start with a letter or digit'),
        libvirtUri: uri,
        incusDir: z
          .string()
          .max(512)
          .regex(/^$|^\/[^\p{Cc}]*$/u, 'An absolute path')
          .optional(),
      }),
    )
    .mutation(async ({ ctx, input }) => {
      const host = await ctx.services.hosts.add(input)
      await ctx.services.inventory.addHost(host)
      return host
    }),
  remove: procedure('host.change')
    .input(hostInput)
    .mutation(async ({ ctx, input }) => {
      await ctx.services.inventory.removeHost(input.id)
      await ctx.services.hosts.remove(input.id)
    }),
  /** Looks for engines again. */
  refresh: procedure('host.read')
    .input(hostInput)
    .mutation(({ ctx, input }) => ctx.services.inventory.refreshHost(input.id)),
  testAccelerator: procedure('host.change')
    .input(hostInput)
    .mutation(({ ctx, input }) => ctx.services.accelerator.test(input.id, ctx.user)),
})
