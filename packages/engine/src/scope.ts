/** Whose service manager runs the engine: the machine's, or that of a user, whose engine is rootless then. */
export type Scope = {
  readonly isRootless: boolean;
  /** What systemctl and journalctl are told, to speak with that manager. */
  readonly systemctl: readonly string[];
  readonly unitOf: (unit: string) => string;
  readonly env: Readonly<Record<string, string>>;
  /** Where drop-ins of its administrator are. */
  readonly units: string;
  /** Where the engine's socket is when nobody says so. */
  readonly socket: string;
  /** A file that nobody else may make or open. */
  readonly lock: string;
};

export const SYSTEM: Scope = {
  isRootless: false,
  systemctl: [],
  unitOf: (unit) => `--unit=${unit}`,
  env: {},
  units: '/etc/systemd/system',
  socket: '/var/run/docker.sock',
  lock: '/run/docker-mtls.lock',
};

/** Of a user whose configuration lies in `config` (`~/.config`), and sockets in `runtime` (`/run/user/1000`). */
export function userScope({ config, runtime }: { config: string; runtime: string }): Scope {
  return {
    isRootless: true,
    systemctl: ['--user'],
    unitOf: (unit) => `--user-unit=${unit}`,
    // A user after su has no such variable, and systemctl finds nobody to speak with.
    env: { XDG_RUNTIME_DIR: runtime },
    units: `${config}/systemd/user`,
    socket: `${runtime}/docker.sock`,
    lock: `${runtime}/docker-mtls.lock`,
  };
}
