import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { describeNeeding } from '../support/describe-needing.ts';
import { TRACING } from '../support/needs.ts';
import { traceCli, type Traced } from '../support/strace.ts';
import { filesBelow, keyFilesBelow, mode } from '../support/tree.ts';
import { newHome } from './homes.ts';
import { inHome } from './kill-everywhere.ts';

const PASSPHRASE = 'correct horse battery staple';

/** One run of every command, in an order in which each has something to do. */
const COMMANDS = [
  ['init-ca', '--passphrase-file', 'passphrase'],
  ['issue-server', 'node1', '--passphrase-file', 'passphrase'],
  ['issue-client', 'alice', '--passphrase-file', 'passphrase', '--out', 'out'],
  ['issue-client', 'alice', '--force', '--passphrase-file', 'passphrase'],
  ['daemon-config', '--server', 'node1', '--config', 'daemon.json'],
  ['bundle', 'alice', '-o', 'alice.tar.gz'],
  [
    'secure',
    'node2',
    '--client',
    'bob',
    '--config',
    'daemon.json',
    '--allow-cut-off',
    '--passphrase-file',
    'passphrase',
  ],
  ['list', '--all'],
  ['show', 'alice'],
] as const;

/** A call that makes a file or a folder, and the mode that it asks for. */
type Made = { readonly file: string; readonly mode: string };

describeNeeding(TRACING, 'under umask 000', () => {
  let home: string;
  const runs: Traced[] = [];

  beforeAll(async () => {
    home = newHome();
    fs.writeFileSync(path.join(home, 'passphrase'), `${PASSPHRASE}\n`, { mode: 0o600 });
    const prefix = ['sh', '-c', 'umask 000 && exec "$@"', 'sh'];
    for (const words of COMMANDS) runs.push(await traceCli(words, { ...inHome(home), prefix }));
  });

  test('every command does its work', () => {
    expect(runs.map(({ code, stderr }) => (code === 0 ? 0 : stderr))).toEqual(COMMANDS.map(() => 0));
    expect(keyFilesBelow(home).length).toBeGreaterThan(5);
  });

  test('each file with a key is made 0600, by the call that opens it, in a folder that is made 0700', () => {
    const made = runs.flatMap(({ trace }) => madeIn(trace));
    const secret = made.filter(({ file }, index) => isSecret(file) && !isOpenedAgain(made, index));
    expect(secret.length).toBeGreaterThan(10);
    for (const { file, mode: asked } of secret) expect({ file, asked }).toEqual({ file, asked: '0600' });
    const folders = runs.flatMap(({ trace }) => foldersIn(trace)).filter(({ file }) => file.startsWith(home));
    expect(folders.length).toBeGreaterThan(5);
    for (const { file, mode: asked } of folders) expect({ file, asked }).toEqual({ file, asked: '0700' });
  });

  test('no mode of a secret is changed after the fact', () => {
    const changed = runs.flatMap(({ trace }) => trace.match(/^f?chmod(?:at)?\(.*$/gmu) ?? []);
    expect(changed.filter((line) => isSecret(/[<"](\/[^>"]*)/u.exec(line)?.[1] ?? ''))).toEqual([]);
  });

  test('and so it stands in the end', () => {
    for (const file of [
      ...keyFilesBelow(home),
      path.join(home, 'ca/registry.db'),
      path.join(home, 'alice.tar.gz'),
    ]) {
      expect({ file, mode: mode(file) }).toEqual({ file, mode: '0600' });
    }
    const folders = filesBelow(path.join(home, 'ca')).filter((file) => fs.lstatSync(file).isDirectory());
    for (const file of folders) expect({ file, mode: mode(file) }).toEqual({ file, mode: '0700' });
  });

  test('key bytes are written to key files and archives, and nowhere else', () => {
    const writes = runs.flatMap(({ trace }) => trace.match(/^(?:p?write(?:64|v)?)\(.*$/gmu) ?? []);
    const withKey = writes.filter((line) => secretsIn(home).some((secret) => line.includes(secret)));
    const targets = [...new Set(withKey.map((line) => /^\w+\(\d+<([^>]*)>/u.exec(line)?.[1] ?? line))];
    expect(targets.length).toBeGreaterThan(3);
    expect(targets.filter((target) => !isSecret(target))).toEqual([]);
  });

  describe('nothing secret', () => {
    test('is an argument or in the environment of any process', () => {
      const started = runs.flatMap(({ trace }) => trace.match(/^execve\(.*$/gmu) ?? []);
      expect(started.length).toBeGreaterThan(COMMANDS.length);
      for (const line of started)
        expect(secretsIn(home).filter((secret) => line.includes(secret))).toEqual([]);
    });

    test('is printed', () => {
      const printed = runs.map(({ stdout, stderr }) => stdout + stderr).join('');
      expect(printed).not.toMatch(/PRIVATE KEY/u);
      expect(secretsIn(home).filter((secret) => printed.includes(secret))).toEqual([]);
    });

    test('stays in the temporary folder', () => {
      const left = filesBelow(path.join(home, 'tmp')).filter((file) => fs.statSync(file).isFile());
      for (const file of left) expect(fs.readFileSync(file, 'latin1')).not.toMatch(/PRIVATE KEY/u);
      expect(left).toEqual([]);
    });
  });
});

/** A piece of every private key that was made, and the passphrase. */
function secretsIn(home: string): readonly string[] {
  const keys = keyFilesBelow(home).filter((file) => file.endsWith('key.pem'));
  const lines = keys.flatMap((file) => fs.readFileSync(file, 'latin1').split('\n'));
  // The first line of a key names its algorithm; from the second on it is the key itself.
  const pieces = lines.filter((line) => /^[A-Za-z0-9+/]{64}$/u.test(line) && !line.startsWith('MI'));
  return [...new Set(pieces), PASSPHRASE];
}

function isSecret(file: string): boolean {
  return /(?:key\.pem|registry\.db(?:-journal)?|\.tar\.gz)(?:\.[0-9a-f]{32}\.[0-9a-fx]+-\d+-\d+\.partial)?$/u.test(
    file,
  );
}

/** SQLite asks for the registry to be made each time that it opens it; what counts is the first. */
function isOpenedAgain(made: readonly Made[], index: number): boolean {
  const { file = '' } = made[index] ?? {};
  return file.endsWith('registry.db') && made.findIndex((each) => each.file === file) < index;
}

function madeIn(trace: string): readonly Made[] {
  const calls = trace.matchAll(/^openat\([^"]*"([^"]*)", [A-Z_|]*O_CREAT[A-Z_|]*, 0*(\d+)\) = \d/gmu);
  return [...calls].map(([, file = '', asked = '']) => ({ file, mode: asked.slice(-3).padStart(4, '0') }));
}

function foldersIn(trace: string): readonly Made[] {
  const calls = trace.matchAll(/^mkdir(?:at)?\([^"]*"([^"]*)", 0*(\d+)\) = 0$/gmu);
  return [...calls].map(([, file = '', asked = '']) => ({ file, mode: asked.padStart(4, '0') }));
}
