import { formatTime } from '@/components/format'
import type { RecordingInfo } from '@/server/model/recording'
import { recordingMessages as m } from './messages'
import { filePath, guestName } from './recording-text'

const look =
  'inline-flex h-[30px] shrink-0 items-center whitespace-nowrap rounded-md border border-line-strong bg-ground px-2.5 hover:bg-hover'

/** The recording as it is, and as plain text, for the disk. */
export function FileLinks({ recording: { id, guest, startedAt } }: { recording: RecordingInfo }) {
  const of = [guestName(guest), formatTime(startedAt)] as const
  return (
    <>
      <a className={look} href={filePath(id, 'cast')} download aria-label={m.castOf(...of)}>
        {m.cast}
      </a>
      <a className={look} href={filePath(id, 'txt')} download aria-label={m.textOf(...of)}>
        {m.text}
      </a>
    </>
  )
}
