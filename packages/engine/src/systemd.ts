import { SHOWN_PROPERTIES, parseManagerEnvironment, parseSystemctlShow } from '@docker-mtls/daemon-config';
import type { UnitProperties } from '@docker-mtls/daemon-config';
import type { Run } from '@docker-mtls/run';
import { HostError } from './host-error.ts';
import { oneLine } from './one-line.ts';
import type { Scope } from './scope.ts';

/** What we ask of systemd. All of it ends in bounded time; a refusal is `HOST_SYSTEMCTL`, with systemd's words. */
export type Systemd = {
  readonly show: (unit: string) => Promise<UnitProperties>;
  readonly daemonReload: () => Promise<void>;
  readonly restart: (units: readonly string[]) => Promise<void>;
  readonly reload: (unit: string) => Promise<void>;
  readonly stop: (unit: string) => Promise<void>;
  /** Starts a unit now and with the machine; or neither any more. */
  readonly enable: (unit: string) => Promise<void>;
  readonly disable: (unit: string) => Promise<void>;
  /** Forgets failed starts: after three in a minute, systemd would not try again. */
  readonly resetFailed: (units: readonly string[]) => Promise<void>;
  /** What the manager hands on to all its units. */
  readonly environment: () => Promise<ReadonlyMap<string, string>>;
  /** What the unit said since then, its warnings and errors without those to omit, newest last. */
  readonly journal: (
    unit: string,
    since: Date,
    omits: (line: string) => boolean,
  ) => Promise<readonly string[]>;
};

/** A unit that says when it is ready may never say so: Docker's has no limit of its own. */
const RESTART_MS = 90_000;
const JOURNAL_LINES = 400;
const SHOWN_LINES = 12;
const NO_MANAGER =
  'log in as that user for this, or let a service manager of theirs run without: loginctl enable-linger USER';
/** What systemctl says where nobody answers for that user; up to 252 without "user scope". */
const HAS_NO_MANAGER = /^Failed to connect to (?:user scope )?bus\b/m;
/** English, without colours and without a pager. */
const PLAIN = { LC_ALL: 'C', SYSTEMD_COLORS: '0', SYSTEMD_PAGER: '' };
const STATES = ['ActiveState', 'InvocationID', 'MainPID'] as const;

export function systemdOf(run: Run, scope: Scope): Systemd {
  const env = { ...process.env, ...scope.env, ...PLAIN };
  const ask = async (words: readonly string[], timeoutMs?: number): Promise<string> => {
    const args = [...scope.systemctl, ...words];
    const ran = await run('systemctl', args, timeoutMs === undefined ? { env } : { timeoutMs, env });
    if (ran.code === 0) return ran.stdout;
    const said = oneLine(`${ran.stderr} ${ran.trouble?.text ?? ''}`).replace(/ See "systemctl .*$/, '');
    throw new HostError(
      'HOST_SYSTEMCTL',
      `systemctl ${args.join(' ').replaceAll(/ -p \w+/g, '')}: ${said}`,
      scope.isRootless && HAS_NO_MANAGER.test(ran.stderr) ? { hint: NO_MANAGER } : {},
    );
  };
  const properties = [...SHOWN_PROPERTIES, ...STATES].flatMap((name) => ['-p', name]);
  return {
    show: async (unit) => parseSystemctlShow(await ask(['show', ...properties, unit])),
    daemonReload: async () => void (await ask(['daemon-reload'], RESTART_MS)),
    restart: async (units) => void (await ask(['restart', ...units], RESTART_MS)),
    reload: async (unit) => void (await ask(['reload', unit])),
    stop: async (unit) => void (await ask(['stop', unit], RESTART_MS)),
    enable: async (unit) => void (await ask(['enable', '--now', unit], RESTART_MS)),
    disable: async (unit) => void (await ask(['disable', '--now', unit], RESTART_MS)),
    resetFailed: async (units) =>
      void (await run('systemctl', [...scope.systemctl, 'reset-failed', ...units], { env })),
    environment: async () => parseManagerEnvironment(await ask(['show-environment'])),
    journal: (unit, since, omits) => journalLines(run, scope.unitOf(unit), { since, omits }),
  };
}

/** The state that `systemctl show` tells, such as `active` or `failed`. */
export function activeState({ all }: UnitProperties): string {
  return all.get('ActiveState')?.[0] ?? '';
}

/** Names one start of the unit: another start, even after a power cut, has another name. */
export function invocationOf({ all }: UnitProperties): string {
  return all.get('InvocationID')?.[0] ?? '';
}

/** The process that systemd started; 0 when there is none. */
export function mainPidOf({ all }: UnitProperties): number {
  return Number(all.get('MainPID')?.[0] ?? 0);
}

async function journalLines(
  run: Run,
  unit: string,
  { since, omits }: { readonly since: Date; readonly omits: (line: string) => boolean },
): Promise<readonly string[]> {
  const from = `@${Math.floor(since.getTime() / 1000)}`;
  const args = ['--no-pager', '--quiet', '--output=cat', `--lines=${JOURNAL_LINES}`, `--since=${from}`];
  const { stdout } = await run('journalctl', [...args, unit], { env: { ...process.env, ...PLAIN } });
  const lines = stdout.split('\n').map(oneLine);
  const isWorthIt = (line: string): boolean =>
    line !== '' && !/\blevel=(info|debug)\b/.test(line) && !omits(line);
  return lines.filter(isWorthIt).slice(-SHOWN_LINES);
}
