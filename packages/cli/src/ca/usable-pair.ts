import { MtlsError } from '@docker-mtls/errors';
import type { Entry } from '@docker-mtls/store';
import type { Args } from '../command-line/args.ts';
import { moment } from '@docker-mtls/text';
import { folderOf, hasKey, lostKeyHint, newPairHint } from './current-entry.ts';

/** Refuses a pair that nobody would take from whoever shows it. Codes: `PAIR_EXPIRED`, `PAIR_NOT_YET_VALID`. */
export function refuseOutOfDate(pair: Entry, now: Date): void {
  const { kind, name, notAfter } = pair;
  refuseNotYetValid(pair, now);
  if (notAfter > now) return;
  throw new MtlsError(
    'PAIR_EXPIRED',
    `the certificate of the ${kind} ${JSON.stringify(name)} ended on ${moment(notAfter)}`,
    { hint: newPairHint({ kind, name }) },
  );
}

/** Either the clock is wrong now or it was when the pair was issued: which, only its owner knows. Code: `PAIR_NOT_YET_VALID`. */
export function refuseNotYetValid({ kind, name, notBefore }: Entry, now: Date): void {
  if (notBefore <= now) return;
  throw new MtlsError(
    'PAIR_NOT_YET_VALID',
    `the certificate of the ${kind} ${JSON.stringify(name)} begins on ${moment(notBefore)}, and it is ${moment(now)} here`,
    {
      hint: `check the clock of this machine; if it was wrong when that was issued, ${newPairHint({ kind, name })}`,
    },
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
