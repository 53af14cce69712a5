import fs from 'node:fs';
import path from 'node:path';
import { readStore } from '@docker-mtls/ca-directory';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { makeTestCa } from '../../../testing/make-ca.ts';
import type { TestCa } from '../../../testing/make-ca.ts';
import { main } from '../../main.ts';

const LIST = ['issue-client', '--names', 'people'];

let ca: TestCa;

beforeEach(async () => {
  ca = await makeTestCa(['issue-client', 'alice']);
  fs.writeFileSync(path.join(ca.folder, 'people'), 'alice\nbob ops\ncarol\n');
});

async function answer(...argv: readonly string[]): Promise<Record<string, unknown>> {
  const { stdout, exitCode } = await ca.run(...argv, '--json');
  return { exitCode, ...(JSON.parse(String(stdout)) as Record<string, unknown>) };
}

async function groupsOf(name: string): Promise<readonly string[]> {
  return (await ca.current('client', name)).certificate().info.subject.organizationalUnits;
}

describe('a list of clients', () => {
  test('is issued what it lacks, and keeps what it has', async () => {
    const { serial } = await ca.current('client', 'alice');
    expect(await answer(...LIST)).toMatchObject({
      exitCode: 0,
      names: 3,
      issued: [
        {
          name: 'bob',
          serial: (await ca.current('client', 'bob')).serial,
          directory: path.join(ca.folder, 'ca/clients/bob'),
        },
        { name: 'carol' },
      ],
      kept: ['alice'],
    });
    expect((await ca.current('client', 'alice')).serial).toBe(serial);
    expect(await answer(...LIST)).toMatchObject({ issued: [], kept: ['alice', 'bob', 'carol'] });
  });

  test('shares the groups, the lifetime and the kind of key of the command line', async () => {
    await answer(...LIST, '--group', 'team', '--ttl', '12h', '--key-type', 'ed25519');
    const { notBefore, notAfter, keyType } = await ca.current('client', 'carol');
    expect({ groups: [await groupsOf('bob'), await groupsOf('carol')], keyType }).toEqual({
      groups: [['team', 'ops'], ['team']],
      keyType: 'ed25519',
    });
    expect(notAfter.getTime() - notBefore.getTime()).toBeLessThan(13 * 3_600_000);
  });

  test('gets new pairs with --force, the old ones kept aside', async () => {
    const { serial } = await ca.current('client', 'alice');
    expect(await answer(...LIST, '--force')).toMatchObject({ kept: [] });
    expect((await ca.current('client', 'alice')).serial).not.toBe(serial);
    expect(fs.existsSync(path.join(ca.folder, 'ca/clients/alice', `.gen-${serial}`, 'key.pem'))).toBe(true);
  });

  test('may get other groups with --force alone', async () => {
    fs.writeFileSync(path.join(ca.folder, 'people'), 'alice admins\n');
    expect(await answer(...LIST)).toMatchObject({ exitCode: 1, error: { code: 'NAMES_INVALID' } });
    expect(await groupsOf('alice')).toEqual([]);
    expect(await answer(...LIST, '--force')).toMatchObject({ exitCode: 0 });
    expect(await groupsOf('alice')).toEqual(['admins']);
  });

  test('in RSA comes in small batches, and a terminal is told of each', async () => {
    const names = Array.from({ length: 27 }, (_, index) => `robot${index}`);
    fs.writeFileSync(path.join(ca.folder, 'people'), names.join('\n'));
    const lines: string[] = [];
    const progress = (line: string): void => void lines.push(line);
    await main([...LIST, '--key-type', 'rsa-2048'], { ...ca.io, progress });
    expect(lines.filter((line) => line.startsWith('issued'))).toEqual([
      'issued 25 of 27…',
      'issued 27 of 27…',
    ]);
  });

  test('unlocks the CA once', async () => {
    const folder = path.join(ca.folder, 'locked');
    fs.writeFileSync(path.join(ca.folder, 'phrase'), 'correct horse\n');
    await ca.run('init-ca', '--ca-dir', folder, '--passphrase-file', 'phrase');
    let asked = 0;
    const askSecret = async (): Promise<string> => {
      asked += 1;
      return 'correct horse';
    };
    const { exitCode } = await main([...LIST, '--ca-dir', folder], { ...ca.io, askSecret });
    expect({ exitCode, asked }).toEqual({ exitCode: 0, asked: 1 });
    const reader = await readStore(folder);
    expect(await reader.entries({ kind: 'client' })).toHaveLength(3);
    await reader.close();
  });

  test.each(['--csr', '--out'])('takes no %s, which is for one', async (option) => {
    fs.writeFileSync(path.join(ca.folder, 'x'), '');
    expect(await answer(...LIST, option, 'x')).toMatchObject({
      exitCode: 2,
      error: { message: `${option} is for one pair, and --names for many` },
    });
    await expect(ca.current('client', 'bob')).rejects.toThrow('no client bob');
  });
});
