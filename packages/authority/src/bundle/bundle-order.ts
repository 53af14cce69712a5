import type { ArchiveFormat, EngineHost } from '@docker-mtls/bundle';

export type BundleForm = 'context' | 'flat' | 'folder' | 'p12' | 'pwd';

/** How a client's files are to be packed. The forms `context` and `folder` are for engines. */
export type BundleOrder = {
  readonly form: BundleForm;
  /** Of a folder. */
  readonly format: ArchiveFormat;
  /** Each engine once. */
  readonly hosts: readonly EngineHost[];
  /** Of age; none with a passphrase. */
  readonly recipients: readonly string[];
  /** What stands where the bundle goes is replaced, whatever it is. */
  readonly force: boolean;
  /** A client without a pair is issued one first. */
  readonly issue: boolean;
};
