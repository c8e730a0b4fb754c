import Link from 'next/link'
import type { ComponentProps } from 'react'

/** A link inside the app. Nothing is fetched ahead: a list of a thousand guests would ask for a thousand pages. */
export const AppLink = (props: ComponentProps<typeof Link>) => <Link prefetch={false} {...props} />
