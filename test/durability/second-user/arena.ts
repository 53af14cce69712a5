import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { temporaryFolder } from '../../support/temp.ts';

export const UID = 4242;
const MEDDLE = path.join(import.meta.dirname, 'meddle.cjs');

/** Folders that a second user may write to, and what root must leave as it is. */
export type Arena = {
  readonly home: string;
  /** Where the commands work. */
  readonly folders: readonly string[];
  /** All that may not change, wherever it has been moved. */
  readonly guarded: () => unknown;
  readonly meddle: (seed: number) => Promise<() => Promise<void>>;
  readonly close: () => void;
};

const MODES = { own: 0o755, shared: 0o777, sticky: 0o1777 };

export function makeArena(): Arena {
  const home = temporaryFolder();
  fs.chmodSync(home, 0o755);
  const [arena, outside] = ['arena', 'outside'].map((name) => path.join(home, name)) as [string, string];
  for (const folder of [arena, outside]) fs.mkdirSync(folder, { mode: 0o755 });
  makeOutside(outside);
  const folders = Object.entries(MODES).map(([name, mode]) => {
    const folder = path.join(arena, name);
    fs.mkdirSync(folder);
    if (name === 'own') fs.chownSync(folder, UID, UID);
    fs.chmodSync(folder, mode);
    return folder;
  });
  // Root's folders where the second user can give them other names: each is held open, to be found again.
  const held = folders.map((folder) => makeGuarded(path.join(folder, 'of-root')));
  const closing = { held };
  return {
    home,
    folders,
    guarded: () => [stateOf(outside), ...held.map((descriptor) => stateOf(`/proc/self/fd/${descriptor}/.`))],
    meddle: (seed) => meddle([arena, outside, String(seed)]),
    close: () => closing.held.splice(0).forEach((descriptor) => fs.closeSync(descriptor)),
  };
}

function makeOutside(outside: string): void {
  for (const name of ['folder', 'empty']) fs.mkdirSync(path.join(outside, name));
  fs.mkdirSync(path.join(outside, 'folder/deeper'));
  for (const name of ['file', 'folder/file', 'folder/deeper/file', 'folder/ca.pem', 'folder/key.pem'])
    fs.writeFileSync(path.join(outside, name), `of root: ${name}`, { mode: 0o600 });
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

async function meddle(words: readonly string[]): Promise<() => Promise<void>> {
  const rights = ['--reuid', String(UID), '--regid', String(UID), '--clear-groups'];
  // Where this user can read it, also when somebody else owns the checkout.
  const script = path.join(temporaryFolder(), 'meddle.cjs');
  fs.chmodSync(path.dirname(script), 0o755);
  fs.copyFileSync(MEDDLE, script);
  const child = spawn('setpriv', [...rights, process.execPath, script, ...words], {
    stdio: 'ignore',
    cwd: '/',
  });
  await once(child, 'spawn');
  return () => stop(child);
}

async function stop(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit');
  if (child.exitCode !== null || child.signalCode !== null || !child.kill('SIGKILL')) return;
  await ended;
}
