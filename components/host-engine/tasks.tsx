import { formatSeconds, formatTime } from '@/components/format'
import { m } from '@/components/messages'
import { cbsd } from '@/components/messages/cbsd'
import { Card } from '@/components/ui/card'
import { Grid } from '@/components/ui/grid'
import type { EngineTask } from '@/server/model/host-detail'

const w = cbsd.host.tasks
const tones = { waiting: 'text-muted', running: 'text-busy', ended: '' } as const

/** The engine's own queue: what others gave it to do. */
export function Tasks({ tasks }: { tasks: readonly EngineTask[] }) {
  return (
    <Card title={w.title}>
      {tasks.length === 0 ? (
        <p className="text-muted">{w.none}</p>
      ) : (
        <div className="max-h-[320px] overflow-y-auto">
          <Grid
            label={w.title}
            rows={tasks}
            keyOf={(task) => String(task.id)}
            columns={[
              { head: w.id, num: true, cell: (task) => task.id },
              { head: w.state, className: 'whitespace-nowrap', cell: (task) => <State task={task} /> },
              { head: w.command, mono: true, className: 'break-words', cell: (task) => <span title={task.logFile}>{task.command}</span> },
              { head: w.owner, className: 'text-muted', wide: true, cell: (task) => task.owner },
              {
                head: w.started,
                className: 'whitespace-nowrap text-muted',
                cell: (task) => (task.startedAt ? formatTime(task.startedAt) : m.common.none),
              },
              {
                head: w.took,
                num: true,
                cell: (task) => (task.startedAt && task.endedAt ? formatSeconds((task.endedAt - task.startedAt) / 1000) : ''),
              },
            ]}
          />
        </div>
      )}
    </Card>
  )
}

function State({ task }: { task: EngineTask }) {
  const bad = task.state === 'ended' && task.exitCode !== undefined && task.exitCode !== 0
  return (
    <span className={bad ? 'text-bad' : tones[task.state]}>
      {task.state === 'ended' && task.exitCode !== undefined ? w.exit(task.exitCode) : w.states[task.state]}
    </span>
  )
}
