import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { SessionOf } from './consoles/of'
import type { EngineHost } from './engines/types'
import type { Exec } from './exec/types'
import type { ViewerMode } from './model/console'
import type { AppEvent } from './model/events'
import type { Folder } from './model/file'
import type { ConsoleKind, EngineKind, Guest, GuestRef } from './model/guest'
import type { Host, HostFigures, HostFinding, HostKey, HostSettings, HostView } from './model/host'
import type { Image } from './model/image'
import type { ImageRequest, UploadTicket } from './model/image-request'
import type { Job, JobFilter, JobSummary } from './model/job'
import type { LiveFrame, Point } from './model/metrics'
import type { Operation } from './model/operation'
import type { Permission } from './model/permission'
import type { Plan, PlanView } from './model/plan'
import type { KeepRule, RecordingFilter, RecordingInfo, RecordRule, TextHits } from './model/recording'
import type { Watched, WatchLinkView, WatchMinutes } from './model/watch'

/** Who is asking: in every context once signed in. */
export type User = { id: string; name: string; role: 'admin' }
export type SessionInfo = { token: string; user: User; expiresAt: number }

export type Numbered = { seq: number; event: AppEvent }

/** Numbered events, the last 1,024 kept to resume from. */
export interface Bus {
  readonly seq: number
  publish(event: AppEvent): void
  /** Everything after `seq`, or null when that is older than what is kept or from another run of the server. */
  since(seq: number): Numbered[] | null
  subscribe(listener: (numbered: Numbered) => void): () => void
}

/** The live picture of all hosts. The only keeper of guests; it holds nothing that the hosts did not say. */
export interface Inventory {
  hosts(): HostView[]
  host(id: string): HostView | undefined
  guests(): Guest[]
  guest(id: string): Guest | undefined
  /** An open engine, or `AppError('unavailable')` with the cause. */
  engine(host: string, kind: EngineKind): EngineHost
  exec(host: string): Exec
  /** Reads one guest from the host now, publishes what changed, returns what is true. */
  refresh(ref: GuestRef): Promise<Guest | null>
  /** Probes engines and lists everything again. */
  refreshHost(id: string): Promise<void>
  /** Guests with a job under way are polled every second where the engine has no events. */
  setBusy(ref: GuestRef, busy: boolean): void
  addHost(host: Host): Promise<void>
  /** Stored facts of a host changed (name, accelerator evidence): probe again and publish. */
  updateHost(host: Host): Promise<void>
  removeHost(id: string): Promise<void>
  close(): Promise<void>
}

export type JobRequest = {
  title: string
  kind: string
  host: string
  engine?: EngineKind
  guest?: string
  user: User
  plan: Plan
  /** Called once the job has ended, whatever its end; awaited before the job counts as ended. */
  after?: (job: Job) => Promise<void> | void
  /** What a job that is done has found and that is not well, in words: kept with its warnings. */
  finding?: (job: Job) => string | undefined
}

/** The only code that runs plans. */
export interface Jobs {
  /**
   * Plans, checks `can` and locks, starts; returns while it runs. Rejects with `refused` or `conflict` before anything ran; also
   * when the steps have other titles than those `shown` to the one who orders it.
   */
  operate(ref: Omit<GuestRef, 'name'>, operation: Operation, user: User, shown?: string[]): Promise<JobSummary>
  preview(ref: Omit<GuestRef, 'name'>, operation: Operation): Promise<PlanView>
  submit(request: JobRequest): Promise<JobSummary>
  /** Resolves when the job has ended. */
  finished(id: string): Promise<Job>
  cancel(id: string, user: User): Promise<void>
  get(id: string): Promise<Job | null>
  /** The plan that would undo what an interrupted job did. Rejects with `refused` and the reason. */
  previewUndo(id: string): Promise<PlanView>
  /** Runs it as a job of its own. Only when somebody asks: the server never does this by itself. */
  undo(id: string, user: User): Promise<JobSummary>
  list(filter: JobFilter): Promise<JobSummary[]>
  /** At boot: what was running is `interrupted`. Returns how many. */
  recover(): Promise<number>
  close(): Promise<void>
}

export interface Metrics {
  /** The newest frame of all hosts and guests. Host rows have the host's id. */
  latest(): LiveFrame
  /** The processor of each before its newest point, for the small lines of a list. */
  past(): NonNullable<LiveFrame['past']>
  subscribe(listener: (frame: LiveFrame) => void): () => void
  /** Points of one guest or host, oldest first, at most 15 minutes. */
  recent(id: string): Point[]
  /** When measuring began, ms since 1970: figures are in memory, so nothing from before it is known. */
  readonly since: number
  hostFigures(id: string): HostFigures | null
  close(): Promise<void>
}

export interface Images {
  list(host?: string): Image[]
  /** Starts a job: build, download, import of a finished upload, remove. */
  request(request: ImageRequest, user: User): Promise<JobSummary>
  preview(request: ImageRequest): Promise<PlanView>
  /** Opens (or re-opens, by the same name, size and user) an upload; bytes then go by PUT to /upload/<id>. */
  openUpload(
    upload: { host: string; fileName: string; sizeBytes: number; sha256?: string /** For the engine's own store. */; medium?: boolean },
    user: User,
  ): Promise<UploadTicket>
  /** Handles PUT/HEAD /upload/<id> for a signed-in user. */
  handleUpload(req: IncomingMessage, res: import('node:http').ServerResponse, user: User): Promise<void>
  /** Reads the image folder of a host again. */
  refresh(host: string): Promise<void>
  close(): Promise<void>
}

export interface Access {
  /** True until the first administrator exists. */
  needsSetup(): Promise<boolean>
  /** A one-time token for /setup?token=…; a new one replaces the old. */
  setupToken(): Promise<string>
  setup(input: { token: string; name: string; password: string }, from: string): Promise<SessionInfo>
  /** Rejects with `unauthenticated`, the same for an unknown user and a wrong password, or `too-many` with the seconds to wait. */
  signIn(input: { name: string; password: string }, from: string): Promise<SessionInfo>
  signOut(token: string): Promise<void>
  /** The session of a cookie header, or null. */
  session(cookieHeader: string | undefined): Promise<SessionInfo | null>
  allows(user: User, permission: Permission, path: string): boolean
  /** Called with a user's id when sessions or rights ended: sockets close. */
  onRevoked(listener: (token: string) => void): () => void
  audit(entry: { user: string; action: string; target: string; detail?: string; ok: boolean; from?: string }): Promise<void>
}

/** A console somebody was let into: of a guest, or the shell of a host itself. `token`: of the sign-in that ends it when it ends; null for a watch link, which ends it by itself. */
export type ConsoleRequest = ({ guest: GuestRef; kind: ConsoleKind } | { host: string; kind: 'shell' }) & {
  /** `ends`: aborted, with the reason in words, when the link is no longer good. */
  by: { name: string; mode: ViewerMode; token: string | null; ends?: AbortSignal }
}

/** A still picture of a screen. `tag`: the same for the same picture. `stale`: the screen cannot be read now; this is what was seen last. */
export type Picture = { png: Buffer; tag: string; stale: boolean }

export interface Consoles {
  /** Takes over a socket whose request was let in. */
  handleUpgrade(req: IncomingMessage, socket: Duplex, head: Buffer, request: ConsoleRequest): void
  /** The last lines of a console that is open, as many as its screen has, and how wide that is; null where none is open. */
  lastLines(guest: GuestRef, kind: Exclude<ConsoleKind, 'vnc'>): { text: string; cols: number } | null
  /** A small PNG of a guest's screen. Rejects with `not-found`, `refused` or `unavailable`, in words. */
  picture(guest: GuestRef): Promise<Picture>
  /** Tells every viewer that the server stops, then closes. */
  close(reason: string): Promise<void>
}

/** Links that show one console of one guest to whoever holds them. */
export interface WatchLinks {
  /** Rejects with `not-found` where the guest has no such console. The token is told here and never again. */
  make(wanted: { guest: string; kind: ConsoleKind; minutes: WatchMinutes }, user: User): Promise<{ link: WatchLinkView; token: string }>
  /** Those that are good now, the newest first. */
  list(guest: string): Promise<WatchLinkView[]>
  /** Closes at once what is open through it. Rejects with `not-found`. */
  revoke(guest: string, id: string): Promise<void>
  /** What a token shows. Rejects with `not-found`, `refused` and what became of it, `unavailable`, or `too-many` for who tries too many. */
  look(token: string, from: string): Promise<Watched>
  /** A console request that ends with the link; `release` once it is closed. Rejects as `look`. */
  open(token: string, from: string): Promise<{ guest: GuestRef; kind: ConsoleKind; by: ConsoleRequest['by']; release(): void }>
  close(): void
}

/** The shell of a host itself, for administrators. */
export interface HostShell {
  /** Why it cannot be had, in words; nothing when it can. */
  refusal(host: string): string | undefined
  /** The name of the user it runs as. Asks the host. Rejects with `unavailable`. */
  user(host: string): Promise<string>
}

/** A file that was uploaded, on its way into a guest. `path`: absolute, of the guest, checked. */
export type PushRequest = { guest: GuestRef; upload: string; path: string; replace: boolean }

/** Files of guests, through their own commands. All reject with `refused` and the reason for guests without a way to them. */
export interface Files {
  /** The largest file that is moved, bytes. */
  readonly limitBytes: number
  list(guest: GuestRef, path: string, signal: AbortSignal): Promise<Folder>
  /** Bytes of a file that can be fetched. */
  sizeOf(guest: GuestRef, path: string, signal: AbortSignal): Promise<number>
  /** As `Images.openUpload`; the bytes go by PUT to /upload/<id>. */
  openUpload(upload: { guest: GuestRef; fileName: string; sizeBytes: number }, user: User): Promise<UploadTicket>
  /** What a push would run; nothing needs to be uploaded yet. */
  preview(request: Omit<PushRequest, 'upload'> & { sizeBytes: number }): Promise<PlanView>
  push(request: PushRequest, user: User): Promise<JobSummary>
  /** A file's size, and its bytes; they end with an error where not all came. Aborting ends what it runs on the host. */
  pull(guest: GuestRef, path: string, signal: AbortSignal): Promise<{ sizeBytes: number; bytes: AsyncIterable<Uint8Array> }>
}

/** Recorded consoles. `may` says of a guest's id whether who asks may see its recordings. */
export interface Recordings {
  rule(guest: string): RecordRule
  /** Holds at once, for consoles that are open as well. */
  setRule(guest: string, rule: RecordRule): Promise<void>
  /** Begins recording an open console for somebody, or ends it with null. Rejects with `refused` where the rule forbids it. */
  record(of: SessionOf, user: string | null): Promise<void>
  /** Newest first. */
  list(filter: RecordingFilter, may: (guest: string) => boolean): Promise<RecordingInfo[]>
  /** Whose consoles were recorded. */
  guests(may: (guest: string) => boolean): Promise<string[]>
  /** Rejects with `not-found`. */
  get(id: string): Promise<RecordingInfo>
  /** Rejects with `refused` while it goes on. */
  remove(id: string): Promise<void>
  keep(): Promise<KeepRule>
  setKeep(keep: KeepRule): Promise<void>
  /** Looks for text in recordings, and with `kept` in the text of open consoles too. Stops when `signal` says so. */
  search(
    wanted: { text: string; guest?: string; kept: boolean },
    may: (guest: string) => boolean,
    signal: AbortSignal | undefined,
  ): Promise<TextHits>
  /** Sends the file, or its text. `inline`: to the player. */
  send(
    res: import('node:http').ServerResponse,
    info: RecordingInfo,
    format: 'cast' | 'txt',
    options: { inline: boolean; gzip: boolean },
  ): Promise<void>
  close(): Promise<void>
}

/** Hosts as stored. */
export interface Hosts {
  list(): Promise<Host[]>
  /** One stored host; rejects with `not-found`. */
  get(id: string): Promise<Host>
  /** Rejects with `conflict` where another host has the name. */
  add(input: HostSettings): Promise<Host>
  save(host: Host): Promise<void>
  remove(id: string): Promise<void>
}

/** What is asked of machines before, or besides, their being hosts. */
export interface HostTrial {
  /** The line for authorized_keys that lets Bailiwick in; its key pair is made when first asked for. */
  publicKey(): Promise<string>
  /** The keys that a machine shows, the one to prefer first. Rejects with `unavailable`, naming the input at fault. */
  scan(address: string, port: number): Promise<HostKey[]>
  /** Tries to reach a host with these settings and looks for its engines. Stores nothing; what fails is a finding. */
  test(settings: HostSettings): Promise<HostFinding[]>
}

/** Everything the routers and the HTTP server need, built once in `main.ts` and passed down. */
export type Services = {
  bus: Bus
  inventory: Inventory
  jobs: Jobs
  metrics: Metrics
  images: Images
  files: Files
  access: Access
  consoles: Consoles
  watch: WatchLinks
  hostShell: HostShell
  recordings: Recordings
  hosts: Hosts
  trial: HostTrial
  accelerator: { test(host: string, user: User): Promise<JobSummary> }
}
