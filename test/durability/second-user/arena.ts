import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import type { CliOptions } from '../../support/cli.ts';
import { temporaryFolder } from '../../support/temp.ts';

const UID = 4242;
const SECRET = 'root alone can read it';
const [MEDDLE, HOOK] = ['meddle.cjs', 'hook.cjs'].map((name) => path.join(import.meta.dirname, name)) as [
  string,
  string,
];

/** Folders that a second user may write to, and what root must leave as it is. */
export type Arena = {
  readonly home: string;
  readonly folders: readonly string[];
  /** Up to here, only root can write to the folders. */
  readonly letIn: () => void;
  /** How a command works in one of the folders. */
  readonly options: (folder: string) => CliOptions;
  /** All that may not change, wherever it has been moved. */
  readonly guarded: () => unknown;
  /** Files of the folders that hold what only root can read. */
  readonly leaks: () => readonly string[];
  /** Has the second user act at each call of the commands that are run with these options. */
  readonly meddle: (
    options: CliOptions,
    how: { readonly seed: number; readonly isPlain?: boolean },
  ) => Meddler;
  readonly close: () => void;
};

export type Meddler = { readonly options: CliOptions; readonly stop: () => Promise<void> };

const MODES = { own: 0o755, shared: 0o777, sticky: 0o1777 };

/** `start` is a home folder; its arena has no folders yet. */
export function makeArena(start: string): Arena {
  const home = path.join(temporaryFolder(), 'home');
  fs.chmodSync(path.dirname(home), 0o755);
  // Owners and links stay as they are.
  spawnSync('cp', ['-a', start, home]);
  const [arena, outside] = ['arena', 'outside'].map((name) => path.join(home, name)) as [string, string];
  for (const folder of [arena, outside]) fs.mkdirSync(folder, { mode: 0o755, recursive: true });
  makeOutside(outside);
  const places = Object.entries(MODES).map(([name, mode]) => ({ above: path.join(arena, name), mode }));
  const folders = places.map(({ above }) => path.join(above, 'project'));
  for (const folder of folders) fs.mkdirSync(folder, { recursive: true, mode: 0o755 });
  // Root's folders where the second user can give them other names: each is held open, to be found again.
  const held = folders.map((folder) => makeGuarded(path.join(path.dirname(folder), 'of-root')));
  return {
    home,
    folders,
    options: (folder) => ({
      home,
      cwd: folder,
      env: { DOCKER_MTLS_CA_DIR: path.join(home, 'ca'), DOCKER_CONFIG: path.join(folder, 'docker-config') },
    }),
    guarded: () => [stateOf(outside), ...held.map((descriptor) => stateOf(`/proc/self/fd/${descriptor}/.`))],
    leaks: () => leaksIn(arena),
    letIn: () => places.forEach(({ above, mode }) => letIn(above, mode)),
    meddle: (options, how) => meddle({ arena, outside, ...how }, options),
    close: () => held.splice(0).forEach((descriptor) => fs.closeSync(descriptor)),
  };
}

/** Where everybody may rename the folder that a command works in, it is root's. */
function letIn(above: string, mode: number): void {
  const project = path.join(above, 'project');
  const owner = `${UID}:${UID}`;
  if (mode === MODES.own) fs.chownSync(above, UID, UID);
  if (mode !== MODES.shared) spawnSync('chown', ['-R', '-h', owner, project]);
  fs.chmodSync(above, mode);
}

function makeOutside(outside: string): void {
  for (const name of ['folder', 'empty']) fs.mkdirSync(path.join(outside, name));
  fs.mkdirSync(path.join(outside, 'folder/deeper'));
  for (const name of ['file', 'folder/file', 'folder/deeper/file', 'folder/ca.pem', 'folder/key.pem'])
    fs.writeFileSync(path.join(outside, name), `${SECRET}: ${name}`, { mode: 0o600 });
}

function makeGuarded(folder: string): number {
  fs.mkdirSync(folder, { mode: 0o700 });
  fs.mkdirSync(path.join(folder, 'deeper'));
  for (const name of ['file', 'deeper/file'])
    fs.writeFileSync(path.join(folder, name), name, { mode: 0o600 });
  return fs.openSync(folder, fs.constants.O_DIRECTORY);
}

/** Names, kinds, modes, owners and contents of a folder and all below it. */
function stateOf(folder: string): readonly string[] {
  const names = ['.', ...fs.readdirSync(folder, { recursive: true, encoding: 'utf8' }).toSorted()];
  return names.map((name) => {
    const file = path.join(folder, name);
    const { mode, uid, gid } = fs.lstatSync(file);
    const text = fs.lstatSync(file).isFile() ? fs.readFileSync(file, 'utf8') : '';
    return `${name} ${mode.toString(8)} ${uid}:${gid} ${text}`;
  });
}

function leaksIn(arena: string): readonly string[] {
  // Unlike Node's, this listing follows no links.
  const { stdout } = spawnSync('find', [arena, '-type', 'f', '-print0'], { encoding: 'utf8' });
  const files = stdout.split('\0').filter((file) => file !== '');
  return files.filter((file) => fs.readFileSync(file, 'utf8').includes(SECRET));
}

type Attack = {
  readonly arena: string;
  readonly outside: string;
  readonly seed: number;
  readonly isPlain?: boolean;
};

function meddle({ isPlain = false, ...attack }: Attack, options: CliOptions): Meddler {
  // Where this user can read it, also when somebody else owns the checkout.
  const folder = temporaryFolder();
  fs.chmodSync(folder, 0o755);
  const script = path.join(folder, 'meddle.cjs');
  fs.copyFileSync(MEDDLE, script);
  const [ask, answer] = ['ask', 'answer'].map((name) => path.join(folder, name)) as [string, string];
  spawnSync('mkfifo', ['-m', '666', ask, answer]);
  const rights = ['--reuid', String(UID), '--regid', String(UID), '--clear-groups'];
  const words = [process.execPath, script, JSON.stringify({ ...attack, ask, answer })];
  const child = spawn('setpriv', [...rights, ...words], { stdio: 'ignore', cwd: '/' });
  const told = JSON.stringify({ arena: attack.arena, ask, answer, isPlain });
  const env = { ...options.env, NODE_OPTIONS: `--require ${HOOK}`, DM_MEDDLE: told };
  return { options: { ...options, env }, stop: () => stop(child) };
}

async function stop(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit');
  if (child.exitCode !== null || child.signalCode !== null || !child.kill('SIGKILL')) return;
  await ended;
}
