import fs from 'node:fs';
import { engineFiles } from '@docker-mtls/engine';
import type { Entry } from '@docker-mtls/ca-directory';
import type { Args } from '../../command-line/args.ts';

/**
 * Is the engine on another machine? It is told to read its pair where this one does not have it. What answers on the
 * loopback of this one is another engine then, perhaps with another pair of the same CA.
 */
export function isElsewhere(args: Args, server: Entry): boolean {
  const folder = args.text('certs-dir');
  return folder !== undefined && !holds(engineFiles(folder).certificate, server.certificate().pem);
}

function holds(file: string, pem: string): boolean {
  try {
    return fs.readFileSync(file, 'utf8').includes(pem.trim());
  } catch {
    // The user of a CA need not have access to the files of an engine of this machine.
    return false;
  }
}
