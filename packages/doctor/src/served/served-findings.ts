import { validityState } from '@docker-mtls/ca';
import type { Certificate } from '@docker-mtls/ca';
import type { Entry, StoreReader } from '@docker-mtls/ca-directory';
import type { ServingEngines } from '@docker-mtls/engine/serving-engines';
import { shellWord } from '@docker-mtls/errors';
import { distance, moment } from '@docker-mtls/text';
import { entryOf } from '../entry-of.ts';
import { found } from '../found.ts';
import type { FoundFinding } from '../found.ts';
import { notSeen } from '../not-seen.ts';
import type { ServedAddress } from './presented.ts';

/** What the certificates are compared with, and what to do about those that are not the right ones. */
export type ServedSurroundings = {
  readonly reader: StoreReader | undefined;
  /** How the engine is restarted: `restart the engine, for example: systemctl restart docker`. */
  readonly restart: string;
  readonly now: Date;
};

/** Compares what an address presents with the file that the engine was told of, and with the registry. */
export async function servedFindings(
  served: ServedAddress,
  surroundings: ServedSurroundings,
): Promise<readonly FoundFinding[]> {
  const { address, presented, onDisk } = served;
  if (typeof presented === 'string')
    return [notSeen(address, presented, 'see whether the engine runs, and whether its port is right')];
  const { reader } = surroundings;
  const shown = reader && (await entryOf(reader, presented));
  const held = reader && onDisk && (await entryOf(reader, onDisk));
  return [
    ...revokedFindings(served, shown),
    ...(await outdatedFindings(served, { shown, held }, surroundings)),
    ...(shown === undefined ? validityFindings(address, presented, surroundings.now) : []),
  ];
}

/** Engines whose files cannot be read: they may serve all the same. */
export function unreadableFindings({ unreadable }: ServingEngines): readonly FoundFinding[] {
  return unreadable.map(({ config, reason }) => notSeen(config, reason));
}

function revokedFindings({ address }: ServedAddress, shown: Entry | undefined): readonly FoundFinding[] {
  if (shown?.revokedAt === undefined) return [];
  const message = `it presents a certificate of ${shown.name} that was revoked on ${moment(shown.revokedAt)}`;
  return [found('authority', 'revoked-served', { subject: address, message })];
}

type Entries = { readonly shown: Entry | undefined; readonly held: Entry | undefined };

/** The engine reads its file when it starts: a newer file is not served, and a newer pair may not have come to the file. */
async function outdatedFindings(
  { address, presented, onDisk, engine }: ServedAddress,
  { shown, held }: Entries,
  { reader, restart }: ServedSurroundings,
): Promise<readonly FoundFinding[]> {
  if (typeof presented === 'string') return [];
  if (onDisk !== undefined && onDisk.info.fingerprint !== presented.info.fingerprint) {
    const since = held === undefined ? '' : `, which was issued on ${moment(held.issuedAt)}`;
    const message = `it presents ${described(presented)}, and ${engine.certificateFile} holds ${described(onDisk)}${since}`;
    return [found('listeners', 'not-served', { subject: address, message, hint: restart })];
  }
  const newer =
    reader && shown?.status === 'replaced' ? await reader.current('server', shown.name) : undefined;
  if (newer === undefined) return [];
  const renewed = `${newer.name} was renewed on ${moment(newer.issuedAt)}`;
  if (onDisk === undefined) {
    const message = `it presents ${described(presented)}, and ${renewed}`;
    return [found('listeners', 'not-served', { subject: address, message, hint: restart })];
  }
  return [
    found('authority', 'engine-file-outdated', {
      subject: engine.certificateFile ?? address,
      message: `${engine.certificateFile} holds ${described(onDisk)}, and ${renewed}`,
      hint: `run docker-mtls daemon-config --server ${shellWord(newer.name)} --apply`,
    }),
  ];
}

function described({ info }: Certificate): string {
  return `certificate ${info.serial.slice(0, 16)} (until ${moment(info.notAfter)})`;
}

/** Of a certificate that is on record here, the CA's own findings tell. */
function validityFindings(address: string, { info }: Certificate, now: Date): readonly FoundFinding[] {
  // It serves an engine, even where it may sign: what is due of a CA is no measure.
  const state = validityState({ ...info, isCa: false }, now);
  if (state === 'valid') return [];
  const word = `server-certificate-${state}` as const;
  const when =
    state === 'not-yet-valid'
      ? `begins on ${moment(info.notBefore)}`
      : `${state === 'due' ? 'ends' : 'ended'} on ${moment(info.notAfter)}, ${distance(info.notAfter, now)}`;
  return [
    found('listeners', word, { subject: address, message: `the certificate that it presents ${when}` }),
  ];
}
