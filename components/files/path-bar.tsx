'use client'
import { useState } from 'react'
import { Button } from '@/components/ui/button'
import { folderOf } from '@/server/model/file'
import { fileMessages as w } from './messages'

/** Where one is: the way up, and the path to type another. */
export function PathBar({ path, onOpen }: { path: string; onOpen: (path: string) => void }) {
  return (
    <div className="flex min-w-0 flex-1 basis-[260px] items-center gap-1">
      <Button look="quiet" aria-label={w.up} title={w.up} allowed={path === '/' ? w.root : true} onClick={() => onOpen(folderOf(path))}>
        ↑
      </Button>
      <TypedPath key={path} path={path} onOpen={onOpen} />
    </div>
  )
}

function TypedPath({ path, onOpen }: { path: string; onOpen: (path: string) => void }) {
  const [typed, setTyped] = useState(path)
  return (
    <form
      className="flex min-w-0 flex-1 gap-1"
      onSubmit={(event) => {
        event.preventDefault()
        if (typed) onOpen(typed)
      }}
    >
      <input
        aria-label={w.path}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        className="field min-w-0 flex-1 font-mono text-sm"
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
      />
      {typed !== path && <Button type="submit">{w.go}</Button>}
    </form>
  )
}
