import type { Guest, GuestState } from './guest'

/** A command as an array: never a shell string. */
export type Argv = readonly [string, ...string[]]

/** Reads progress out of a step's output. `percent` takes the last "NN%" or "(NN/100)"; `lines` shows the last line. */
export type ProgressReader = 'percent' | 'lines'

export type Step = {
  /** What it does, in words: "Create the disk". */
  title: string
  /** Killed, with its children, after this many ms. Default 60,000. */
  timeoutMs?: number
  progress?: ProgressReader
  /** Run, in reverse order, when a later step fails. Failures of an undo are recorded and do not stop the others. */
  undo?: Argv
  /** Only reads: run when the step failed, before anything is undone; what it says is kept with the step's errors. */
  explain?: Argv
  /** A file of the server's own machine that is streamed to its input; how far it is counts as the step's progress. */
  feed?: { path: string; sizeBytes: number }
  /** Strings masked wherever the step is shown, logged or stored. */
  secrets?: string[]
} & (
  | {
      argv: Argv
      stdin?: string
      okCodes?: number[]
      /** Environment added to the clean one. */
      env?: Record<string, string>
      /** Run in its place, once, when one of its lines is any of `said`: versions of a tool differ in how they want to be asked. */
      otherwise?: { said: string[]; argv: Argv }
    }
  | { write: { path: string; mode: number; content: string } }
)

/** What must be true afterwards; the runner re-reads the host until it holds. */
export type Expectation =
  | {
      kind: 'guest'
      name: string /** Any of these states. Absent: it only has to exist. */
      states?: GuestState[]
      fields?: Partial<Pick<Guest, 'cpus' | 'memoryBytes' | 'autostart' | 'protected' | 'hidden' | 'order'>>
    }
  /** An entry of a list in `GuestDetail`, by its key (a disk's: its target); for settings and limits its value too. */
  | {
      kind: 'detail'
      name: string
      list: 'disks' | 'forwards' | 'shares' | 'checkpoints' | 'settings' | 'limits' | 'media'
      key: string
      present: boolean
      value?: string
      /** For disks: at least this many bytes. */
      sizeBytes?: number
    }
  /** An entry of a list in `EngineHostDetail`, by its key; `hook`: key is its state. */
  | { kind: 'host'; list: 'bases' | 'media' | 'archives' | 'debris' | 'hook'; key: string; present: boolean }
  /** All of them. */
  | { kind: 'all'; of: Expectation[] }
  | { kind: 'absent'; name: string }
  | { kind: 'snapshot'; name: string; snapshot: string; present: boolean }
  /** A file on the host, at least this long. */
  | { kind: 'file'; path: string; present: boolean }
  | { kind: 'none' }

export type Plan = {
  steps: Step[]
  expect: Expectation
  /** How long `expect` may take to come true after the last step, ms. Default 30,000. */
  expectWithinMs?: number
  /**
   * While `expect` has not come true, the last step is run again this often, ms. For requests that a guest may miss:
   * one that is still booting does not notice its power button.
   */
  repeatLastMs?: number
  /** Shown before and after: "emulated: about 10 times slower". */
  warnings: string[]
  /** What no second job may touch meanwhile: "guest:NAME", "image:ID". The host is added by the runner. */
  locks: string[]
}

/** A step as pages see it: secrets masked. */
export type StepView = {
  title: string
  argv?: string[]
  /** Environment added to the clean one. */
  env?: Record<string, string>
  stdin?: string
  write?: { path: string; mode: number; content: string }
  undo?: string[]
}
export type PlanView = { steps: StepView[]; expect: string; warnings: string[] }
