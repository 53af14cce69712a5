import { MtlsError } from '@docker-mtls/errors';

export type HostErrorCode =
  | 'HOST_BUSY'
  | 'HOST_LOCK'
  | 'HOST_SYSTEMCTL'
  | 'HOST_ADDRESS_ABSENT'
  | 'HOST_PORT_TAKEN'
  | 'HOST_PUBLISHED_TWICE'
  | 'HOST_PORT_FORBIDDEN'
  | 'HOST_STOPS_CONTAINERS'
  | 'HOST_SWARM'
  | 'HOST_TIMER_TAKEN'
  | 'HOST_SWARM_LOCK'
  | 'HOST_NEEDS_ROOT'
  | 'HOST_CUTS_OFF'
  | 'HOST_FLAGS_CLASH'
  | 'HOST_SHARED_CONFIG'
  | 'HOST_IN_CONTAINER'
  | 'HOST_CHANGED_SINCE'
  | 'HOST_LIVE_RESTORE'
  | 'HOST_ENGINE_SILENT'
  | 'HOST_JOURNAL_INVALID'
  | 'HOST_ROLLED_BACK'
  | 'HOST_BROKEN'
  | 'HOST_NO_SYSTEMD'
  | 'HOST_OTHER_CONFIG'
  | 'HOST_PLUGIN_GONE'
  | 'HOST_PLUGIN_OPEN'
  | 'HOST_PLUGIN_RELOAD'
  | 'HOST_PLUGIN_SILENT'
  | 'HOST_PLUGIN_TAKEN'
  | 'HOST_PLUGIN_UNPROVEN'
  | 'HOST_PLUGIN_UNSUPPORTED'
  | 'HOST_DOCKER_DESKTOP'
  | 'HOST_SNAP';

/** Something about this machine's engine that its owner can fix. */
export class HostError extends MtlsError<HostErrorCode> {
  override readonly name: string = 'HostError';
}
