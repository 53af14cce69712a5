import { MtlsError } from '@docker-mtls/errors';
import type { Entry } from '@docker-mtls/store';
import type { Args } from '../command-line/args.ts';
import { moment } from '../printing/words.ts';
import { folderOf, hasKey, lostKeyHint, newPairHint } from './current-entry.ts';

/** Refuses a pair that nobody would take from whoever shows it. Code: `PAIR_EXPIRED`. */
export function refuseExpired({ kind, name, notAfter }: Entry, now: Date): void {
  if (notAfter > now) return;
  throw new MtlsError(
    'PAIR_EXPIRED',
    `the certificate of the ${kind} ${JSON.stringify(name)} ended on ${moment(notAfter)}`,
    { hint: newPairHint({ kind, name }) },
  );
}

/**
 * Refuses to name a key to the engine that is not there: it would not start. Whoever names another folder knows what is
 * in it. Code: `PAIR_KEY_ELSEWHERE`.
 */
export function requireServerKey(args: Args, server: Entry): void {
  if (args.text('certs-dir') !== undefined || args.text('out') !== undefined || hasKey(server)) return;
  throw new MtlsError(
    'PAIR_KEY_ELSEWHERE',
    `the key of the server ${JSON.stringify(server.name)} is not in ${folderOf(server)}`,
    {
      hint: `if it is where a request was made, bring the certificate there, and name that folder, as the engine sees it, with --certs-dir; ${lostKeyHint(server)}`,
    },
  );
}
