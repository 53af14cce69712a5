import fs from 'node:fs';
import { MtlsError } from '@docker-mtls/errors';
import { explained, statIfExists } from '@docker-mtls/files';
import { mountAt, parseMountTable } from '@docker-mtls/engine';
import type { Mount } from '@docker-mtls/engine';

const MOUNT_TABLE = '/proc/self/mountinfo';
const WRITABLE_BY_OTHERS = 0o022;

/** The mounts of this container. `CONTAINER_MOUNT_TABLE`. */
export function readMounts(): readonly Mount[] {
  if (!fs.existsSync(MOUNT_TABLE)) throw noTable('there is no');
  const mounts = parseMountTable(explained('read', MOUNT_TABLE, () => fs.readFileSync(MOUNT_TABLE)));
  if (mounts === undefined) throw noTable('cannot understand');
  return mounts;
}

/**
 * A folder of the host that the user has mounted, and that can be written. Codes: `CONTAINER_NOT_MOUNTED`,
 * `CONTAINER_READ_ONLY`.
 */
export function requireMounted(mounts: readonly Mount[], folder: string, option: string): Mount {
  const mount = mountAt(mounts, folder);
  if (mount === undefined || statIfExists(folder)?.isDirectory() !== true) throw notMounted(folder, option);
  if (!mount.isReadOnly) return mount;
  throw new MtlsError('CONTAINER_READ_ONLY', `${folder} is mounted read-only`, {
    hint: `mount it as ${option}, with no :ro behind it`,
  });
}

/** Who can change ca.pem decides who is served, which is to be root on the host. Code: `CONTAINER_UNSAFE`. */
export function requireOurs(folder: string): void {
  const { uid, mode } = explained('look at', folder, () => fs.statSync(folder));
  // Root can do all of that anyway.
  if (uid !== 0 && uid !== process.geteuid?.())
    throw unsafe(
      `${folder} belongs to another user (uid ${uid})`,
      'have it owned by root on the host (chown)',
    );
  if ((mode & WRITABLE_BY_OTHERS) !== 0)
    throw unsafe(`others may write to ${folder}`, 'take that right away on the host (chmod go-w)');
}

function unsafe(message: string, hint: string): MtlsError {
  return new MtlsError('CONTAINER_UNSAFE', `${message}, who could let anyone in by another ca.pem`, {
    hint: `${hint}, or mount another folder`,
  });
}

function notMounted(folder: string, option: string): MtlsError {
  const message = `no folder of the host is mounted at ${folder}: what is written there would go with this container`;
  return new MtlsError('CONTAINER_NOT_MOUNTED', message, {
    hint: `docker container run ${option} …; on the host itself, use docker-mtls secure`,
  });
}

function noTable(what: string): MtlsError {
  return new MtlsError('CONTAINER_MOUNT_TABLE', `${what} ${MOUNT_TABLE} here`, {
    hint: 'this runs in a container of the image, on Linux; on the host itself, use docker-mtls secure',
  });
}
