import nodePath from 'node:path';
import type { LeafKind } from '@docker-mtls/registry';

type LeafFiles = Readonly<Record<'folder' | 'ca' | 'certificate' | 'key', string>>;

/** File names of a published pair: those that Docker's documentation gives the engine's and the client's files. */
export const LEAF_FILES: Readonly<Record<LeafKind, LeafFiles>> = {
  server: { folder: 'servers', ca: 'ca.pem', certificate: 'server-cert.pem', key: 'server-key.pem' },
  client: { folder: 'clients', ca: 'ca.pem', certificate: 'cert.pem', key: 'key.pem' },
};

export const LEAF_KINDS: readonly LeafKind[] = ['server', 'client'];

/** The key that a CA starts with, in `private`. */
export const CA_KEY_FILE = 'ca-key.pem';

/** The work folder of a restore: by it a later one knows that what is next to it is not somebody else's. */
export const RESTORE_WORK = 'restore';

/** Paths of a CA directory, all absolute. */
export type Layout = {
  readonly directory: string;
  readonly ca: string;
  readonly crl: string;
  readonly registry: string;
  readonly profiles: string;
  readonly readme: string;
  readonly private: string;
  readonly caKey: string;
  /** Set where root reads in the directory of another user: nothing but that user's files is read. */
  readonly owner?: number | undefined;
};

export function layoutOf(directory: string): Layout {
  const root = nodePath.resolve(directory);
  return {
    directory: root,
    ca: nodePath.join(root, 'ca.pem'),
    crl: nodePath.join(root, 'crl.pem'),
    registry: nodePath.join(root, 'registry.db'),
    profiles: nodePath.join(root, 'profiles'),
    readme: nodePath.join(root, 'README.md'),
    private: nodePath.join(root, 'private'),
    caKey: nodePath.join(root, 'private', CA_KEY_FILE),
  };
}

/** The folder of all servers or clients. */
export function kindFolder(layout: Layout, kind: LeafKind): string {
  return nodePath.join(layout.directory, LEAF_FILES[kind].folder);
}

/** Where earlier releases had pairs until they were published. */
export function stagingFolder(layout: Layout, kind: LeafKind): string {
  return nodePath.join(kindFolder(layout, kind), '.staged');
}

/** Where earlier releases kept pairs that another one had replaced. Nothing is added to it. */
export function supersededFolder(layout: Layout, kind: LeafKind): string {
  return nodePath.join(kindFolder(layout, kind), '.superseded');
}

export type LeafPaths = {
  readonly directory: string;
  readonly ca: string;
  readonly certificate: string;
  readonly key: string;
};

export function leafPaths(directory: string, kind: LeafKind): LeafPaths {
  const { ca, certificate, key } = LEAF_FILES[kind];
  return {
    directory,
    ca: nodePath.join(directory, ca),
    certificate: nodePath.join(directory, certificate),
    key: nodePath.join(directory, key),
  };
}
