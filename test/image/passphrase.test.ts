import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { withMounts } from '../hostile/with-mounts.ts';
import { BUNDLE } from '../support/cli.ts';
import { describeNeeding } from '../support/describe-needing.ts';
import { temporaryFolder } from '../support/temp.ts';
import { atTerminal } from '../support/terminal.ts';

const MOUNTS = 'mount --bind "$work/c" /certs; mount --bind "$work/d" /docker';

describeNeeding(['root', 'mounts'], 'a passphrase that is typed for a new CA of the container', () => {
  test('is asked for twice, and not to unlock what it has just locked', async () => {
    const work = temporaryFolder();
    for (const name of ['c', 'd']) fs.mkdirSync(path.join(work, name), { mode: 0o755 });
    const program = [...withMounts(work, MOUNTS), process.execPath, BUNDLE, 'container', 'server'];
    const env = { HOME: work, HOST_CERTS_DIR: '/diamol-certs' };
    const keys = ['correct horse\r', 'correct horse\r'];
    const { code, asked } = await atTerminal(program, { cwd: work, env, keys });
    expect({ code, asked }).toEqual({
      code: 0,
      asked: ['Passphrase for the new CA key (empty for none): ', 'The same again: '],
    });
    const key = fs.readFileSync(path.join(work, 'c/ca/private/ca-key.pem'), 'utf8');
    expect(key).toContain('BEGIN ENCRYPTED PRIVATE KEY');
    expect(fs.existsSync(path.join(work, 'd/daemon.json'))).toBe(true);
  });
});
