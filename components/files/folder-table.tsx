import { formatTime } from '@/components/format'
import { Button } from '@/components/ui/button'
import { Grid, type GridColumn } from '@/components/ui/grid'
import { type FileEntry, type Folder, inFolder } from '@/server/model/file'
import { formatBytes } from '@/server/model/size'
import { fileMessages as w } from './messages'

type Props = { folder: Folder; onOpen: (path: string) => void; onDownload: (path: string) => void }

const marks = { folder: '▸', file: '', link: '↗', other: '•' } satisfies Record<FileEntry['kind'], string>
const rank = (entry: FileEntry) => (entry.kind === 'folder' ? 0 : 1)
/** Folders first, then by name, digits by their number. */
export const sorted = (entries: readonly FileEntry[]): FileEntry[] =>
  [...entries].sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name, 'en', { numeric: true }))

/** A folder of a guest. A name is the guest's: it is shown as text, and its marks of direction keep to themselves. */
export function FolderTable({ folder, onOpen, onDownload }: Props) {
  const columns: GridColumn<FileEntry>[] = [
    {
      head: w.name,
      mono: true,
      cell: (entry) => {
        const path = inFolder(folder.path, entry.name)
        const opens = entry.kind === 'folder' || entry.kind === 'link'
        return (
          <span className="flex items-center gap-1.5" title={w.kind[entry.kind]}>
            <span aria-hidden className="w-3 text-muted">
              {marks[entry.kind]}
            </span>
            {opens ? (
              <button type="button" className="text-left text-accent hover:underline" onClick={() => onOpen(path)}>
                <bdi>{entry.name}</bdi>
              </button>
            ) : (
              <bdi>{entry.name}</bdi>
            )}
          </span>
        )
      },
    },
    { head: w.size, num: true, cell: (entry) => (entry.sizeBytes === undefined ? '' : formatBytes(entry.sizeBytes)) },
    { head: w.changed, wide: true, cell: (entry) => formatTime(entry.modifiedAt) },
    { head: w.mode, wide: true, mono: true, cell: (entry) => entry.mode },
    { head: w.owner, wide: true, mono: true, cell: (entry) => `${entry.uid}:${entry.gid}` },
    {
      head: '',
      cell: (entry) =>
        (entry.kind === 'file' || entry.kind === 'link') && (
          <Button
            look="quiet"
            aria-label={w.downloadOf(entry.name)}
            title={w.download}
            onClick={() => onDownload(inFolder(folder.path, entry.name))}
          >
            ↓
          </Button>
        ),
    },
  ]
  return (
    <>
      {folder.entries.length === 0 ? (
        <p className="px-1 py-6 text-center text-muted">{w.empty}</p>
      ) : (
        <Grid label={w.list(folder.path)} columns={columns} rows={sorted(folder.entries)} keyOf={(entry) => entry.name} />
      )}
      {folder.left > 0 && <p className="mt-2 text-muted text-sm">{w.left(folder.left)}</p>}
    </>
  )
}
