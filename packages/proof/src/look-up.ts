import dns from 'node:dns/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { connectionErrorText } from './error-text.ts';
import { isAddress } from './is-address.ts';

export type LookedUp = { readonly addresses: readonly [string, ...string[]] } | { readonly failure: string };

/**
 * Every address of a name, as this machine finds them (files, DNS). An address leads to itself. `failure` is a clause that
 * can follow the name.
 */
export async function lookUp(name: string, patienceMs: number): Promise<LookedUp> {
  if (isAddress(name)) return { addresses: [name] };
  const patience = new AbortController();
  const late = sleep(patienceMs, undefined, { signal: patience.signal }).catch(() => undefined);
  try {
    const found = await Promise.race([inTurn(() => addressesOf(name), patience.signal), late]);
    return found ?? { failure: `its name was not found within ${patienceMs / 1000} s` };
  } finally {
    patience.abort();
  }
}

async function addressesOf(name: string): Promise<LookedUp> {
  process.env['RES_OPTIONS'] ??= OPTIONS;
  try {
    const [first, ...others] = (await dns.lookup(name, { all: true })).map(({ address }) => address);
    return first === undefined ? NOWHERE : { addresses: [first, ...others] };
  } catch (error) {
    return { failure: connectionErrorText(error as NodeJS.ErrnoException) };
  }
}

/**
 * glibc asks each server for up to 10 s, in a thread that cannot be ended and that the program waits for when it ends.
 * RES_OPTIONS changes that for this process (resolv.conf(5)); programs that are started later need not have it.
 */
const OPTIONS = 'timeout:1 attempts:2';

const NOWHERE: LookedUp = { failure: 'the name has no address' };

/** Node has four threads for this and for all files: one is left to the files. */
const AT_ONCE = 3;

let busy = 0;
const waiting: (() => void)[] = [];

/** What nobody waits for any more when its turn comes is not begun: threads work off all that was. */
async function inTurn(work: () => Promise<LookedUp>, signal: AbortSignal): Promise<LookedUp | undefined> {
  if (busy >= AT_ONCE) await new Promise<void>((resolve) => void waiting.push(resolve));
  else busy += 1;
  try {
    return signal.aborted ? undefined : await work();
  } finally {
    const next = waiting.shift();
    if (next === undefined) busy -= 1;
    else next();
    if (busy === 0 && process.env['RES_OPTIONS'] === OPTIONS) delete process.env['RES_OPTIONS'];
  }
}
