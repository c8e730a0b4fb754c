import { cbsd } from '@/components/messages/cbsd'
import { createPath } from '@/components/paths'
import { Card, Facts } from '@/components/ui/card'
import { AppLink } from '@/components/ui/link'
import type { EngineHostDetail } from '@/server/model/host-detail'

const w = cbsd.host.profiles

/** How many ready choices there are; they are offered where guests are created. */
export const Profiles = ({ host, profiles }: { host: string } & Pick<EngineHostDetail, 'profiles'>) => (
  <Card
    title={w.title}
    aside={
      <AppLink href={createPath(host)} className="text-accent hover:underline">
        {w.create}
      </AppLink>
    }
  >
    <Facts rows={profiles.map(({ kind, count }) => [kind, String(count)])} />
  </Card>
)
