export { ARCHIVE_LIMITS } from './archive/limits.ts';
export type { ArchiveLimits } from './archive/limits.ts';
export type { ArchiveEntry } from './archive/entry.ts';
export { isEncrypted, readArchive } from './archive/read-archive.ts';
export type { Archive } from './archive/read-archive.ts';

export { packDockerContext, readDockerContext, TLS_FILES } from './context/context-archive.ts';
export type { ContextTls, DockerContext } from './context/context-archive.ts';
export { decodeContextMetadata, encodeContextMetadata } from './context/context-metadata.ts';
export type { ContextMetadata } from './context/context-metadata.ts';
export { contextNameOf, parseContextName } from './context/context-name.ts';

export { BundleError } from './error.ts';
export type { BundleErrorCode } from './error.ts';

export { parseEngineHost } from './layout/engine-host.ts';
export type { EngineHost } from './layout/engine-host.ts';
export { decodeManifest as readManifest, MANIFEST_FILE } from './layout/manifest.ts';
export { packEntries } from './layout/pack-entries.ts';
export { packBundle } from './layout/pack-bundle.ts';
export type { BundleFiles, FlatLayout } from './layout/pack-bundle.ts';
export { folderFiles, packContexts, packFolder } from './layout/pack-folder.ts';
export type { ArchiveFormat, FolderBundle, NamedFile } from './layout/pack-folder.ts';

export { verifyFiles } from './open/verify-files.ts';
export type { RawFiles, VerifiedFiles, VerifyFilesOptions } from './open/verify-files.ts';
