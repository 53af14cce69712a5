import { clientFiles, isEarlierBundle, packClient, writeBundle } from '@docker-mtls/authority/archives';
import { packFolder, parseEngineHost } from '@docker-mtls/bundle';
import { hasCode } from '@docker-mtls/errors';
import type { Entry } from '@docker-mtls/ca-directory';
import type { ArchiveOrder } from './order.ts';
import { engineUrls } from './proof/engine-addresses.ts';
import type { BundleStep } from './step.ts';

type Handed = {
  readonly client: Entry;
  readonly server: Entry;
  readonly listens: readonly string[];
};

/**
 * Packs what a client is handed: a folder that knows its engine, or the plain files of a layout. A file of another CA or
 * client that happens to have the name is no reason to stop a renewal; one that was named is. `BUNDLE_EXISTS`.
 */
export function handOut(
  { client, server, listens }: Handed,
  { file, layout, isNamed }: ArchiveOrder,
): BundleStep {
  const hosts = engineUrls(listens, server).map(parseEngineHost);
  const [first, ...others] = layout === undefined ? hosts : [];
  const step = { step: 'bundle', client, file, isFolder: first !== undefined, hosts } as const;
  const data =
    first === undefined
      ? packClient(client, layout ?? 'flat')
      : packFolder(
          { client: client.name, files: clientFiles(client), hosts: [first, ...others] },
          { format: 'tar.gz' },
        );
  try {
    const isWritten = writeBundle(file, data, (old) => isEarlierBundle(old, client));
    return { ...step, outcome: isWritten ? 'made' : 'kept' };
  } catch (error) {
    if (isNamed || !hasCode(error, 'BUNDLE_EXISTS')) throw error;
    return { ...step, outcome: 'not written' };
  }
}
