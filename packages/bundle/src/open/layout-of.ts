import { quote } from '@docker-mtls/errors';
import { isDockerContext } from '../context/context-archive.ts';
import { type Archive } from '../archive/read-archive.ts';
import { BundleError } from '../error.ts';
import { MANIFEST_FILE } from '../layout/manifest.ts';

export type BundleLayout = 'context' | 'flat' | 'folder' | 'pwd';

/** The files of a bundle by their names, without the one folder that they may lie in. */
export type LaidOut = { readonly layout: BundleLayout; readonly files: ReadonlyMap<string, Buffer> };

type Shape = {
  readonly layout: Exclude<BundleLayout, 'context'>;
  /** The file that tells this layout from those below it. */
  readonly mark: string;
  readonly needs: readonly string[];
  readonly mayHave: readonly RegExp[];
};

const SHAPES: readonly Shape[] = [
  {
    layout: 'folder',
    mark: MANIFEST_FILE,
    needs: [MANIFEST_FILE, 'ca.pem', 'cert.pem'],
    mayHave: [/^key\.pem$/, /^README$/, /^env\.(?:cmd|fish|ps1|sh)$/, /^[^/]+\.dockercontext$/],
  },
  {
    layout: 'pwd',
    mark: 'client-cert.pem',
    needs: ['ca.pem', 'client-cert.pem'],
    mayHave: [/^client-key\.pem$/],
  },
  { layout: 'flat', mark: 'cert.pem', needs: ['ca.pem', 'cert.pem'], mayHave: [/^key\.pem$/] },
];

/**
 * Which of the layouts that we write an archive has. One that has more than belongs into it, or less, is refused.
 * Code: `BUNDLE_LAYOUT_UNKNOWN`.
 */
export function bundleLayoutOf(archive: Archive): LaidOut {
  const entries = archive.files.map(({ path, data }) => [path, data] as const);
  if (isDockerContext(archive)) return { layout: 'context', files: new Map(entries) };
  const files = new Map(withoutFolder(entries));
  const shape = SHAPES.find(({ mark }) => files.has(mark));
  if (shape === undefined) throw unknown('it has neither cert.pem nor client-cert.pem nor meta.json');
  const missing = shape.needs.find((name) => !files.has(name));
  if (missing !== undefined) throw unknown(`${missing} is missing`);
  const stranger = [...files.keys()].find((name) => !belongs(name, shape));
  if (stranger !== undefined) throw unknown(`${quote(stranger)} does not belong into one`);
  return { layout: shape.layout, files };
}

function belongs(name: string, { needs, mayHave }: Shape): boolean {
  return needs.includes(name) || mayHave.some((pattern) => pattern.test(name));
}

function withoutFolder(
  entries: readonly (readonly [string, Buffer])[],
): readonly (readonly [string, Buffer])[] {
  const folders = new Set(entries.map(([path]) => path.slice(0, path.indexOf('/') + 1)));
  const [folder = ''] = folders;
  return folders.size === 1 ? entries.map(([path, data]) => [path.slice(folder.length), data]) : entries;
}

function unknown(reason: string): BundleError {
  return new BundleError('BUNDLE_LAYOUT_UNKNOWN', `the archive is not a client's bundle: ${reason}`, {
    hint: 'ask its sender for the file that docker-mtls bundle wrote',
  });
}
