'use client'
import { type ComponentType, type ReactNode, useEffect, useState } from 'react'

/**
 * A component whose code is fetched when it is first shown, in the browser only; `placeholder` stands there until then.
 * In place of React.lazy and next/dynamic: what a Suspense boundary waited for, React shows 300 ms after the placeholder at the
 * earliest, and these are on the machine in 20. When it cannot be fetched, rendering throws, for the error page.
 */
export function lazily<P extends object>(fetch: () => Promise<ComponentType<P>>, placeholder: ReactNode = null): ComponentType<P> {
  type Got = { Component?: ComponentType<P>; error?: unknown }
  let known: Got | null = null
  let coming: Promise<Got> | null = null
  const get = async (): Promise<Got> => {
    try {
      known = { Component: await fetch() }
      return known
    } catch (error) {
      // The next that is shown tries again.
      coming = null
      return { error }
    }
  }
  return function Lazily(props: P) {
    const [got, setGot] = useState<Got | null>(known)
    useEffect(() => {
      if (got) return
      let here = true
      coming ??= get()
      void coming.then((now) => here && setGot(now))
      return () => {
        here = false
      }
    }, [got])
    if (got && !got.Component) throw got.error
    return got?.Component ? <got.Component {...props} /> : placeholder
  }
}
