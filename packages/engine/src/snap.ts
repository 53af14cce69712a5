import { HostError } from './host-error.ts';

const FOLDER = '/var/snap/docker';

/** The daemon.json of the snap, which every update of the snap takes along. */
export const SNAP_CONFIG: string = `${FOLDER}/current/config/daemon.json`;

/** A place for certificates that is the same for all its revisions. */
const SNAP_CERTS: string = `${FOLDER}/common/docker-mtls`;

export function isInSnap(file: string): boolean {
  return file === FOLDER || file.startsWith(`${FOLDER}/`);
}

/** Throws `HOST_SNAP` for certificates where the snap's confinement hides them: it reads its own folders alone. */
export function refuseOutsideSnap(certsDirectory: string): void {
  if (isInSnap(certsDirectory)) return;
  throw new HostError('HOST_SNAP', `the engine of the snap cannot read ${certsDirectory}`, {
    hint: `bring the server's files to ${SNAP_CERTS}: with secure, add --out ${SNAP_CERTS}; with daemon-config, add --certs-dir ${SNAP_CERTS}`,
  });
}
