import type { Check } from './check.ts';
import { all, flag, wholeNumber, isNumber, isObject, listOf, map, only, struct, text } from './check.ts';
import type { BodyValue } from './parse-json.ts';

/** What Docker gives every container (oci/caps/defaults.go). */
const DEFAULT_CAPABILITIES = new Set(
  `AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE NET_RAW SETFCAP SETGID SETPCAP SETUID
   SYS_CHROOT`.split(/\s+/),
);
/** As in the baseline of Kubernetes' pod security standards. */
const SAFE_SYSCTLS = new Set([
  'kernel.shm_rmid_forced',
  'net.ipv4.ip_local_port_range',
  'net.ipv4.ip_local_reserved_ports',
  'net.ipv4.ip_unprivileged_port_start',
  'net.ipv4.ping_group_range',
  'net.ipv4.tcp_syncookies',
  'net.ipv4.tcp_keepalive_time',
  'net.ipv4.tcp_keepalive_intvl',
  'net.ipv4.tcp_keepalive_probes',
  'net.ipv4.tcp_fin_timeout',
  'net.ipv4.tcp_rmem',
  'net.ipv4.tcp_wmem',
]);
const LOCAL_LOGS = ['', 'json-file', 'local', 'none', 'journald'];
const LOG_OPTIONS = new Set(
  'max-size max-file max-buffer-size mode compress labels labels-regex env env-regex tag'.split(' '),
);

/** Without CAP_ and in capitals; any other spelling the engine refuses. */
function capability(value: BodyValue): string | undefined {
  return typeof value === 'string' && /^[A-Za-z_]+$/.test(value)
    ? value.toUpperCase().replace(/^CAP_/, '')
    : undefined;
}

export const capabilities: Check = listOf(
  all(
    only('capabilities', text, (value) => DEFAULT_CAPABILITIES.has(capability(value) ?? '')),
    only('added-capabilities', text, (value) => capability(value) === 'NET_BIND_SERVICE'),
  ),
);

const hasOnly =
  (names: ReadonlySet<string>) =>
  (value: BodyValue): boolean =>
    !isObject(value) || [...value.keys()].every((name) => names.has(name));

export const sysctls: Check = only('sysctls', map(text), hasOnly(SAFE_SYSCTLS));

export const logDriver: Check = only(
  'log-driver',
  text,
  (value) => typeof value === 'string' && LOCAL_LOGS.includes(value),
);
export const logOptions: Check = only('log-driver', map(text), hasOnly(LOG_OPTIONS));

/** Below zero, the kernel kills something else first. */
export const oomScore: Check = only(
  'limits',
  wholeNumber,
  (value) => isNumber(value) && !value.number.startsWith('-'),
);

export const health: Check = struct({
  Test: listOf(text),
  Interval: wholeNumber,
  Timeout: wholeNumber,
  Retries: wholeNumber,
  StartPeriod: wholeNumber,
  StartInterval: wholeNumber,
});

export const ulimits: Check = listOf(struct({ Name: text, Soft: wholeNumber, Hard: wholeNumber }));

/** A command: one word, or a list of them (types/strslice). */
export const command: Check = (value, where, findings) => {
  if (typeof value !== 'string') listOf(text)(value, where, findings);
};

export const isFalse = (value: BodyValue): boolean => value === false;
export const isZero = (value: BodyValue): boolean => isNumber(value) && Number(value.number) === 0;
export const notPrivileged: Check = only('privileged', flag, isFalse);
