import { cbsd } from '@/components/messages/cbsd'
import { Card } from '@/components/ui/card'
import { Grid } from '@/components/ui/grid'
import type { EngineNode } from '@/server/model/host-detail'

const w = cbsd.host.nodes

/** Other hosts that the engine knows, and may move guests to. */
export function Nodes({ nodes }: { nodes: readonly EngineNode[] }) {
  return (
    <Card title={w.title} aside={w.note}>
      {nodes.length === 0 ? (
        <p className="text-muted">{w.none}</p>
      ) : (
        <Grid
          label={w.title}
          rows={nodes}
          keyOf={(node) => node.key}
          columns={[
            { head: w.name, mono: true, cell: (node) => node.key },
            { head: w.address, mono: true, cell: (node) => node.address },
            {
              head: cbsd.host.tasks.state,
              cell: (node) => (
                <span className={node.online ? 'text-ok' : 'text-muted'}>
                  {node.online ? `● ${cbsd.host.online}` : `○ ${cbsd.host.offline}`}
                </span>
              ),
            },
            { head: cbsd.host.seen, className: 'text-muted', cell: (node) => node.seen },
          ]}
        />
      )}
    </Card>
  )
}
