import path from 'node:path';
import { clientFiles, hasKey } from '@docker-mtls/authority';
import { packFolder, parseEngineHost } from '@docker-mtls/bundle';
import type { EngineHost } from '@docker-mtls/bundle';
import { hasCode, shellWord } from '@docker-mtls/errors';
import type { Entry } from '@docker-mtls/ca-directory';
import { isEarlierBundle, packClient, writeBundle } from '../../client/write-bundle.ts';
import { engineUrls } from './engine-addresses.ts';
import type { ClientBundlePlace } from './bundle-place.ts';
import type { Step } from './step.ts';

type Handed = {
  readonly client: Entry;
  readonly server: Entry;
  readonly listens: readonly string[];
};

/** Packs what a client is handed: a folder that knows its engine, or the plain files that `--layout` asks for. */
export function bundleStep(handed: Handed, { file, layout, isNamed }: ClientBundlePlace): Step {
  const { client } = handed;
  const hosts = engineUrls(handed.listens, handed.server).map(parseEngineHost);
  const [first, ...others] = layout === undefined ? hosts : [];
  const data =
    first === undefined
      ? packClient(client, layout ?? 'flat')
      : packFolder(
          { client: client.name, files: clientFiles(client), hosts: [first, ...others] },
          { format: 'tar.gz' },
        );
  try {
    const written = writeBundle(file, data, (old) => isEarlierBundle(old, client));
    const line = `bundle for ${client.name}: ${file} (${advice({ client, file, isFolder: first !== undefined })})`;
    return { step: 'bundle', outcome: written ? 'made' : 'kept', line };
  } catch (error) {
    if (isNamed || !hasCode(error, 'BUNDLE_EXISTS')) throw error;
    return notWritten(client, { file, hosts });
  }
}

type Packed = { readonly client: Entry; readonly file: string; readonly isFolder: boolean };

/** What to do with the archive. */
function advice({ client, file, isFolder }: Packed): string {
  const handing = `give it to ${client.name} in private`;
  if (!isFolder) return handing;
  const key = hasKey(client) ? '--install' : `--key ${shellWord(`${client.name}-key.pem`)} --install`;
  return `${handing}; there: docker-mtls unbundle ${shellWord(path.basename(file))} ${key}`;
}

/** A file of another CA or client that happens to have the name is no reason to stop a renewal. */
function notWritten(
  { name }: Entry,
  { file, hosts }: { readonly file: string; readonly hosts: readonly EngineHost[] },
): Step {
  const engines = hosts.map(({ url }) => `--for ${shellWord(url)} `).join('');
  return {
    step: 'bundle',
    outcome: 'not written',
    line: `no bundle for ${name}: ${file} exists and holds something else; docker-mtls bundle ${shellWord(name)} ${engines}-o FILE writes one elsewhere`,
  };
}
