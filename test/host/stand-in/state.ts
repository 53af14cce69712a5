import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { alike, filesBelow, mode } from '../../support/tree.ts';
import { fingerprintOf, type Machine } from './machine.ts';

/** What is on the disk of a machine on paper and what its engine serves with, without what differs from run to run. */
export type PaperState = {
  readonly files: readonly string[];
  /** Does the engine serve with the daemon.json that is there? And with which pair? */
  readonly serving: string;
  /** Is the pair in force whole, and the engine's? */
  readonly pair: string;
};

const SERVER = 'ca/servers/node1';

export function stateOf({ home, serving }: Machine): PaperState {
  const config = path.join(home, 'docker/daemon.json');
  const now = fs.existsSync(config) ? fs.readFileSync(config, 'utf8') : '';
  const served = serving();
  const shown = served?.certificate === undefined ? 'nobody' : fingerprintOf(served.certificate);
  const own = fingerprintOf(fs.readFileSync(path.join(home, SERVER, 'server-cert.pem'), 'utf8'));
  return {
    files: ['docker', 'units', SERVER, 'ca/servers/.staged'].flatMap((folder) => filesOf(home, folder)),
    serving: served === undefined ? 'nothing' : served.config === now ? 'as it is' : 'something else',
    pair: shown === 'nobody' ? 'not served' : shown === own ? 'served' : 'another one is served',
  };
}

function filesOf(home: string, folder: string): readonly string[] {
  const root = path.join(home, folder);
  const files = fs.existsSync(root) ? filesBelow(root) : [];
  return files
    .filter((file) => !isKept(file))
    .map((file) => `${mode(file)} ${alike(path.relative(home, file))} ${contentOf(file)}`)
    .toSorted();
}

/** The pair that went last stays until the next is issued, also where the one before it was put back in force. */
function isKept(file: string): boolean {
  const [, folder, generation] = /^(.*)\/(\.gen-[^/]+)/u.exec(file) ?? [];
  return folder !== undefined && fs.readlinkSync(path.join(folder, '.current')) !== generation;
}

/** Pairs and hashes of what was written differ from run to run. */
function contentOf(file: string): string {
  if (!fs.statSync(file).isFile() || file.endsWith('.pem')) return '';
  const text = alike(fs.readFileSync(file, 'utf8')).replaceAll(/[0-9a-f]{64}/gu, 'HASH');
  return createHash('sha256')
    .update(text.replaceAll(/:\d{5}"/gu, ':PORT"'))
    .digest('hex')
    .slice(0, 16);
}
