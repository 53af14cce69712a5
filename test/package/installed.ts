import fs from 'node:fs';
import path from 'node:path';
import { expect } from '@jest/globals';
import { run, searchPath } from '../support/run.ts';
import { temporaryFolder } from '../support/temp.ts';
import { npm, unlessUnreachable } from './npm.ts';

/** An empty folder in which plain npm has installed a package, or what kept it from that. */
export type Installation = { readonly folder: string; readonly obstacle: string | undefined };

export async function install(tarball: string): Promise<Installation> {
  const folder = temporaryFolder();
  return { folder, obstacle: await unlessUnreachable(() => npm(['install', tarball], folder)) };
}

/** A package below node_modules, as npm recorded it. */
export type InstalledPackage = { readonly link?: boolean; readonly hasInstallScript?: boolean };

/** What an installation consists of, by package name. */
export function installedPackages(folder: string): Readonly<Record<string, InstalledPackage>> {
  const lock = fs.readFileSync(path.join(folder, 'node_modules/.package-lock.json'), 'utf8');
  const { packages } = JSON.parse(lock) as { packages: Record<string, InstalledPackage> };
  return Object.fromEntries(
    Object.entries(packages).map(([place, entry]) => [place.replace(/^.*node_modules\//, ''), entry]),
  );
}

/** Runs the installed program and expects success: `npx docker-mtls …`, or what npm linked it as. */
export type Ask = (start: readonly string[], words: readonly string[]) => Promise<unknown>;

/** Has a program of an installation run on the given `node`, in a home of its own. */
export function asker(folder: string, node: string, home: string): Ask {
  // npm would leave what V8 compiled of it in the temporary folder.
  const env = { HOME: home, PATH: searchPath([path.dirname(node)]), NODE_DISABLE_COMPILE_CACHE: '1' };
  return async ([program = '', ...first], words) => {
    const answer = await run(program, [...first, ...words, '--json'], { cwd: folder, env });
    expect(answer).toMatchObject({ code: 0, stderr: '' });
    return JSON.parse(answer.stdout);
  };
}
