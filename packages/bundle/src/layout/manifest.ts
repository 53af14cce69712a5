import { requireFewEngines } from '../archive/limits.ts';
import { BundleError } from '../error.ts';
import { parseEngineHost, type EngineHost } from './engine-host.ts';

/** What a program needs to know of a folder bundle, and the PEM files do not say. */
export type Manifest = { readonly client: string; readonly hosts: readonly EngineHost[] };

export const MANIFEST_FILE = 'bundle.json';

export function encodeManifest({ client, hosts }: Manifest): string {
  return `${JSON.stringify({ client, hosts: hosts.map(({ url }) => url) }, undefined, 2)}\n`;
}

/** Codes: `BUNDLE_LAYOUT_UNKNOWN`, `BUNDLE_HOST_INVALID`, `BUNDLE_ARCHIVE_TOO_LARGE`. */
export function decodeManifest(data: Buffer): Manifest {
  const json = parse(data);
  if (!isManifest(json)) throw unreadable();
  requireFewEngines(json.hosts.length);
  return { client: json.client, hosts: json.hosts.map(parseEngineHost) };
}

function parse(data: Buffer): unknown {
  try {
    return JSON.parse(data.toString('utf8'));
  } catch (error) {
    throw unreadable(error);
  }
}

type RawManifest = { readonly client: string; readonly hosts: readonly string[] };

function isManifest(json: unknown): json is RawManifest {
  if (typeof json !== 'object' || json === null || !('client' in json) || !('hosts' in json)) return false;
  const { client, hosts } = json;
  return (
    typeof client === 'string' && Array.isArray(hosts) && hosts.every((host) => typeof host === 'string')
  );
}

function unreadable(cause?: unknown): BundleError {
  return new BundleError('BUNDLE_LAYOUT_UNKNOWN', `the bundle's ${MANIFEST_FILE} cannot be read`, {
    hint: 'ask its sender for the bundle as docker-mtls made it',
    cause,
  });
}
