import { mountAt } from '@docker-mtls/engine';
import type { Mount } from '@docker-mtls/engine';

// Where the book's commands mount folders of the host, and where the image keeps what in them.
export const CERTS = '/certs';
export const CERTS_OPTION = '-v /diamol-certs:/certs';
/** Held by the run that is at work in the folder; others wait. */
export const LOCK = '/certs/.docker-mtls.lock';
export const CONFIG = '/docker';
export const CONFIG_MOUNT = '-v /etc/docker:/docker';
export const CONFIG_FILE = '/docker/daemon.json';
export const CLIENT = '/certs/client';
export const CLIENT_BUNDLE = '/certs/client/pwd-client-certs';

const OWN_CA = '/ca';

/** The CA directory: a mount of its own, or with the other files. */
export function caFolder(mounts: readonly Mount[]): string {
  return mountAt(mounts, OWN_CA) === undefined ? `${CERTS}${OWN_CA}` : OWN_CA;
}
