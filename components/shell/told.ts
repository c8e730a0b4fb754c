import { createContext } from 'react'

/** Whether a bar over the page says when the server does not answer: then the parts of the page need not say it again. */
export const ToldContext = createContext(false)
