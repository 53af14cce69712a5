import type fs from 'node:fs';
import path from 'node:path';
import { readStore, whileUnchanged } from '@docker-mtls/ca-directory';
import type {
  RecordedCounts,
  RevocationList,
  StoreReader,
  TrustedAuthority,
} from '@docker-mtls/ca-directory';
import { isMtlsError } from '@docker-mtls/errors';
import type { MtlsError } from '@docker-mtls/errors';
import { found } from '../found.ts';
import type { FoundFinding } from '../found.ts';
import { lookAt } from '../look-at.ts';
import { notSeen } from '../not-seen.ts';
import { accessFaults, accessFinding, guardedOf } from './access-faults.ts';
import { certificateFindings } from './certificate-findings.ts';
import { directoryFindings } from './directory-findings.ts';
import { listFindings } from './list-findings.ts';
import { pairFindings } from './pair-findings.ts';
import { renewalFindings } from './renewal-findings.ts';
import { rootFindings } from './root-findings.ts';
import { unusualFindings } from './unusual-findings.ts';

/** What a CA directory holds, as far as it can be told in the same time however much it is. */
export type CaContents = {
  readonly authorities: readonly TrustedAuthority[];
  readonly list: RevocationList | undefined;
  readonly recorded: RecordedCounts;
};

export type CaInspection = {
  readonly directory: string;
  /** Missing where the registry cannot be read: a finding says why. */
  readonly contents?: CaContents;
  readonly findings: readonly FoundFinding[];
};

/** Certificates in force are counted no further. */
export const MOST_COUNTED = 10_000;

/** The files of so many servers, and so many clients, are looked at. */
const PAIRS_LOOKED_AT = 25;

export type CaInspectionOrder = {
  readonly directory: string;
  readonly now: Date;
  /** More checks, which need the registry. */
  readonly also?: (reader: StoreReader) => Promise<readonly FoundFinding[]>;
};

/**
 * Looks at a CA directory without changing anything in it: its registry, its files, and who else may get at them.
 * `undefined`: there is none. Codes: `CA_DIRECTORY_FOREIGN`, `CA_DIRECTORY_NOT_A_DIRECTORY`.
 */
export async function inspectCa(order: CaInspectionOrder): Promise<CaInspection | undefined> {
  const { directory } = order;
  const sight = lookAt(directory);
  if (sight.kind === 'missing') return undefined;
  if (sight.kind === 'unseen') return { directory, findings: [notSeen(directory, sight.reason)] };
  const access = accessFaults(guardedOf(directory), sight.stats).map(accessFinding);
  const read = await readContents(order, sight.stats);
  return read && { directory, ...read, findings: [...access, ...read.findings] };
}

type Read = Omit<CaInspection, 'directory'>;

async function readContents(order: CaInspectionOrder, stats: fs.Stats): Promise<Read | undefined> {
  const { directory } = order;
  try {
    const reader = await readStore(directory);
    try {
      const look = (): Promise<Read> => inspect(reader, stats, order);
      return await whileUnchanged(reader, look, ({ findings }) => findings.length > 0);
    } finally {
      await reader.close();
    }
  } catch (error) {
    if (!isMtlsError(error) || NO_CA.includes(error.code)) throw error;
    return error.code === 'CA_DIRECTORY_NOT_FOUND' ? undefined : { findings: [unusable(error, directory)] };
  }
}

const NO_CA: readonly string[] = ['CA_DIRECTORY_FOREIGN', 'CA_DIRECTORY_NOT_A_DIRECTORY'];
const DAMAGED: readonly string[] = ['REGISTRY_CORRUPT', 'REGISTRY_NEWER', 'CA_CERTIFICATE_INVALID'];

/** A registry that is damaged, or that this user may not read or should not believe. */
function unusable({ code, message, hint }: MtlsError, directory: string): FoundFinding {
  const subject = path.join(directory, 'registry.db');
  if (!DAMAGED.includes(code)) return notSeen(subject, message, hint);
  return found('authority', 'registry-unusable', { subject, message, hint });
}

async function inspect(
  reader: StoreReader,
  stats: fs.Stats,
  { now, also }: CaInspectionOrder,
): Promise<Read> {
  const authorities = await reader.authorities();
  const signing = authorities.find(({ state }) => state === 'signing');
  const contents = {
    authorities,
    list: signing && (await reader.revocationList(signing.keyId)),
    recorded: await reader.recorded(MOST_COUNTED),
  };
  const findings = [
    ...(await directoryFindings(reader, stats)),
    ...(await rootFindings(reader, now)),
    ...(await listFindings(reader, now)),
    ...(await certificateFindings(reader, now)),
    ...(await unusualFindings(reader)),
    ...(await renewalFindings(reader)),
    ...(await allPairFindings(reader, stats)),
    ...((await also?.(reader)) ?? []),
  ];
  return { contents, findings };
}

async function allPairFindings(reader: StoreReader, stats: fs.Stats): Promise<readonly FoundFinding[]> {
  const { directory } = reader;
  const { ca } = await reader.publicFiles();
  const findings: FoundFinding[] = [];
  for (const kind of ['server', 'client'] as const) {
    const entries = await reader.inForce(kind, PAIRS_LOOKED_AT);
    for (const entry of entries) findings.push(...pairFindings(entry, { directory, stats, ca }));
  }
  return findings;
}
