import { validityState } from '@docker-mtls/ca';
import type { Entry } from '@docker-mtls/ca-directory';
import { distance, moment } from '@docker-mtls/text';
import { AuthorityError } from './error.ts';
import { folderOf, hasKey, lostKeyHint, sameNamesHint } from './current-pair.ts';

/** Refuses a pair that no engine or client accepts now. Codes: `PAIR_EXPIRED`, `PAIR_NOT_YET_VALID`. */
export function refuseOutOfDate(pair: Entry, now: Date): void {
  const { kind, name, notAfter } = pair;
  refuseNotYetValid(pair, now);
  if (notAfter > now) return;
  throw new AuthorityError(
    'PAIR_EXPIRED',
    `the certificate of the ${kind} ${JSON.stringify(name)} ended on ${moment(notAfter)}`,
    { hint: sameNamesHint({ kind, name }) },
  );
}

/** The clock is wrong now, or was when the pair was issued. Code: `PAIR_NOT_YET_VALID`. */
export function refuseNotYetValid({ kind, name, notBefore }: Entry, now: Date): void {
  if (notBefore <= now) return;
  throw new AuthorityError(
    'PAIR_NOT_YET_VALID',
    `the certificate of the ${kind} ${JSON.stringify(name)} begins on ${moment(notBefore)}, and it is ${moment(now)} here`,
    {
      hint: `check the clock of this machine; if it was wrong when that was issued, ${sameNamesHint({ kind, name })}`,
    },
  );
}

/** What to say of a certificate that is handed out or proven in the last third of its life, or of a CA near its end. */
export function dueWarning(entry: Entry, now: Date): string | undefined {
  const { kind, name, notBefore, notAfter } = entry;
  if (validityState({ notBefore, notAfter, isCa: kind === 'ca' }, now) !== 'due') return undefined;
  const ends = `ends on ${moment(notAfter)}, ${distance(notAfter, now)}`;
  if (kind === 'ca')
    return `the CA ${JSON.stringify(name)} ${ends}: every certificate that it issued ends with it`;
  return `the certificate of the ${kind} ${JSON.stringify(name)} ${ends}: ${sameNamesHint({ kind, name })}`;
}

/**
 * Refuses a server without its key in the CA directory: an engine that is told to read it there would not start. Code:
 * `PAIR_KEY_ELSEWHERE`.
 */
export function requireServerKey(server: Entry): void {
  if (hasKey(server)) return;
  throw new AuthorityError(
    'PAIR_KEY_ELSEWHERE',
    `the key of the server ${JSON.stringify(server.name)} is not in ${folderOf(server)}`,
    {
      hint: `if it is where a request was made, bring the certificate there, and name that folder, as the engine sees it, with --certs-dir; ${lostKeyHint(server)}`,
    },
  );
}
