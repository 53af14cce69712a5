import { parseDaemonConfig, readDaemonConfig, readHosts } from '@docker-mtls/daemon-config';
import type { DaemonConfigDocument, EngineFlag } from '@docker-mtls/daemon-config';
import { isMtlsError } from '@docker-mtls/errors';
import { found } from '../found.ts';
import type { ExaminedHost, HostOrder } from './host-order.ts';

/** What the engine is told, by its file and its command line. */
export type Told = {
  readonly config: string;
  readonly document: DaemonConfigDocument;
  readonly flags: readonly EngineFlag[];
  /** Whose engine it is. */
  readonly owner: number;
};

export type DocumentRead = ExaminedHost & { readonly document: DaemonConfigDocument | undefined };

/** Reads a daemon.json; one that the engine could not read either is a finding. */
export function documentAt(config: string): DocumentRead {
  try {
    return { document: parseDaemonConfig(readDaemonConfig(config), config), found: [], unseen: [] };
  } catch (error) {
    if (!isMtlsError(error)) throw error;
    const { code, message, hint } = error;
    if (code === 'FILE_NOT_PERMITTED') return { document: undefined, found: [], unseen: [message] };
    const findings = [found('listeners', 'config-unreadable', { subject: config, message, hint })];
    return { document: undefined, found: findings, unseen: [] };
  }
}

/** The path of the engine's local socket. */
export function localSocket(
  told: Pick<Told, 'document' | 'flags'>,
  { engine }: Pick<HostOrder, 'engine'>,
): string {
  const hosts = [
    ...told.flags.flatMap(({ name, value }) => (name === 'host' && value !== undefined ? [value] : [])),
    ...readHosts(told.document),
    engine.localSocket,
  ];
  const unix = hosts.find((host) => host.startsWith('unix://'))?.slice('unix://'.length);
  return unix === undefined || unix === '' ? '/var/run/docker.sock' : unix;
}
