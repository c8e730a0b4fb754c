import { useQuery } from '@tanstack/react-query'
import { PlanBox } from '@/components/guest/plan-preview'
import { m } from '@/components/messages'
import { trpc } from '@/components/trpc'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { fileMessages as w } from './messages'

type Props = { id: string; folder: string; file: File; onAnswer: (replace: boolean) => void }

/** Asks before a file is replaced, with the very command. */
export function ReplaceDialog({ id, folder, file: { name, size }, onAnswer }: Props) {
  const plan = useQuery(trpc.file.plan.queryOptions({ id, folder, name, sizeBytes: size, replace: true }, { gcTime: 0 }))
  const answer = (replace: boolean) => () => onAnswer(replace)
  return (
    <Dialog title={w.replaceTitle(name)} onClose={answer(false)}>
      <p>{w.replaceText(name, folder)}</p>
      <PlanBox state={{ plan: plan.data, error: plan.error, waiting: plan.isFetching }} />
      <div className="mt-4 flex justify-end gap-2">
        <Button onClick={answer(false)}>{m.common.cancel}</Button>
        <Button look="danger" onClick={answer(true)}>
          {w.replace}
        </Button>
      </div>
    </Dialog>
  )
}
