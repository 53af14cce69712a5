import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

type Setup = (work: string) => void;

/** Writes a file below the work folder, and the folders above it. */
export function file(name: string, data: string | Buffer): Setup {
  return (work) => {
    const target = path.join(work, name);
    fs.mkdirSync(path.dirname(target), { recursive: true });
    fs.writeFileSync(target, data, { mode: 0o600 });
  };
}

export function folder(name: string): Setup {
  return (work) => void fs.mkdirSync(path.join(work, name), { recursive: true });
}

/** A symbolic link; the target is taken as it is. */
export function link(name: string, target: string): Setup {
  return (work) => fs.symlinkSync(target, path.join(work, name));
}

/** A pipe without a writer: a careless reader waits for ever. */
export function pipe(name: string): Setup {
  return (work) => void execFileSync('mkfifo', [path.join(work, name)]);
}

export function remove(name: string): Setup {
  return (work) => fs.rmSync(path.join(work, name), { recursive: true });
}

export function mode(name: string, bits: number): Setup {
  return (work) => fs.chmodSync(path.join(work, name), bits);
}

export function copy(from: string, to: string): Setup {
  return (work) => fs.copyFileSync(path.join(work, from), path.join(work, to));
}

export function edit(name: string, change: (bytes: Buffer) => string | Buffer): Setup {
  return (work) => {
    const target = path.join(work, name);
    fs.writeFileSync(target, change(fs.readFileSync(target)));
  };
}

export function all(...setups: readonly Setup[]): Setup {
  return (work) => setups.forEach((setup) => setup(work));
}
