import nodePath from 'node:path';
import { parseDaemonConfig, readEngineFiles } from '@docker-mtls/daemon-config';
import { requireSafeFile, requireSafeFolders } from '@docker-mtls/files';

/** An engine that root is about to configure, or to give a new pair. */
export type Configured = {
  readonly config: string;
  /** What its daemon.json is to say. */
  readonly text: string;
  /** The folder with its certificates, where that is on this machine. */
  readonly certsDirectory: string | undefined;
};

/**
 * Root configures no engine whose daemon.json or certificates another user can change: that user would decide who is
 * served, and that is root. The owner of the directory with the certificates is trusted: in the CA directory, that is
 * who issues them. Code: `FILE_UNSAFE`.
 */
export function refuseUnsafe({ config, text, certsDirectory }: Configured): void {
  if (process.geteuid?.() !== 0) return;
  requireSafeFolders(nodePath.dirname(config), 'daemon.json');
  requireSafeFile(config, 'daemon.json');
  const files = readEngineFiles(parseDaemonConfig(Buffer.from(text), config));
  for (const file of files === undefined ? [] : [files.ca, files.certificate, files.key])
    requireSafeFile(file, "an engine's certificates", {
      trustsOwner: nodePath.dirname(file) === certsDirectory,
    });
}
