import { headers } from 'next/headers'
import { firstTextHeader } from '@/server/model/console'

/** What stands on the console of this request's page, as lines; '' where the server did not tell. For pages on the server. */
export async function firstText(): Promise<string> {
  return Buffer.from((await headers()).get(firstTextHeader) ?? '', 'base64').toString()
}
