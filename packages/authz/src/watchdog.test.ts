import { spawn } from 'node:child_process';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from '@jest/globals';

const WATCHDOG = path.join(import.meta.dirname, '../dist/watchdog.js');

/** How a process ends that watches itself and runs this. */
function endOf(code: string): Promise<string> {
  const script = `const { startWatchdog } = await import(${JSON.stringify(pathToFileURL(WATCHDOG))}); const stop = await startWatchdog(); ${code}`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], { timeout: 20_000 });
  return new Promise((resolve) => {
    child.once('close', (exit, signal) => resolve(signal ?? `exit ${exit}`));
  });
}

test('a process whose event loop is blocked is ended', async () => {
  expect(await endOf('for (;;) { }')).toBe('SIGKILL');
});

test('one that works for less than two seconds at a time is not', async () => {
  const busy = 'const end = Date.now() + 700; while (Date.now() < end) { }';
  const pause = 'await new Promise((resolve) => setTimeout(resolve, 300));';
  expect(await endOf(`for (let i = 0; i < 3; i++) { ${busy} ${pause} } stop();`)).toBe('exit 0');
});
