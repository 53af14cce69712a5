import path from 'node:path';
import type { EngineHost } from '@docker-mtls/bundle';
import type { WholeBundle } from '@docker-mtls/bundle/open';
import type { InstalledContext, PlannedFolder } from '@docker-mtls/context';
import type { Report } from '../../command-line/command.ts';
import { shellWord } from '@docker-mtls/errors';
import { colons, facts, moment } from '@docker-mtls/text';

export type Unbundled = {
  readonly bundle: WholeBundle;
  readonly hosts: readonly EngineHost[];
  readonly planned: PlannedFolder;
  readonly setAside: string | undefined;
  readonly contexts: readonly InstalledContext[];
};

export function unbundleReport(unbundled: Unbundled): Report {
  const { bundle, hosts, planned, setAside, contexts } = unbundled;
  const { info } = bundle.certificate;
  const json = {
    client: bundle.client,
    folder: planned.folder,
    written: planned.step !== 'keep',
    setAside,
    layout: bundle.layout,
    hosts: hosts.map(({ url }) => url),
    serial: info.serial,
    notAfter: info.notAfter.toISOString(),
    fingerprint: info.fingerprint,
    caFingerprints: bundle.roots.map((root) => root.info.fingerprint),
    contexts,
  };
  return { json, text: describe(unbundled) };
}

function describe({ bundle, hosts, planned, setAside, contexts }: Unbundled): string {
  const title = planned.step === 'keep' ? 'already holds' : 'now holds';
  const rows = facts([
    ['valid until', moment(bundle.certificate.info.notAfter)],
    ...(hosts.length === 0 ? [] : [['engines', hosts.map(({ url }) => url).join(' ')] as const]),
    ...bundle.roots.map(({ info }) => [`CA's SHA-256`, colons(info.fingerprint)] as const),
    ...(setAside === undefined ? [] : [['set aside', setAside] as const]),
    ...contexts.map(({ name, action }) => ['context', `${name} (${action})`] as const),
    ['try', attempt(planned.folder, hosts, contexts)],
  ]);
  return `${planned.folder} ${title} ${bundle.client}'s files, all verified\n${rows}`;
}

function attempt(
  folder: string,
  hosts: readonly EngineHost[],
  [context]: readonly InstalledContext[],
): string {
  if (context !== undefined) return `docker --context ${shellWord(context.name)} version`;
  if (hosts.length > 0) return `. ${shellWord(path.join(folder, 'env.sh'))} && docker version`;
  return `DOCKER_CERT_PATH=${shellWord(folder)} docker --host tcp://HOST:2376 --tlsverify version`;
}
