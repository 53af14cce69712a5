import { withLockFile } from '@docker-mtls/ca-directory/with-lock-file';
import { mountAt } from '@docker-mtls/engine';
import type { Mount } from '@docker-mtls/engine';
import type { Caller } from '@docker-mtls/errors';

// Where the book's commands mount folders of the host, and where the image keeps what in them.
export const CERTS = '/certs';
export const CERTS_OPTION = '-v /diamol-certs:/certs';
const LOCK = '/certs/.docker-mtls.lock';
export const CONFIG = '/docker';
export const CONFIG_MOUNT = '-v /etc/docker:/docker';
export const CONFIG_FILE = '/docker/daemon.json';
export const CLIENT = '/certs/client';
export const CLIENT_BUNDLE = '/certs/client/pwd-client-certs';

const OWN_CA = '/ca';

/**
 * What the engine's certificate is called. A name that every run knows, so that it finds the pair of the run before,
 * whatever names for other machines come and go.
 */
export const SERVER = 'localhost';

/** The CA directory: a mount of its own, or with the other files. */
export function caFolder(mounts: readonly Mount[]): string {
  return mountAt(mounts, OWN_CA) === undefined ? `${CERTS}${OWN_CA}` : OWN_CA;
}

/** Does the work of a run while no other container is at work in the same folder. */
export function alone<T>({ note }: Caller, work: () => Promise<T>): Promise<T> {
  const message = 'waiting for another container to finish…';
  return withLockFile(LOCK, { onWait: () => note?.({ kind: 'info', message }) }, work);
}
