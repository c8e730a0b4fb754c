import { defineConfig } from '@playwright/test'

/** Whole lives of VMs, among them Debian: with the contract suite about as long as everything else. */
const lives = ['console', 'debian', 'vm'].map((name) => `**/${name}.spec.ts`)

/** Browser tests of the built server on real engines; `npm test` gives them both. The server is started by the fixtures in `e2e/`. */
export default defineConfig({
  testDir: 'e2e',
  // `npm test` runs these side by side, each on engines of its own.
  projects: [
    { name: 'pages', testMatch: '**/*.spec.ts', testIgnore: lives, outputDir: 'test-results/pages' },
    { name: 'lives', testMatch: lives, outputDir: 'test-results/lives' },
  ],
  // Two cores, real guests: on the same engines tests take turns.
  workers: 1,
  fullyParallel: false,
  forbidOnly: process.env.CI === 'true',
  retries: 0,
  timeout: 240_000,
  expect: { timeout: 30_000 },
  reporter: 'list',
  use: {
    browserName: 'chromium',
    viewport: { width: 1280, height: 800 },
    locale: 'en-GB',
    timezoneId: 'UTC',
    // Without its film, which took 32 of 112 s of processor time over two specs. The pages of each step are in it all the same.
    trace: { mode: 'retain-on-failure', screenshots: false },
    screenshot: 'only-on-failure',
    actionTimeout: 30_000,
    navigationTimeout: 60_000,
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
})
