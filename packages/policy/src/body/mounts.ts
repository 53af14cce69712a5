import type { Check } from './check.ts';
import {
  all,
  empty,
  flag,
  wholeNumber,
  isObject,
  listOf,
  map,
  memberOf,
  oneOf,
  only,
  struct,
  text,
} from './check.ts';
import type { BodyValue } from './parse-json.ts';

/** What the engine takes for the name of a volume (volume/local: names.RestrictedNamePattern); one letter is a drive on Windows. */
const VOLUME_NAME = /^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/;
const BIND_OPTIONS = new Set(['', 'ro', 'rw', 'z', 'Z', 'nocopy', 'consistent', 'cached', 'delegated']);
/** Memory with a bound: of what a local volume can mount, the one thing that is not elsewhere. */
const TMPFS_OPTIONS =
  /^(?:(?:size|nr_inodes|uid|gid|mode)=[0-9]+[kKmMgG]?|nosuid|nodev|noexec)(?:,(?:(?:size|nr_inodes|uid|gid|mode)=[0-9]+[kKmMgG]?|nosuid|nodev|noexec))*$/;

/** An option of the local driver that mounts the host's files, or a file system from elsewhere, as a volume. */
export const volumeOptions: Check = (value, where, findings) => {
  map(text)(value, where, findings);
  if (isObject(value) && !isHarmlessVolume(value)) {
    findings.breaches.push({
      guard: 'volume-driver',
      where,
      problem: 'mounts something else than new space or memory',
    });
  }
};

export function isHarmlessVolume(options: ReadonlyMap<string, BodyValue>): boolean {
  if (options.size === 0) return true;
  const { type, device, o = '', ...rest } = Object.fromEntries(options);
  const isMemory = type === 'tmpfs' && device === 'tmpfs';
  return (
    isMemory && Object.keys(rest).length === 0 && typeof o === 'string' && (o === '' || TMPFS_OPTIONS.test(o))
  );
}

export const volumeDriver: Check = oneOf('volume-driver', ['', 'local']);

/** `source:target:options`; a single path is a volume without a name. */
const bind: Check = (value, where, findings) => {
  text(value, where, findings);
  if (typeof value !== 'string') return;
  const [source = '', target, options = '', ...rest] = value.split(':');
  if (target === undefined && value.startsWith('/')) return;
  const isVolume = VOLUME_NAME.test(source) && target !== undefined && rest.length === 0;
  const isPlain = options.split(',').every((option) => BIND_OPTIONS.has(option));
  if (isVolume && isPlain) findings.volumes.add(source);
  else
    findings.breaches.push({
      guard: 'host-bind',
      where,
      problem: `mounts ${JSON.stringify(value).slice(0, 80)}`,
    });
};

const isInside = (value: BodyValue): boolean =>
  typeof value === 'string' && !value.startsWith('/') && !value.split('/').includes('..');

const mountFields = struct({
  Type: oneOf('host-bind', ['volume', 'tmpfs']),
  Source: text,
  Target: text,
  ReadOnly: flag,
  Consistency: text,
  BindOptions: empty('host-bind'),
  VolumeOptions: struct({
    NoCopy: flag,
    Labels: map(text),
    Subpath: only('host-bind', text, isInside),
    DriverConfig: struct({ Name: volumeDriver, Options: volumeOptions }),
  }),
  ImageOptions: empty('host-bind'),
  TmpfsOptions: struct({ SizeBytes: wholeNumber, Mode: wholeNumber, Options: listOf(listOf(text)) }),
  ClusterOptions: empty('host-bind'),
});

/** The type has to be said: engines have taken a mount without one for different things. */
const mountSource: Check = (value, where, findings) => {
  const type = memberOf(value, 'Type') ?? null;
  const source = memberOf(value, 'Source') ?? '';
  if (type === null) findings.breaches.push({ guard: 'host-bind', where, problem: 'has no type' });
  if (typeof source !== 'string' || source === '') return;
  if (type === 'volume' && VOLUME_NAME.test(source)) findings.volumes.add(source);
  else
    findings.breaches.push({
      guard: 'host-bind',
      where,
      problem: `mounts ${JSON.stringify(source).slice(0, 80)}`,
    });
};

export const binds: Check = listOf(bind);
export const mounts: Check = listOf(all(mountFields, mountSource));
