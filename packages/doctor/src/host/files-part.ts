import { checkEngineFiles, engineFilesOf } from '@docker-mtls/engine';
import { unlessRefused } from '@docker-mtls/errors';
import { readFile } from '@docker-mtls/files';
import type { PairPem } from '@docker-mtls/proof';
import { found } from '../found.ts';
import { setting } from './config-findings.ts';
import { changeableFindings, keyFileFindings } from './file-findings.ts';
import type { ExaminedHost, HostOrder } from './host-order.ts';
import type { Told } from './told.ts';
import { trustedCaFindings } from './trusted-ca-findings.ts';

export type FilesPart = { readonly examined: ExaminedHost; readonly server: PairPem | undefined };

/** Looks at the files that an engine serves with. */
export function filesPart(told: Told, { roots }: HostOrder): FilesPart {
  const { config, document, flags, owner } = told;
  const { ca, certificate } = engineFilesOf(document, flags);
  const key = setting(told, 'tlskey');
  const trusted = ca === undefined ? { found: [] } : trustedCaFindings(ca);
  const looked = [
    changeableFindings(config, 'config-writable', owner),
    ...(typeof key === 'string' ? [keyFileFindings(key, owner)] : []),
    ...[ca, certificate].flatMap((file) =>
      file === undefined ? [] : [changeableFindings(file, 'certificate-writable', owner)],
    ),
  ];
  const changed = checkEngineFiles(config, roots ?? []).filter(
    ({ id }) => id.endsWith('-changed') || (id === 'foreign-client-ca' && roots !== undefined),
  );
  const examined = {
    found: [
      ...trusted.found,
      ...looked.flatMap((each) => each.found),
      ...changed.map(({ id, message, hint, severity }) =>
        found('listeners', id, { subject: config, message, hint, severity }),
      ),
    ],
    unseen: [
      ...(trusted.unseen === undefined ? [] : [trusted.unseen]),
      ...looked.flatMap((each) => each.unseen),
    ],
  };
  return { examined, server: typeof key === 'string' ? pairOf(certificate, key) : undefined };
}

/** The engine's own pair, for showing it as a client: only root can read the key. */
function pairOf(certificate: string | undefined, key: string): PairPem | undefined {
  if (certificate === undefined) return undefined;
  return unlessRefused(() => ({
    certificate: readFile(certificate).toString('latin1'),
    key: readFile(key).toString('latin1'),
  }));
}
