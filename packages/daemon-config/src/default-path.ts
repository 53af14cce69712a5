/** What of the environment the path depends on. */
export type PathEnvironment = Readonly<Record<string, string | undefined>>;

/**
 * Where the engine looks for its file (docs: "daemon configuration file"): the system's one unless a rootless
 * engine is meant.
 */
export function defaultConfigPath(
  platform: string,
  env: PathEnvironment,
  { rootless = false }: { rootless?: boolean } = {},
): string {
  if (platform === 'win32') return `${env['ProgramData'] ?? 'C:\\ProgramData'}\\docker\\config\\daemon.json`;
  if (!rootless) return '/etc/docker/daemon.json';
  return `${env['XDG_CONFIG_HOME'] || `${env['HOME'] ?? ''}/.config`}/docker/daemon.json`;
}

/** The address that the CLI uses when it is told none, as `hosts` writes it. */
export function defaultLocalSocket(
  platform: string,
  env: PathEnvironment,
  { rootless = false }: { rootless?: boolean } = {},
): string {
  if (platform === 'win32') return 'npipe://';
  if (!rootless) return 'unix:///var/run/docker.sock';
  return `unix://${env['XDG_RUNTIME_DIR'] ?? `${env['HOME'] ?? ''}/.docker/run`}/docker.sock`;
}
