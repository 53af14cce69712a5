import type { Certificate } from '@docker-mtls/ca';
import { formatTcpHost } from '@docker-mtls/daemon-config';
import { shellWord } from '@docker-mtls/errors';
import type { Insistence } from './change-engine.ts';
import type { ClientView } from './client-view.ts';
import { cutsOff } from './effect.ts';
import type { Effect } from './effect.ts';
import { HostError } from './host-error.ts';

/** What a registry knows of a CA whose clients lose access. */
export type Losers = {
  /** Its CA directory, where that is known. */
  readonly directory?: string | undefined;
  /** Clients that it has issued and that are valid now. */
  readonly clients: readonly string[];
};

export type CutOffOrder = Insistence & {
  /** Looks up who loses access; `file` is where the engine reads its CAs. */
  readonly losersOf: (authority: Certificate, file: string | undefined) => Promise<Losers>;
};

const SHOWN_CLIENTS = 5;

/** Refuses a change that cuts somebody off, unless that was asked for. Throws `HOST_CUTS_OFF`. */
export async function refuseCutOff(change: Effect, before: ClientView, order: CutOffOrder): Promise<void> {
  if (order.isGiven || !cutsOff(change)) return;
  const losers: Losers[] = [];
  for (const authority of change.lostAuthorities)
    losers.push(await order.losersOf(authority, before.authorityFile));
  const directory = losers.find((each) => each.directory !== undefined)?.directory;
  const use =
    directory === undefined
      ? ''
      : `use the CA directory of this engine with --ca-dir ${shellWord(directory)}, or `;
  throw new HostError('HOST_CUTS_OFF', `this would cut clients off: ${cutOffText(change, losers)}`, {
    hint: `${use}add ${order.flag} if that is what you want`,
  });
}

/** Who is cut off, for a sentence. */
export function cutOffText(
  { lostNames, lostAuthorities, closed }: Effect,
  losers: readonly Losers[] = [],
): string {
  const names = lostNames.length === 0 ? [] : [`the server's certificate loses ${lostNames.join(', ')}`];
  const addresses = closed.map((address) => `${formatTcpHost(address).replace('tcp://', '')} is closed`);
  const authorities = lostAuthorities.map(({ info }, index) => {
    const name = JSON.stringify(info.subject.commonName ?? 'without a name');
    const clients = losers[index]?.clients ?? [];
    return `clients of the CA ${name} (SHA-256 ${info.fingerprint.slice(0, 16)}…) are rejected${clientsText(clients)}`;
  });
  return [...names, ...authorities, ...addresses].join('; ');
}

function clientsText(clients: readonly string[]): string {
  if (clients.length === 0) return '';
  const shown = clients.slice(0, SHOWN_CLIENTS).join(', ');
  const more = clients.length > SHOWN_CLIENTS ? `, and ${clients.length - SHOWN_CLIENTS} more` : '';
  return `, ${clients.length} on record: ${shown}${more}`;
}
