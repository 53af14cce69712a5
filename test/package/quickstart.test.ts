import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { describeNeeding } from '../support/describe-needing.ts';
import { hostPath } from '../support/engine-install.ts';
import { engineNeeds } from '../support/needs.ts';
import { run } from '../support/run.ts';
import { temporaryFolder } from '../support/temp.ts';

const QUICKSTART = fileURLToPath(new URL('../../scripts/quickstart.js', import.meta.url));

/** What scripts/quickstart does once all is built. */
function quickstart(programs: string): ReturnType<typeof run> {
  return run(process.execPath, [QUICKSTART], { env: { PATH: programs, TMPDIR: temporaryFolder() } });
}

describeNeeding(['openssl'], 'quickstart without an engine', () => {
  test('proves it with a stand-in, and says so', async () => {
    const withoutEngine = [path.dirname(process.execPath), '/usr/bin', '/bin'].join(':');
    const { code, stdout, stderr } = await quickstart(withoutEngine);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain("It is a stand-in for the engine's TLS endpoint");
    expect(stdout).toMatch(/^\+ secured: 127\.0\.0\.1:\d+$/mu);
    expect(stdout).toMatch(/^HTTP 200: OK$/mu);
  });
});

describeNeeding([...engineNeeds('installed'), 'docker command'], 'quickstart', () => {
  test('proves it with the engine of this machine', async () => {
    const { code, stdout, stderr } = await quickstart(hostPath());
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('It is a real engine');
    expect(stdout).toMatch(/^\+ secured: 127\.0\.0\.1:\d+$/mu);
    expect(stdout).toMatch(/^Server:$/mu);
  });
});
