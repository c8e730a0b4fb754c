import type { ConsoleConnection, ConsoleView } from './connection'

/** What the list of people and its notices need of a console, a terminal or a screen. */
export type SeatingView = Pick<ConsoleView, 'link' | 'me' | 'writer' | 'viewers' | 'mode' | 'asking' | 'offered' | 'seat' | 'session'>
export type SeatingPort = Pick<ConsoleConnection, 'seat' | 'take'>
