import { MtlsError } from '@docker-mtls/errors';

export type DaemonConfigErrorCode =
  | 'DAEMON_CONFIG_INVALID'
  | 'DAEMON_CONFIG_LISTEN_INVALID'
  | 'DAEMON_CONFIG_PATH_INVALID'
  | 'DAEMON_CONFIG_CHANGED'
  | 'DAEMON_CONFIG_EDITED'
  | 'DAEMON_CONFIG_NOTHING_TO_UNDO'
  | 'DAEMON_CONFIG_UNDO_BROKEN'
  | 'DAEMON_CONFIG_REJECTED'
  | 'DAEMON_CONFIG_UNIT';

/** Something about the engine's configuration that its owner can fix. */
export class DaemonConfigError extends MtlsError<DaemonConfigErrorCode> {
  override readonly name: string = 'DaemonConfigError';
}
