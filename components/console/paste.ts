/** Control characters of a text that are no part of it: ESC could end a bracketed paste, others would act as keys. */
const controls = /(?![\t\n\r])\p{Cc}/gu

/** Text from a clipboard as it may be pasted: nothing in it can leave the brackets of a bracketed paste or press keys. */
export const pasteable = (text: string): string => text.replace(controls, '')

/** Whether a text has to be looked at before it is typed: without bracketed paste each of its line ends would run what stands before. */
export const asksFirst = (text: string, bracketed: boolean): boolean => !bracketed && /[\r\n]/.test(text.trimEnd())
