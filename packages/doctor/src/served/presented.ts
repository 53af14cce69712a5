import { readLeaf, readCertificate } from '@docker-mtls/ca';
import type { Certificate } from '@docker-mtls/ca';
import { formatTcpHost } from '@docker-mtls/daemon-config';
import type { ServingEngine, ServingEngines } from '@docker-mtls/engine/serving-engines';
import { unlessRefused } from '@docker-mtls/errors';
import { readFileIfExists } from '@docker-mtls/files';
import { presentedAt } from '@docker-mtls/proof/ask-once';

/** What one address of an engine of this machine presents. */
export type ServedAddress = {
  /** `tcp://127.0.0.1:2376` */
  readonly address: string;
  readonly engine: ServingEngine;
  /** What it presents, or how the connection ended before that. */
  readonly presented: Certificate | string;
  /** What the engine's file holds now, as far as it can be read. */
  readonly onDisk: Certificate | undefined;
};

/** Connects to each address that the engines serve on with TLS, and reads their files. */
export async function presentedBy({ engines }: ServingEngines): Promise<readonly ServedAddress[]> {
  const served: ServedAddress[] = [];
  for (const engine of engines.filter(({ usesTls }) => usesTls)) {
    const onDisk = certificateOf(engine);
    // At once: each may take as long as a server is waited for.
    const presented = await Promise.all(engine.addresses.map(presentedTo));
    engine.addresses.forEach((target, index) =>
      served.push({ address: formatTcpHost(target), engine, presented: presented[index] ?? '', onDisk }),
    );
  }
  return served;
}

async function presentedTo(target: ServingEngine['addresses'][number]): Promise<Certificate | string> {
  const result = await presentedAt(target);
  if ('outcome' in result) return `${result.outcome.kind}: ${result.outcome.detail}`;
  return unlessRefused(() => readCertificate(result.presented.der)) ?? 'it presents no certificate';
}

function certificateOf({ certificateFile }: ServingEngine): Certificate | undefined {
  if (certificateFile === undefined) return undefined;
  return unlessRefused(() => {
    const bytes = readFileIfExists(certificateFile);
    return bytes && readLeaf(bytes);
  });
}
