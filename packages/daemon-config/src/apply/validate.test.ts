import fs from 'node:fs';
import nodePath from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { temporaryFolder } from '../../../../test/support/temp.ts';
import { findDockerd } from './find-dockerd.ts';
import { refuseRejected, validateDaemonConfig, validateDaemonConfigText } from './validate.ts';

let folder: string;

beforeEach(() => {
  folder = temporaryFolder();
});

function program(name: string, body: string): string {
  const path = nodePath.join(folder, name);
  fs.writeFileSync(
    path,
    `#!/bin/sh\n[ "$1" = --version ] && { echo "Docker version 26.1.5, build 411e817"; exit; }\n${body}\n`,
    { mode: 0o755 },
  );
  return path;
}

describe('validateDaemonConfig', () => {
  test('gives the engine file and flags, and passes on what it says', async () => {
    const dockerd = program('dockerd', 'echo "$@" >&2; echo "configuration OK" >&2');
    expect(await validateDaemonConfig({ dockerd, path: '/x/daemon.json', flags: ['-H', 'fd://'] })).toEqual({
      ran: true,
      ok: true,
      version: '26.1.5',
      message: '--validate --config-file /x/daemon.json -H fd:// configuration OK',
    });
  });

  test('a refusal is one line, printable, and names no temporary file', async () => {
    const dockerd = program(
      'dockerd',
      'printf "unable to configure with file %s:\\n\\033[31m bad\\n" "$3" >&2; exit 1',
    );
    const validation = await validateDaemonConfigText({ dockerd, text: '{}' });
    expect(validation).toEqual({
      ran: true,
      ok: false,
      version: '26.1.5',
      message: 'unable to configure with file daemon.json: [31m bad',
    });
    expect(() => refuseRejected(validation)).toThrow(
      expect.objectContaining({
        code: 'DAEMON_CONFIG_REJECTED',
        message:
          'the engine (26.1.5) refuses this configuration: unable to configure with file daemon.json: [31m bad',
      }),
    );
  });

  test('the text reaches the engine in a private file that is gone afterwards', async () => {
    const seen = nodePath.join(folder, 'seen');
    const dockerd = program(
      'dockerd',
      `stat -c '%a %n' "$3" "$(dirname "$3")" > '${seen}'; cat "$3" >> '${seen}'`,
    );
    await validateDaemonConfigText({ dockerd, text: '{"x": 1}' });
    const [file = '', directory = '', text] = fs.readFileSync(seen, 'utf8').split('\n');
    expect([file.slice(0, 4), directory.slice(0, 4), text]).toEqual(['600 ', '700 ', '{"x": 1}']);
    expect(fs.existsSync(directory.slice(4))).toBe(false);
  });

  test('an engine that does not know the flag says nothing, and that is no refusal', async () => {
    const dockerd = program('dockerd', 'echo "unknown flag: --validate" >&2; exit 125');
    const validation = await validateDaemonConfigText({ dockerd, text: '{}' });
    expect(validation).toMatchObject({ ran: false, message: expect.stringContaining('that came with 23.0') });
    expect(() => refuseRejected(validation)).not.toThrow();
  });

  test('an engine that hangs is given up', async () => {
    const dockerd = program('dockerd', 'exec sleep 60');
    expect(await validateDaemonConfigText({ dockerd, text: '{}', timeoutMs: 200 })).toEqual({
      ran: false,
      ok: false,
      message: `cannot run ${dockerd}: no answer within 0.2 s`,
    });
  });

  test('a program that is not there is no refusal either', async () => {
    expect(await validateDaemonConfigText({ dockerd: '/nowhere/dockerd', text: '{}' })).toEqual({
      ran: false,
      ok: false,
      message: 'cannot run /nowhere/dockerd: it was not found',
    });
  });
});

describe('findDockerd', () => {
  test('takes the first program on the path', () => {
    const dockerd = program('dockerd', '');
    expect(findDockerd(`relative::/nowhere:${folder}`)).toBe(dockerd);
  });

  test('takes neither folders nor what cannot be run', () => {
    fs.mkdirSync(nodePath.join(folder, 'a', 'dockerd'), { recursive: true });
    fs.mkdirSync(nodePath.join(folder, 'b'));
    fs.writeFileSync(nodePath.join(folder, 'b', 'dockerd'), '', { mode: 0o644 });
    expect(findDockerd(`${folder}/a:${folder}/b`) ?? '').not.toContain(folder);
  });
});
