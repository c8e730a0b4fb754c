'use client'
import { useId, useState } from 'react'
import { Button } from '@/components/ui/button'
import { folderOf } from '@/server/model/file'
import { fileMessages as w } from './messages'

type Props = {
  path: string
  /** What is wrong with the path. */
  fault?: string
  onOpen: (path: string) => void
}

/** Where one is: the way up, and the path to type another. */
export function PathBar({ path, fault, onOpen }: Props) {
  return (
    <div className="flex min-w-0 flex-1 basis-[260px] items-start gap-1">
      <Button look="quiet" aria-label={w.up} title={w.up} allowed={path === '/' ? w.root : true} onClick={() => onOpen(folderOf(path))}>
        ↑
      </Button>
      <TypedPath key={path} path={path} fault={fault} onOpen={onOpen} />
    </div>
  )
}

function TypedPath({ path, fault, onOpen }: Props) {
  const id = useId()
  const [typed, setTyped] = useState(path)
  const wrong = typed === path ? fault : undefined
  return (
    <form
      className="flex min-w-0 flex-1 flex-wrap gap-1"
      onSubmit={(event) => {
        event.preventDefault()
        if (typed) onOpen(typed)
      }}
    >
      <input
        aria-label={w.path}
        aria-invalid={wrong ? true : undefined}
        aria-describedby={wrong ? id : undefined}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        className="field min-w-0 flex-1 font-mono text-sm"
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
      />
      {typed !== path && <Button type="submit">{w.go}</Button>}
      {wrong && (
        <p id={id} role="alert" className="basis-full text-bad text-sm">
          <span aria-hidden>✕ </span>
          {wrong}
        </p>
      )}
    </form>
  )
}
