import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { cli, cliJson } from '../support/cli.ts';
import { describeNeeding } from '../support/describe-needing.ts';
import type { Finished } from '../support/run.ts';
import { temporaryFolder } from '../support/temp.ts';
import { filesBelow } from '../support/tree.ts';

const OWNER = 4242;

const LOOKS = [
  ['list'],
  ['list', '--expiring-within', '1d'],
  ['show', 'alice'],
  ['crl', 'show'],
  ['status', '--config', 'daemon.json'],
] as const;

describeNeeding(['root', 'mounts'], 'commands that only look at a CA directory', () => {
  let home: string;
  let ca: string;

  beforeAll(async () => {
    home = temporaryFolder();
    ca = path.join(home, 'ca');
    fs.writeFileSync(path.join(home, 'daemon.json'), '{}');
    for (const words of [['init-ca'], ['issue-server', 'node1'], ['issue-client', 'alice']])
      await cliJson([...words, '--ca-dir', ca], { home });
  });

  function state(): readonly string[] {
    return filesBelow(ca).map((file) => {
      const { uid, mode, ctimeMs } = fs.lstatSync(file);
      return `${file} ${uid} ${mode} ${ctimeMs}`;
    });
  }

  function look(words: readonly string[], prefix: readonly string[] = []): Promise<Finished> {
    return cli([...words, '--ca-dir', ca], { home, prefix });
  }

  test.each(LOOKS)('%s %s do so on a read-only mount', async (...words) => {
    const readOnly = 'mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" && exec "$@"';
    const prefix = ['unshare', '--mount', 'sh', '-c', readOnly, ca];
    const { code, stderr } = await look(words, prefix);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  test('change nothing, in the CA directory of another user neither', async () => {
    for (const file of [ca, ...filesBelow(ca)]) fs.lchownSync(file, OWNER, OWNER);
    const before = state();
    for (const words of LOOKS) {
      const { code, stderr } = await look(words);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    }
    expect(state()).toEqual(before);
    expect(fs.readdirSync(ca).filter((name) => name.includes('journal'))).toEqual([]);
  });
});
