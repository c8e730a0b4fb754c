/** Sequences after which a line of text is still one: colours, erasing, moves within the line, the cursor's home, titles; and those that put a terminal in order. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the control sequences themselves
const harmless = /\x1b(?:\[(?:[\d;:]*[mKJCDGPX@]|;?H|!p|\?(?:25|2004)[hl]|\?(?:47|100\d)l)|\][0-2];[^\x00-\x1f\x7f-\x9f]*(?:\x07|\x1b\\))/g
/** All control characters but backspace, tab and line ends. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the control characters themselves
const control = /[\x00-\x07\x0b\x0c\x0e-\x1f\x7f-\x9f]/

/** Whether text can be drawn without what came before it, and does nothing but stand there. */
export const standsAlone = (text: string): boolean => !control.test(text.replace(harmless, ''))
