import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, beforeEach, expect, test } from '@jest/globals';
import { copyOfProgram } from '../package/copy-of-program.ts';
import { BUNDLE, cli } from '../support/cli.ts';
import { describeNeeding } from '../support/describe-needing.ts';
import { run, type Finished } from '../support/run.ts';
import { filesBelow } from '../support/tree.ts';
import { newHome } from './homes.ts';
import { inHome } from './kill-everywhere.ts';

const UID = 4242;
const GID = 4243;

let home: string;
/** The program, where the owner can read it, too. */
let program: string;

const inCa = (name = ''): string => path.resolve(home, 'ca', name);

function copyForAll(): string {
  const copy = copyOfProgram();
  const libsql = fs.realpathSync(path.join(path.dirname(BUNDLE), '../node_modules/libsql'));
  fs.cpSync(path.dirname(libsql), path.join(path.dirname(copy), 'node_modules'), {
    recursive: true,
    dereference: true,
  });
  fs.chmodSync(path.dirname(copy), 0o755);
  return copy;
}

function asOwner(...args: readonly string[]): Promise<Finished> {
  const rights = ['--reuid', String(UID), '--regid', String(GID), '--clear-groups'];
  const { env = {} } = inHome(home);
  return run('setpriv', [...rights, process.execPath, program, ...args], { cwd: '/', env });
}

/** Every file with its owner and content. */
function state(): readonly string[] {
  return filesBelow(home).map((file) => {
    const stats = fs.lstatSync(file);
    const content = stats.isFile() ? fs.readFileSync(file, 'base64') : '';
    return `${file} ${stats.uid}:${stats.gid} ${stats.mode} ${content}`;
  });
}

const SECRET = 'root alone may know';

describeNeeding(['root'], "root and another user's CA directory", () => {
  beforeAll(() => {
    program = copyForAll();
  });

  beforeEach(async () => {
    home = newHome();
    fs.chmodSync(home, 0o711);
    fs.mkdirSync(inCa(), { mode: 0o700 });
    fs.chownSync(inCa(), UID, GID);
    for (const args of [['init-ca'], ['issue-client', 'bob'], ['issue-server', 'node1']]) {
      const { code, stderr } = await asOwner(...args);
      if (code !== 0) throw new Error(`${args.join(' ')}: ${stderr}`);
    }
  });

  test.each([
    ['list'],
    ['show', 'bob'],
    ['bundle', 'bob', '-o', 'bob.tar.gz'],
    ['env', 'bob', '--for', 'node1'],
    ['daemon-config', '--server', 'node1', '--config', 'daemon.json'],
  ])('root may read it: %s', async (...args) => {
    const before = state().filter((line) => line.startsWith(inCa()));
    expect(await cli(args, inHome(home))).toMatchObject({ code: 0 });
    expect(state().filter((line) => line.startsWith(inCa()))).toEqual(before);
  });

  test.each([
    ['issue-client', 'alice'],
    ['issue-client', 'bob', '--force'],
    ['issue-server', 'node2', '--out', 'out'],
    ['bundle', 'alice', '--issue', '-o', 'alice.tar.gz'],
    ['secure', 'node1', '--client', 'alice', '--config', 'daemon.json', '--listen', '127.0.0.1:1'],
  ])('root does not change it, and is told who does: %s', async (...args) => {
    const before = state();
    const { code, stderr } = await cli(args, inHome(home));
    expect(code).toBe(1);
    expect(stderr).toContain(`${inCa()} belongs to another user (#${UID}), and root does not change it`);
    expect(stderr).toMatch(/^hint: .*sudo -u '#4242' docker-mtls/mu);
    expect(state()).toEqual(before);
  });

  test.each(['ca', 'ca/below/it'])('root makes no CA in that folder: %s', async (name) => {
    const before = state();
    const { code, stderr } = await cli(['init-ca', '--ca-dir', path.join(home, name)], inHome(home));
    expect(code).toBe(1);
    expect(stderr).toMatch(/already|#4242/u);
    expect(state()).toEqual(before);
  });

  test.each([
    [
      'servers/node1',
      [
        'secure',
        'node1',
        '--client',
        'bob',
        '--out',
        'out',
        '--config',
        'daemon.json',
        '--listen',
        '127.0.0.1:1',
      ],
    ],
    ['clients/bob', ['bundle', 'bob', '-o', 'out']],
  ])('root hands on nothing that a link in %s leads to', async (folder, args) => {
    fs.writeFileSync(path.join(home, 'secret'), SECRET, { mode: 0o600 });
    const [generation = ''] = fs.readdirSync(inCa(folder)).filter((name) => name.startsWith('.gen-'));
    fs.rmSync(inCa(`${folder}/${generation}/ca.pem`));
    fs.symlinkSync(path.join(home, 'secret'), inCa(`${folder}/${generation}/ca.pem`));
    const { code, stdout, stderr } = await cli(args, inHome(home));
    expect({ code, says: stdout + stderr }).toEqual({
      code: 1,
      says: expect.stringContaining('belongs to uid 0, not to uid 4242'),
    });
    const leaks = filesBelow(home).filter(
      (file) => fs.lstatSync(file).isFile() && fs.readFileSync(file).includes(SECRET),
    );
    expect(leaks).toEqual([path.join(home, 'secret')]);
  });

  test('its owner is told what root once left there', async () => {
    fs.chownSync(inCa('clients/bob'), 0, 0);
    const { code, stderr } = await asOwner('issue-client', 'bob', '--force');
    expect(code).toBe(1);
    expect(stderr).toContain(`${inCa('clients/bob')} belongs to another user (uid 0) than ${inCa()}\n`);
    expect(stderr).toContain(`hint: as root: chown -R ${UID}:${GID} ${inCa()}\n`);
  });
});
