import { SplitConsoles } from '@/components/console/split'

/** Several consoles in a window of their own. */
export default function Page() {
  return <SplitConsoles />
}
