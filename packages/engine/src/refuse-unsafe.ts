import nodePath from 'node:path';
import { parseDaemonConfig, readEngineFiles } from '@docker-mtls/daemon-config';
import { requireSafeFile, requireSafeFolders } from '@docker-mtls/files';
import type { ConfigurationOrder } from './configuration-order.ts';

/**
 * Root configures no engine whose daemon.json or certificates another user can change: that user would decide who is
 * served, and that is root. The owner of the directory with the certificates is trusted: in the CA directory, that is
 * who issues them. Code: `FILE_UNSAFE`.
 */
export function refuseUnsafe(order: ConfigurationOrder, daemonJson: string): void {
  if (order.refusesUnsafe !== true || process.geteuid?.() !== 0) return;
  const { config } = order.engine;
  requireSafeFolders(nodePath.dirname(config), 'daemon.json');
  requireSafeFile(config, 'daemon.json');
  const isOwn = order.certificates !== 'elsewhere';
  const files = readEngineFiles(parseDaemonConfig(Buffer.from(daemonJson), config));
  for (const file of files === undefined ? [] : [files.ca, files.certificate, files.key])
    requireSafeFile(file, "an engine's certificates", {
      trustsOwner: isOwn && isIn(order.certsDirectory, file),
    });
}

function isIn(folder: string, file: string): boolean {
  return nodePath.dirname(file) === folder;
}
