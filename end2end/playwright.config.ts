import { existsSync } from 'node:fs';
import { defineConfig } from '@playwright/test';

const browsers = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const phone = { viewport: { width: 360, height: 740 }, hasTouch: true };
const desktop = { viewport: { width: 1280, height: 900 } };
// Tests that need JavaScript are in *.hydrate.spec.ts.
const needsScript = /.*\.hydrate\.spec\.ts/;

export default defineConfig({
  testDir: 'tests',
  fullyParallel: true,
  forbidOnly: !!process.env.CI,
  workers: 2,
  // What passes only then is told as flaky at the end.
  retries: 1,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: process.env.CI ? 'line' : 'list',
  use: {
    baseURL: 'http://127.0.0.1:8100',
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: browsers.find(existsSync),
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
    },
  },
  projects: [
    { name: 'phone', use: phone },
    { name: 'desktop', use: desktop },
    // A desktop gets the same HTML, and its styles are tested with scripts.
    { name: 'phone without scripts', use: { ...phone, javaScriptEnabled: false }, testIgnore: needsScript },
  ],
  webServer: { command: './serve', url: 'http://127.0.0.1:8100/api/health', timeout: 120_000, gracefulShutdown: { signal: 'SIGTERM', timeout: 10_000 } },
});
