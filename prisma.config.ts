import { defineConfig } from 'prisma/config'

/** For the Prisma CLI only; the server opens the database itself. DATABASE_URL names another file. */
export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
  datasource: { url: process.env.DATABASE_URL ?? 'file:.bailiwick/bailiwick.db' },
})
