import fs from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { describeNeeding } from '../../../../../test/support/describe-needing.ts';
import { searchPath } from '../../../../../test/support/run.ts';
import { makeTestCaWith } from '../../../testing/make-ca.ts';
import type { TestCa } from '../../../testing/make-ca.ts';
import { main } from '../../main.ts';

let ca: TestCa;
let seen: string;
const notes: string[] = [];

const SCRIPT = `#!/bin/sh
{ pwd; cat; env | grep ^DOCKER_MTLS_ | sort; printf '%s\\n' "$@"; } >> "$SEEN"
echo "said by the hook"
exit "$(cat "$CODE")"
`;

beforeEach(async () => {
  notes.length = 0;
  const note = (line: string): void => void notes.push(line);
  ca = await makeTestCaWith({ note }, [
    ['issue-client', 'alice'],
    ['issue-client', 'bob'],
  ]);
  seen = path.join(ca.folder, 'seen');
  Object.assign(ca.io.env, { PATH: searchPath(), SEEN: seen, CODE: path.join(ca.folder, 'code') });
  fs.writeFileSync(path.join(ca.folder, 'hook'), SCRIPT, { mode: 0o755 });
  endWith(0);
});

function endWith(code: number): void {
  fs.writeFileSync(path.join(ca.folder, 'code'), String(code));
}

async function renew(...argv: readonly string[]): Promise<Record<string, unknown>> {
  const { stdout, exitCode } = await main(['renew', '--json', ...argv], ca.io);
  return { ...(JSON.parse(String(stdout)) as Record<string, unknown>), exitCode };
}

function calls(): readonly string[] {
  return fs.existsSync(seen)
    ? [...fs.readFileSync(seen, 'utf8').matchAll(/NAME=(.*)/g)].map(([, n]) => n ?? '')
    : [];
}

describe('a hook', () => {
  test('runs once for each renewed pair, in /, with the pair in its environment and its words untouched', async () => {
    const alice = path.join(ca.folder, 'ca/clients/alice');
    expect(await renew('alice', '--', './hook', 'a b', '$HOME', '--force')).toMatchObject({
      exitCode: 0,
      hooks: [{ name: 'alice', ok: true, outcome: 'exit code 0' }],
    });
    expect(fs.readFileSync(seen, 'utf8').split('\n')).toEqual([
      '/',
      `DOCKER_MTLS_CA=${alice}/ca.pem`,
      `DOCKER_MTLS_CA_DIR=${ca.folder}/ca`,
      `DOCKER_MTLS_CERT=${alice}/cert.pem`,
      `DOCKER_MTLS_KEY=${alice}/key.pem`,
      'DOCKER_MTLS_KIND=client',
      'DOCKER_MTLS_NAME=alice',
      'a b',
      '$HOME',
      '--force',
      '',
    ]);
    expect(notes).toContain('hook: said by the hook');
  });

  test('that failed fails the command, and runs again with the hook that the next run is given', async () => {
    endWith(7);
    expect(await renew('--all', '--', './hook')).toMatchObject({
      exitCode: 1,
      renewed: [{ name: 'alice' }, { name: 'bob' }],
      hooks: [
        { name: 'alice', ok: false, outcome: 'exit code 7' },
        { name: 'bob', ok: false },
      ],
    });
    expect(await renew('--due')).toMatchObject({ exitCode: 0, hooks: [] });
    endWith(0);
    expect(await renew('--due', '--kind', 'server', '--', './hook')).toMatchObject({ hooks: [] });
    expect(await renew('--due', '--', './hook')).toMatchObject({
      exitCode: 0,
      renewed: [],
      hooks: [
        { name: 'alice', ok: true },
        { name: 'bob', ok: true },
      ],
    });
    expect(await renew('--due', '--', './hook')).toMatchObject({ hooks: [] });
    expect(calls()).toEqual(['alice', 'bob', 'alice', 'bob']);
  });

  test('is not on record, but how it ended is', async () => {
    endWith(7);
    await renew('alice', '--', './hook', 'correct horse');
    const registry = fs.readFileSync(path.join(ca.folder, 'ca/registry.db'), 'latin1');
    expect(registry).toContain('exit code 7');
    expect(registry).not.toContain('correct horse');
    expect(registry).not.toContain('./hook');
  });

  test('that is missing is told before anything is renewed', async () => {
    const { serial } = await ca.current('client', 'alice');
    expect(await renew('alice', '--', './missing')).toMatchObject({ error: { code: 'PROGRAM_NOT_RUN' } });
    expect((await ca.current('client', 'alice')).serial).toBe(serial);
  });
});

describeNeeding(['root'], "root's hook", () => {
  test.each([
    ['the file', 'hook', 0o777],
    ['a folder above it', '.', 0o777],
  ])('is refused where others can change %s', async (_, name, mode) => {
    fs.chmodSync(path.join(ca.folder, name), mode);
    const { serial } = await ca.current('client', 'alice');
    expect(await renew('alice', '--', './hook')).toMatchObject({
      exitCode: 1,
      error: { code: 'FILE_UNSAFE', hint: expect.stringMatching(/chmod go-w/) },
    });
    fs.chmodSync(path.join(ca.folder, name), 0o700);
    expect((await ca.current('client', 'alice')).serial).toBe(serial);
    expect(calls()).toEqual([]);
  });
});
