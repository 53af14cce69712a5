import type { ServingEngines } from '@docker-mtls/engine/serving-engines';
import type { StoreReader } from '@docker-mtls/ca-directory';
import { inspectCa } from './ca/inspect-ca.ts';
import type { CaInspection } from './ca/inspect-ca.ts';
import { contextCopies } from './copies/context-copies.ts';
import { copiesIn } from './copies/copies-here.ts';
import { copyFindings } from './copies/copy-findings.ts';
import type { FoundCopy } from './copies/copy.ts';
import { trackedFiles } from './copies/tracked.ts';
import type { FoundFinding } from './found.ts';
import { presentedBy } from './served/presented.ts';
import type { ServedAddress } from './served/presented.ts';
import { servedFindings, unreadableFindings } from './served/served-findings.ts';

/** What `status` looks at. */
export type StatusOrder = {
  /** The CA directory, whether there is one or not. */
  readonly directory: string;
  /** The engines of this machine. */
  readonly engines: ServingEngines;
  readonly restart: string;
  /** The folder of the Docker CLI's configuration; a service may have none. */
  readonly docker: string | undefined;
  /** Bundles and exported credentials are looked for in it, and where the registry says that some were written. */
  readonly folder: string;
  readonly now: Date;
};

export type Status = {
  readonly ca: CaInspection | undefined;
  readonly served: readonly ServedAddress[];
  readonly copies: readonly FoundCopy[];
  /** Everything that was found, in the order of what it is about: the CA, the engine, copies of pairs. */
  readonly findings: readonly FoundFinding[];
};

/**
 * What a CA has recorded and what is due, what this machine's engine presents, and which copies of pairs are out of date.
 * It connects to the engine, and changes nothing.
 */
export async function status(order: StatusOrder): Promise<Status> {
  const { directory, engines, docker, folder, now } = order;
  const served = await presentedBy(engines);
  const contexts = docker === undefined ? { copies: [], findings: [] } : contextCopies(docker);
  const copies = [...contexts.copies, ...copiesIn(folder)];
  const compared = async (reader: StoreReader | undefined): Promise<readonly FoundFinding[]> => {
    const others = (await reader?.copyFolders())?.filter((each) => each !== folder) ?? [];
    const known = new Set(copies.map(({ place }) => place));
    copies.push(...others.flatMap(copiesIn).filter(({ place }) => !known.has(place)));
    return comparedFindings(order, { served, copies, reader });
  };
  const ca = await inspectCa({ directory, now, also: compared });
  // Without a registry, only what the certificates themselves say can be told.
  const rest = ca?.contents === undefined ? await compared(undefined) : [];
  const findings = [...(ca?.findings ?? []), ...unreadableFindings(engines), ...rest, ...contexts.findings];
  return { ca, served, copies, findings };
}

type Compared = Pick<Status, 'served' | 'copies'> & { readonly reader: StoreReader | undefined };

async function comparedFindings(
  { restart, now }: StatusOrder,
  { served, copies, reader }: Compared,
): Promise<readonly FoundFinding[]> {
  const findings: FoundFinding[] = [];
  for (const each of served) findings.push(...(await servedFindings(each, { reader, restart, now })));
  const tracked = trackedFiles(copies.flatMap(({ secrets }) => secrets));
  for (const copy of copies) findings.push(...(await copyFindings(copy, { reader, tracked, now })));
  return findings;
}
