import fs from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { BUNDLE, cli, cliJson, PROGRAM } from '../support/cli.ts';
import { describeNeeding } from '../support/describe-needing.ts';
import { run, type Finished } from '../support/run.ts';
import { temporaryFolder } from '../support/temp.ts';

/** The file that starts the program. */
const STARTED = fs.realpathSync(PROGRAM.at(-1) ?? '');

describe("a user's own plugin", () => {
  let home: string;
  let link: string;
  beforeEach(() => {
    home = temporaryFolder();
    link = path.join(home, '.docker/cli-plugins/docker-mtls');
  });

  test('is a link to the program, made once and removed once', async () => {
    expect(await cliJson(['plugin', 'install'], { home })).toEqual({ link, program: STARTED, changed: true });
    expect(fs.readlinkSync(link)).toBe(STARTED);
    expect(await cliJson(['plugin', 'install'], { home })).toMatchObject({ changed: false });
    expect(await cliJson(['plugin', 'remove'], { home })).toEqual({ link, removed: true });
    expect(fs.readdirSync(path.dirname(link))).toEqual([]);
    expect(await cliJson(['plugin', 'remove'], { home })).toEqual({ link, removed: false });
  });

  test('replaces a link that leads nowhere', async () => {
    fs.mkdirSync(path.dirname(link), { recursive: true });
    fs.symlinkSync('/missing/docker-mtls', link);
    expect(await cliJson(['plugin', 'install'], { home })).toMatchObject({ changed: true });
    expect(fs.readlinkSync(link)).toBe(STARTED);
  });

  test.each(['install', 'remove'])('that is a file survives %s', async (action) => {
    fs.mkdirSync(path.dirname(link), { recursive: true });
    fs.writeFileSync(link, 'other');
    const { code, stderr } = await cli(['plugin', action], { home });
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('is not a link') });
    expect(fs.readFileSync(link, 'utf8')).toBe('other');
  });

  test('is not linked into a folder that other users can change', async () => {
    fs.mkdirSync(path.dirname(link), { recursive: true });
    fs.chmodSync(path.dirname(link), 0o777);
    const { code, stderr } = await cli(['plugin', 'install'], { home });
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringContaining('other users may write to'),
    });
    expect(fs.readdirSync(path.dirname(link))).toEqual([]);
  });

  test('does not lead to a program that other users can change', async () => {
    const program = packageCopy();
    const file = path.join(path.dirname(program), 'lib/start.js');
    fs.chmodSync(file, 0o666);
    const words = [program, 'plugin', 'install'];
    const { code, stderr } = await run(process.execPath, words, { cwd: home, env: { HOME: home } });
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringContaining(`${file} is not safe for a plugin of the Docker CLI`),
    });
    expect(fs.existsSync(path.dirname(link))).toBe(false);
  });
});

/** The program in a package folder of its own. */
function packageCopy(): string {
  const dist = path.join(temporaryFolder(), 'dist');
  fs.cpSync(path.dirname(BUNDLE), dist, { recursive: true });
  return path.join(dist, 'docker-mtls.cjs');
}

const SYSTEM_LINK = '/usr/local/lib/docker/cli-plugins/docker-mtls';

/** Installs a copy of the program for every user of a machine that is gone afterwards, and shows the link. */
function installForAll(program: string): Promise<Finished> {
  const words = [process.execPath, program, 'plugin', 'install', '--system'].join(' ');
  const script = `umask 077; mount -t tmpfs tmpfs /usr/local/lib && ${words} >&2; code=$?
    stat -c %a /usr/local/lib/docker/cli-plugins; readlink ${SYSTEM_LINK}; exit $code`;
  return run('unshare', ['--mount', '--propagation', 'private', 'sh', '-c', script]);
}

describeNeeding(['root', 'mounts', 'name spaces'], 'a plugin for every user', () => {
  test('is a link that others can follow, to files that only root can change', async () => {
    const program = packageCopy();
    const dist = path.dirname(program);
    expect(await installForAll(program)).toMatchObject({ code: 0, stdout: `755\n${program}\n` });

    fs.chmodSync(path.join(dist, 'lib/start.js'), 0o666);
    const { code, stdout, stderr } = await installForAll(program);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(`${dist}/lib/start.js is not safe for a plugin for every user`);
  });

  test('is refused in a folder below that of another user', async () => {
    const program = packageCopy();
    fs.chownSync(path.dirname(program), 65_534, 65_534);
    const { code, stderr } = await installForAll(program);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringContaining('uid 65534 owns it'),
    });
  });
});

describeNeeding(['root'], 'for somebody who is not root', () => {
  test('a plugin for every user is refused as wrong usage', async () => {
    const prefix = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];
    const { code, stderr } = await cli(['plugin', 'install', '--system'], { home: '/', prefix });
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringContaining('--system changes a folder of root'),
    });
  });
});
