import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { temporaryFolder } from '../../../../test/support/temp.ts';
import { args, fakeIo, typing } from '../../testing/fake-io.ts';
import { passphraseForNewKey, passphraseToUnlock } from './passphrase.ts';

const LONGEST = 1024;

let folder: string;

beforeEach(() => {
  folder = temporaryFolder();
});

function write(name: string, data: string | Buffer): void {
  fs.writeFileSync(path.join(folder, name), data, { mode: 0o600 });
}

const fromFile = args({ 'passphrase-file': 'p' });

describe('from a file', () => {
  test.each([
    ['as it is', 'correct horse', 'correct horse'],
    ['without its line end', 'correct horse\n', 'correct horse'],
    ['without the line end of Windows', 'correct horse\r\n', 'correct horse'],
    ['with its spaces', '  correct horse \n', '  correct horse '],
    ['without its byte order mark', '\ufeffcorrect\n', 'correct'],
    ['of the longest, with mark and line end', `\ufeff${'x'.repeat(LONGEST)}\r\n`, 'x'.repeat(LONGEST)],
    ['in UTF-8', 'k\u00f6ln', 'k\u00f6ln'],
    ['of the longest', 'x'.repeat(LONGEST), 'x'.repeat(LONGEST)],
    ['of the longest, with its line end', `${'x'.repeat(LONGEST)}\r\n`, 'x'.repeat(LONGEST)],
  ])('%s', async (_, data, expected) => {
    write('p', data);
    expect(await passphraseToUnlock(fromFile, fakeIo({ cwd: folder }))).toBe(expected);
    expect(await passphraseForNewKey(fromFile, fakeIo({ cwd: folder }))).toBe(expected);
  });

  test.each([
    ['nothing', '', 'is empty'],
    ['an empty line', '\r\n', 'is empty'],
    ['two lines', 'correct\nhorse\n', 'more than one line'],
    ['two line ends', 'correct\n\n', 'more than one line'],
    ['a NUL', 'correct\0horse', 'more than one line'],
    ['bytes that are no text', Buffer.of(0xc3, 0x28), 'not UTF-8'],
    ['a byte too many', 'x'.repeat(LONGEST + 1), 'longer than 1024 bytes'],
  ])('refuses %s, and does not repeat it', async (_, data, says) => {
    write('p', data);
    const refused = passphraseToUnlock(fromFile, fakeIo({ cwd: folder }));
    await expect(refused).rejects.toMatchObject({
      code: 'PASSPHRASE_INVALID',
      message: expect.stringContaining(`${folder}/p`),
    });
    await expect(refused).rejects.toThrow(says);
    await expect(refused).rejects.not.toThrow('horse');
  });

  test('that the environment names', async () => {
    write('q', 'correct horse\n');
    const io = fakeIo({ env: { DOCKER_MTLS_PASSPHRASE_FILE: path.join(folder, 'q') } });
    expect(await passphraseToUnlock(args(), io)).toBe('correct horse');
  });

  test('the option goes before the environment', async () => {
    write('p', 'from the option');
    const io = fakeIo({ cwd: folder, env: { DOCKER_MTLS_PASSPHRASE_FILE: 'missing' } });
    expect(await passphraseToUnlock(fromFile, io)).toBe('from the option');
  });

  test('goes before the terminal', async () => {
    write('p', 'from the file');
    const { askSecret, questions } = typing();
    expect(await passphraseForNewKey(fromFile, fakeIo({ cwd: folder, askSecret }))).toBe('from the file');
    expect(questions).toEqual([]);
  });
});

describe('from a pipe', () => {
  const SCRIPT = `
    import { passphraseToUnlock } from ${JSON.stringify(new URL('../../dist/ca/passphrase.js', import.meta.url).href)};
    const args = { text: () => process.argv[1], flag: () => undefined };
    const io = { env: {}, cwd: '/', platform: 'linux', note: () => undefined };
    process.stdout.write(await passphraseToUnlock(args, io).catch((error) => error.code + ' ' + error.message));
  `;

  function shell(command: string): string {
    const env = { ...process.env, NODE: process.execPath, SCRIPT };
    const { stdout, stderr } = spawnSync('bash', ['-c', command], { env, encoding: 'utf8', timeout: 30_000 });
    return stdout + stderr;
  }

  const READ = '"$NODE" --input-type=module -e "$SCRIPT"';

  test.each([
    ['stdin, as -', `printf 'correct horse\\n' | ${READ} -`],
    ['stdin, as /dev/stdin', `printf 'correct horse\\n' | ${READ} /dev/stdin`],
    ['a slow writer', `{ printf 'correct '; sleep 0.2; echo horse; } | ${READ} -`],
    ["a shell's <(…)", `${READ} <(echo correct horse)`],
  ])('%s', (_, command) => {
    expect(shell(command)).toBe('correct horse');
  });

  test('a file behind /dev/stdin', () => {
    write('p', 'correct horse');
    expect(shell(`${READ} /dev/stdin < ${path.join(folder, 'p')}`)).toBe('correct horse');
  });

  test('reads a named pipe', () => {
    const fifo = path.join(folder, 'fifo');
    expect(shell(`mkfifo ${fifo}; echo correct horse > ${fifo} & ${READ} ${fifo}`)).toBe('correct horse');
  });

  test('refuses what has no end, and what is empty', () => {
    expect(shell(`yes | tr -d '\\n' | ${READ} -`)).toMatch(
      /^PASSPHRASE_INVALID stdin is longer than 1024 bytes/,
    );
    expect(shell(`: | ${READ} -`)).toBe('PASSPHRASE_INVALID stdin is empty');
  });
});

describe('a file that others may read', () => {
  test.each([
    [0o644, true],
    [0o640, false],
    [0o604, true],
    [0o600, false],
    [0o400, false],
  ])('mode %o: warned of: %s', async (mode, expected) => {
    write('p', 'correct horse');
    fs.chmodSync(path.join(folder, 'p'), mode);
    const notes: string[] = [];
    await passphraseToUnlock(fromFile, fakeIo({ cwd: folder, note: (line) => void notes.push(line) }));
    expect(notes.length > 0).toBe(expected);
    expect(notes.join('')).not.toContain('horse');
  });
});

describe('to unlock a key', () => {
  test('is asked for once', async () => {
    const { askSecret, questions } = typing('correct horse');
    expect(await passphraseToUnlock(args(), fakeIo({ askSecret }))).toBe('correct horse');
    expect(questions).toEqual(['Passphrase of the CA key: ']);
  });

  test('cannot be empty', async () => {
    const { askSecret } = typing('');
    await expect(passphraseToUnlock(args(), fakeIo({ askSecret }))).rejects.toMatchObject({
      code: 'PASSPHRASE_INVALID',
      message: 'the passphrase is empty',
    });
  });

  test('without a terminal the file is the way', async () => {
    const io = fakeIo({ env: { DOCKER_MTLS_PASSPHRASE_FILE: '' } });
    await expect(passphraseToUnlock(args(), io)).rejects.toMatchObject({
      code: 'PASSPHRASE_NEEDED',
      hint: expect.stringContaining('--passphrase-file'),
    });
  });
});

describe('for a new key', () => {
  test('is asked for twice', async () => {
    const { askSecret, questions } = typing('correct horse', 'correct horse');
    expect(await passphraseForNewKey(args(), fakeIo({ askSecret }))).toBe('correct horse');
    expect(questions).toHaveLength(2);
  });

  test('an empty answer means none', async () => {
    const { askSecret, questions } = typing('');
    expect(await passphraseForNewKey(args(), fakeIo({ askSecret }))).toBeUndefined();
    expect(questions).toHaveLength(1);
  });

  test('two different answers are refused', async () => {
    const { askSecret } = typing('correct horse', 'correct house');
    await expect(passphraseForNewKey(args(), fakeIo({ askSecret }))).rejects.toMatchObject({
      code: 'PASSPHRASE_MISMATCH',
    });
  });

  test('one that is too long is refused', async () => {
    const long = 'x'.repeat(LONGEST + 1);
    const { askSecret } = typing(long, long);
    await expect(passphraseForNewKey(args(), fakeIo({ askSecret }))).rejects.toMatchObject({
      code: 'PASSPHRASE_INVALID',
    });
  });

  test('--no-passphrase asks nobody', async () => {
    const { askSecret, questions } = typing();
    const answer = await passphraseForNewKey(args({ passphrase: false }), fakeIo({ askSecret }));
    expect(answer).toBeUndefined();
    expect(questions).toEqual([]);
  });

  test('without a terminal there is none, unless one was wanted', async () => {
    expect(await passphraseForNewKey(args(), fakeIo())).toBeUndefined();
    await expect(passphraseForNewKey(args({ passphrase: true }), fakeIo())).rejects.toMatchObject({
      code: 'PASSPHRASE_NEEDED',
    });
  });
});
