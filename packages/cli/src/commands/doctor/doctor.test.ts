import fs from 'node:fs';
import path from 'node:path';
import { createContext, readContext } from '@docker-mtls/context';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { freePort } from '../../../../../test/support/free-port.ts';
import { currentPair } from '../../../../../test/support/current-pair.ts';
import { makeTestCaWith } from '../../../testing/make-ca.ts';
import type { TestCa } from '../../../testing/make-ca.ts';
import { main } from '../../main.ts';
import type { ProcessOutcome } from '../../outcome.ts';

let ca: TestCa;
beforeEach(async () => {
  ca = await makeTestCaWith({ now: () => new Date() }, [['issue-client', 'alice']]);
});

const docker = (): string => path.join(ca.folder, '.docker');

function doctor(...words: readonly string[]): Promise<ProcessOutcome> {
  const env = { ...ca.io.env, DOCKER_CONFIG: docker(), HOME: ca.folder };
  return main(['doctor', ...words, '--ca-dir', path.join(ca.folder, 'ca')], { ...ca.io, env });
}

async function makeContext(): Promise<void> {
  const {
    ca: authority,
    certificate,
    key = Buffer.alloc(0),
  } = (await currentPair(path.join(ca.folder, 'ca'), 'client', 'alice')).read();
  createContext(docker(), {
    name: 'node1',
    host: 'tcp://127.0.0.1:1',
    tls: { ca: authority, certificate, key },
  });
}

const modeOf = (file: string): number => fs.statSync(file).mode & 0o777;

function filesOf(folder: string): readonly string[] {
  return fs.readdirSync(folder, { recursive: true, encoding: 'utf8' });
}

describe('--fix', () => {
  test('corrects modes of the CA directory, and says how to go back', async () => {
    const key = path.join(ca.folder, 'ca/private/ca-key.pem');
    fs.chmodSync(key, 0o644);
    const { stdout } = await doctor('--fix');
    expect(stdout).toContain(`fixed DM203: chmod 0600 ${key}\n  back: chmod 0644 ${key}\n`);
    expect(stdout).not.toContain('error DM203');
    expect(modeOf(key)).toBe(0o600);
  });

  test('refreshes a context with an older certificate, and keeps it as it was', async () => {
    await makeContext();
    await ca.run('issue-client', 'alice', '--force');
    const before = readContext(docker(), 'node1').tls.certificate;
    const { stdout } = await doctor('--fix', '--json');
    const [fix] = JSON.parse(String(stdout)).fixed;
    expect(fix).toMatchObject({ finding: 'DM309', subject: 'context:node1', fixed: true });
    const after = (await currentPair(path.join(ca.folder, 'ca'), 'client', 'alice')).read();
    expect(`${readContext(docker(), 'node1').tls.certificate}`).toBe(`${after.certificate}`);
    const [, kept = ''] = /import node1 (\S+)$/.exec(fix.back) ?? [];
    expect(modeOf(kept)).toBe(0o600);
    expect(fs.readFileSync(kept, 'utf8')).toContain(`${before}`);
  });

  test('changes nothing where nothing is wrong', async () => {
    const was = filesOf(ca.folder);
    const { stdout, exitCode } = await doctor('--fix', '--json');
    expect({ exitCode, fixed: JSON.parse(String(stdout)).fixed }).toEqual({ exitCode: 0, fixed: [] });
    expect(filesOf(ca.folder)).toEqual(was);
  });

  test('is for this machine alone', async () => {
    expect(await doctor('tcp://127.0.0.1:1', '--fix')).toMatchObject({ exitCode: 2 });
  });
});

test('without --fix, nothing is changed', async () => {
  const key = path.join(ca.folder, 'ca/private/ca-key.pem');
  fs.chmodSync(key, 0o644);
  const { stdout, exitCode } = await doctor();
  expect({ exitCode, mode: modeOf(key) }).toEqual({ exitCode: 3, mode: 0o644 });
  expect(stdout).toMatch(
    /error DM203: .*\n.*mode is 0644.*\n {4}fix: run docker-mtls ca repair, or chmod 0600/,
  );
});

test('--fail-on says from which severity on a finding is exit code 3', async () => {
  await makeContext();
  fs.writeFileSync(path.join(docker(), 'x'), '');
  fs.chmodSync(path.join(ca.folder, 'ca/private/ca-key.pem'), 0o644);
  expect((await doctor('--fail-on', 'error')).exitCode).toBe(3);
  expect((await doctor('--fail-on', 'never')).exitCode).toBe(0);
});

describe('targets', () => {
  test('that cannot be reached are exit code 1', async () => {
    const port = await freePort();
    const { stdout, exitCode } = await doctor(`tcp://127.0.0.1:${port}`);
    expect({ exitCode, stdout }).toEqual({
      exitCode: 1,
      stdout: expect.stringMatching(
        /could not be checked: the connection was refused\n.*; 1 target could not be checked\n$/,
      ),
    });
  });

  test('that are contexts whose engine cannot be reached are exit code 1, with what is wrong with the context', async () => {
    await makeContext();
    await ca.run('issue-client', 'alice', '--force');
    const { stdout, exitCode } = await doctor('context:node1', '--fail-on', 'never', '--json');
    expect({ exitCode, ...JSON.parse(String(stdout)) }).toMatchObject({
      exitCode: 1,
      targets: [{ failed: 'tcp://127.0.0.1:1: the connection was refused', found: [{ id: 'DM309' }] }],
    });
  });

  test('come from a list, with comments and blank lines', async () => {
    fs.writeFileSync(path.join(ca.folder, 'list'), '# engines\n\ncontext:none  # gone\ntcp://127.0.0.1:1\n');
    const { stdout } = await doctor('--targets', 'list', '--json');
    const { targets } = JSON.parse(String(stdout));
    expect(targets).toMatchObject([
      { target: 'context:none', failed: expect.stringContaining('not found') },
      { target: 'tcp://127.0.0.1:1', failed: expect.any(String) },
    ]);
  });

  test.each([
    ['http://x', 1, 'not a target'],
    ['tcp://x:99999', 1, 'not a target'],
    ['tcp://a b', 1, 'not a target'],
    ['context:../x', 1, ''],
    ['ssh://-oProxyCommand=id', 1, ''],
  ])('%s is refused', async (target, exitCode, says) => {
    expect(await doctor(target)).toMatchObject({ exitCode, stderr: expect.stringContaining(says) });
  });

  test.each(['0s', 'x', '11m'])('a --timeout of %s is refused', async (timeout) => {
    expect(await doctor('--timeout', timeout)).toMatchObject({ exitCode: 2 });
  });

  test('an empty list is refused', async () => {
    fs.writeFileSync(path.join(ca.folder, 'list'), '# nothing\n');
    expect(await doctor('--targets', 'list')).toMatchObject({ exitCode: 2 });
  });
});

test.each([
  ['sarif', /"version": "2\.1\.0"/],
  ['junit', /^<\?xml/],
])('--format %s prints that alone', async (format, starts) => {
  const { stdout } = await doctor('--format', format);
  expect(stdout).toMatch(starts);
});
