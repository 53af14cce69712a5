import type { GuardName } from '../guards.ts';
import type { Check } from './check.ts';
import { empty, flag, wholeNumber, listOf, map, oneOf, only, struct, text, used } from './check.ts';
import { binds, mounts, volumeDriver } from './mounts.ts';
import { endpoints, networkMode } from './network.ts';
import {
  capabilities,
  command,
  health,
  isFalse,
  isZero,
  logDriver,
  logOptions,
  notPrivileged,
  oomScore,
  sysctls,
  ulimits,
} from './settings.ts';

/** The namespaces a container may have besides its own ones. */
function namespace(...values: readonly string[]): Check {
  return (value, where, findings) => {
    const guard: GuardName =
      typeof value === 'string' && value.startsWith('container:') ? 'join-namespace' : 'host-namespace';
    oneOf(guard, ['', ...values])(value, where, findings);
  };
}

/** `/name:/alias`. The environment of a linked container is shown to the one that links it. */
function linked(value: string): string {
  return (value.split(':', 1)[0] ?? '').replace(/^\//, '');
}

const NO_NEW_PRIVILEGES = ['no-new-privileges', 'no-new-privileges=true', 'no-new-privileges:true'];

const blkioWeights = listOf(struct({ Path: text, Weight: wholeNumber }));
const blkioRates = listOf(struct({ Path: text, Rate: wholeNumber }));
const noDevices =
  (type: Check): Check =>
  (value, where, findings) => {
    type(value, where, findings);
    empty('devices')(value, where, findings);
  };

/** Limits, which an update can change as well. Members of earlier engines included. */
const resources: Readonly<Record<string, Check>> = {
  CpuShares: wholeNumber,
  Memory: wholeNumber,
  NanoCpus: wholeNumber,
  CgroupParent: oneOf('cgroup', ['']),
  BlkioWeight: wholeNumber,
  BlkioWeightDevice: noDevices(blkioWeights),
  BlkioDeviceReadBps: noDevices(blkioRates),
  BlkioDeviceWriteBps: noDevices(blkioRates),
  BlkioDeviceReadIOps: noDevices(blkioRates),
  BlkioDeviceWriteIOps: noDevices(blkioRates),
  CpuPeriod: wholeNumber,
  CpuQuota: wholeNumber,
  CpuRealtimePeriod: only('limits', wholeNumber, isZero),
  CpuRealtimeRuntime: only('limits', wholeNumber, isZero),
  CpusetCpus: text,
  CpusetMems: text,
  Devices: empty('devices'),
  DeviceCgroupRules: empty('devices'),
  DeviceRequests: empty('devices'),
  DiskQuota: wholeNumber,
  KernelMemory: wholeNumber,
  KernelMemoryTCP: wholeNumber,
  MemoryReservation: wholeNumber,
  MemorySwap: wholeNumber,
  MemorySwappiness: wholeNumber,
  OomKillDisable: only('limits', flag, isFalse),
  PidsLimit: wholeNumber,
  Ulimits: ulimits,
  CpuCount: wholeNumber,
  CpuPercent: wholeNumber,
  IOMaximumIOps: wholeNumber,
  IOMaximumBandwidth: wholeNumber,
};

const restartPolicy = struct({ Name: text, MaximumRetryCount: wholeNumber });

const hostConfig: Readonly<Record<string, Check>> = {
  ...resources,
  Annotations: empty('runtime'),
  AutoRemove: flag,
  Binds: binds,
  CapAdd: capabilities,
  CapDrop: listOf(text),
  Cgroup: oneOf('cgroup', ['']),
  CgroupnsMode: namespace('private'),
  ConsoleSize: listOf(wholeNumber),
  ContainerIDFile: text,
  Dns: listOf(text),
  DnsOptions: listOf(text),
  DnsSearch: listOf(text),
  ExtraHosts: listOf(text),
  GroupAdd: empty('groups'),
  Init: flag,
  IpcMode: namespace('none', 'private', 'shareable'),
  Isolation: oneOf('runtime', ['', 'default']),
  Links: listOf(used('container', linked)),
  LogConfig: struct({ Type: logDriver, Config: logOptions }),
  MaskedPaths: only('security-options', listOf(text), () => false),
  Mounts: mounts,
  NetworkMode: networkMode,
  OomScoreAdj: oomScore,
  PidMode: namespace(),
  PortBindings: map(listOf(struct({ HostIp: text, HostPort: text }))),
  Privileged: notPrivileged,
  PublishAllPorts: flag,
  ReadonlyPaths: only('security-options', listOf(text), () => false),
  ReadonlyRootfs: flag,
  RestartPolicy: restartPolicy,
  Runtime: oneOf('runtime', ['']),
  SecurityOpt: listOf(oneOf('security-options', NO_NEW_PRIVILEGES)),
  ShmSize: wholeNumber,
  StorageOpt: struct({ size: text }),
  Sysctls: sysctls,
  Tmpfs: map(text),
  UTSMode: namespace(),
  UsernsMode: namespace(),
  VolumeDriver: volumeDriver,
  VolumesFrom: empty('volumes-from'),
};

const config: Readonly<Record<string, Check>> = {
  ArgsEscaped: flag,
  AttachStderr: flag,
  AttachStdin: flag,
  AttachStdout: flag,
  Cmd: command,
  Domainname: text,
  Entrypoint: command,
  Env: listOf(text),
  ExposedPorts: map(struct({})),
  Healthcheck: health,
  Hostname: text,
  Image: text,
  Labels: map(text),
  MacAddress: text,
  NetworkDisabled: flag,
  OnBuild: listOf(text),
  OpenStdin: flag,
  Shell: command,
  StdinOnce: flag,
  StopSignal: text,
  StopTimeout: wholeNumber,
  Tty: flag,
  User: text,
  Volumes: map(struct({})),
  WorkingDir: text,
};

/**
 * Engines up to 26 honour the members of HostConfig at the top as well (runconfig/config.go, ContainerConfigWrapper). `name` and
 * `platform` belong into the query; dockerode sends them in the body too, where no engine reads them.
 */
export const containerCreate: Check = struct({
  ...config,
  ...hostConfig,
  Cpuset: text,
  HostConfig: struct(hostConfig),
  NetworkingConfig: struct({ EndpointsConfig: endpoints }),
  name: text,
  platform: text,
});

export const containerUpdate: Check = struct({ ...resources, RestartPolicy: restartPolicy });

/** dockerode repeats the parameters of the query here, where no engine reads them. */
export const imageCommit: Check = struct({
  ...config,
  author: text,
  changes: listOf(text),
  comment: text,
  container: text,
  pause: flag,
  repo: text,
  tag: text,
});

export const execCreate: Check = struct({
  AttachStderr: flag,
  AttachStdin: flag,
  AttachStdout: flag,
  Cmd: command,
  ConsoleSize: listOf(wholeNumber),
  Container: text,
  Detach: flag,
  DetachKeys: text,
  Env: listOf(text),
  Privileged: notPrivileged,
  Tty: flag,
  User: oneOf('exec-user', ['']),
  WorkingDir: text,
});

/** `hijack` and `stdin` are options of dockerode that it sends along; no engine reads them. */
export const execStart: Check = struct({
  ConsoleSize: listOf(wholeNumber),
  Detach: flag,
  Tty: flag,
  hijack: flag,
  stdin: flag,
});
