import { requireServerKey } from '@docker-mtls/authority';
import type { Entry } from '@docker-mtls/ca-directory';
import type { Args } from '../command-line/args.ts';

/** Refuses a server whose key the engine would not find, unless the command line names another folder for it. */
export function requireKeyForEngine(args: Args, server: Entry): void {
  if (args.text('certs-dir') === undefined && args.text('out') === undefined) requireServerKey(server);
}
