import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, beforeEach, expect, test } from '@jest/globals';
import { copyOfProgram } from '../package/copy-of-program.ts';
import { BUNDLE, cli, cliJson } from '../support/cli.ts';
import { describeNeeding } from '../support/describe-needing.ts';
import { TRACING } from '../support/needs.ts';
import { run, type Finished } from '../support/run.ts';
import { strikeAt, type PathCall } from '../support/strace.ts';
import { filesBelow, treeOf } from '../support/tree.ts';
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

function makeFolder(): void {
  fs.mkdirSync(inCa(), { mode: 0o700 });
  fs.chownSync(inCa(), UID, GID);
}

function asOwner(...args: readonly string[]): Promise<Finished> {
  const rights = ['--reuid', String(UID), '--regid', String(GID), '--clear-groups'];
  const { env = {} } = inHome(home);
  return run('setpriv', [...rights, process.execPath, program, ...args], { cwd: '/', env });
}

const notTheOwners = (): readonly string[] =>
  [inCa(), ...filesBelow(inCa())].filter((file) => {
    const { uid, gid } = fs.lstatSync(file);
    return uid !== UID || gid !== GID;
  });

const SECRET = 'root alone may know';

const DONE = { code: 0, stderr: '' };

describeNeeding(['root', ...TRACING], "root at work in another user's CA directory", () => {
  beforeAll(() => {
    program = copyForAll();
  });

  beforeEach(async () => {
    home = newHome();
    fs.chmodSync(home, 0o711);
    makeFolder();
    await cliJson(['init-ca'], inHome(home));
    await cliJson(['issue-client', 'bob'], inHome(home));
  });

  test('leaves all that is in it to its owner, who goes on; what is elsewhere is root’s', async () => {
    await cliJson(['issue-server', 'node1', '--out', 'out'], inHome(home));
    await cliJson(['issue-client', 'bob', '--force'], inHome(home));
    await cliJson(
      ['secure', 'node1', '--client', 'alice', '--config', 'daemon.json', '--listen', '127.0.0.1:1'],
      inHome(home),
    );
    fs.writeFileSync(path.join(home, 'people'), 'carol\ndave\n');
    await cliJson(
      ['bundle', '--names', 'people', '--issue', '--for', 'node1', '-o', 'bundles'],
      inHome(home),
    );
    expect(notTheOwners()).toEqual([]);
    const elsewhere = filesBelow(home).filter((file) => !file.startsWith(inCa()));
    expect(elsewhere.map((file) => path.relative(home, file))).toEqual(
      expect.arrayContaining(['alice.tar.gz', 'bundles/carol.tar.gz', 'daemon.json', 'out/server-key.pem']),
    );
    expect(elsewhere.filter((file) => fs.lstatSync(file).uid !== 0)).toEqual([]);
    for (const args of [
      ['issue-client', 'erin'],
      ['issue-client', 'bob', '--force'],
      ['issue-server', 'node2'],
    ])
      expect(await asOwner(...args)).toMatchObject(DONE);
    expect((await asOwner('list')).stdout).toMatch(/node1.*node2.*alice.*bob.*carol.*dave.*erin/su);
  });

  test.each<Omit<PathCall, 'path'> & { readonly about: string }>([
    { name: 'fsync', about: 'clients/.staged', nth: 1 },
    { name: 'fsync', about: 'registry.db-journal', nth: 2 },
    { name: 'pwrite64', about: 'registry.db', nth: 2 },
    { name: 'fsync', about: 'clients', nth: 1 },
  ])(
    'killed at $name $nth of $about, leaves what its owner can mend',
    async ({ about, ...call }) => {
      const killed = await strikeAt({ ...call, path: inCa(about) }, 'signal=KILL', {
        args: ['issue-client', 'alice'],
        options: inHome(home),
      });
      expect(killed).toMatchObject({ isHit: true });
      expect(notTheOwners()).toEqual([]);
      expect(await asOwner('issue-client', 'carol')).toMatchObject({ code: 0 });
      expect((await asOwner('list')).stdout).toContain('carol');
    },
    60_000,
  );

  test.each(['setuid', 'setgid'])(
    'is refused without the capability %s, and nothing changes',
    async (capability) => {
      const before = treeOf(home);
      const prefix = ['setpriv', `--bounding-set=-${capability}`];
      const refused = await cli(['issue-client', 'alice'], { ...inHome(home), prefix });
      expect(refused).toMatchObject({ code: 1, stdout: '' });
      expect(refused.stderr).toMatch(/error: .*\/ca belongs to another user \(uid 4242\), and root may not/u);
      expect(refused.stderr).toMatch(/\nhint: .*--user 4242.*SETUID and SETGID\n$/u);
      expect(treeOf(home)).toEqual(before);
    },
  );

  test.each([
    [
      'issue-server',
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
    ['issue-client', 'clients/node1', ['bundle', 'node1', '-o', 'out']],
  ])('hands on nothing that a link of its owner leads to: %s', async (issue, folder, args) => {
    await cliJson([issue, 'node1'], inHome(home));
    fs.writeFileSync(path.join(home, 'secret'), SECRET, { mode: 0o600 });
    fs.rmSync(inCa(`${folder}/ca.pem`));
    fs.symlinkSync(path.join(home, 'secret'), inCa(`${folder}/ca.pem`));
    const { code, stdout, stderr } = await cli(args, inHome(home));
    expect({ code, says: stdout + stderr }).toEqual({
      code: 1,
      says: expect.stringContaining(`cannot read ${inCa(folder)}/ca.pem: permission denied`),
    });
    const leaks = filesBelow(home).filter(
      (file) => fs.lstatSync(file).isFile() && fs.readFileSync(file).includes(SECRET),
    );
    expect(leaks).toEqual([path.join(home, 'secret')]);
  });

  test('needs nothing of the program but what root has read, which may be root’s alone', async () => {
    const folder = path.dirname(program);
    fs.chmodSync(folder, 0o700);
    try {
      fs.rmSync(inCa(), { recursive: true });
      makeFolder();
      const { env = {} } = inHome(home);
      for (const args of [['init-ca'], ['issue-client', 'alice'], ['list']])
        expect(await run(process.execPath, [program, ...args], { cwd: '/', env })).toMatchObject(DONE);
      expect(notTheOwners()).toEqual([]);
    } finally {
      fs.chmodSync(folder, 0o755);
    }
  });

  test('its owner is told what root once left there', async () => {
    fs.chownSync(inCa('clients/bob'), 0, 0);
    const { code, stderr } = await asOwner('issue-client', 'alice');
    expect(code).toBe(1);
    expect(stderr).toContain(`${inCa('clients/bob')} belongs to another user (uid 0) than ${inCa()}\n`);
    expect(stderr).toContain(`hint: as root: chown -R ${UID}:${GID} ${inCa()}\n`);
  });
});
