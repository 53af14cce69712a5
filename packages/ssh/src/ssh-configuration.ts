/** What ssh makes of a host, once it has read its configuration. */
export type SshConfiguration = {
  readonly user: string;
  readonly hostName: string;
  readonly port: string;
  /** Another host or program stands between (ProxyJump, ProxyCommand). */
  readonly via: string | undefined;
  /** Takes unknown host keys without asking (StrictHostKeyChecking accept-new or no). */
  readonly takesNewHostKeys: boolean;
};

/** Reads what `ssh -G` prints: a line for each setting, its name in small letters first. */
export function readSshConfiguration(text: string): SshConfiguration {
  const settings = new Map(text.split(/\r?\n/).map(setting));
  return {
    user: settings.get('user') ?? '',
    hostName: settings.get('hostname') ?? '',
    port: settings.get('port') ?? '',
    via: ['proxyjump', 'proxycommand'].map((name) => settings.get(name)).find(isSome),
    takesNewHostKeys: /^(?:accept-new|no|off|false)$/.test(settings.get('stricthostkeychecking') ?? ''),
  };
}

function setting(line: string): readonly [name: string, value: string] {
  const [name = '', ...words] = line.split(' ');
  return [name, words.join(' ')];
}

function isSome(value: string | undefined): boolean {
  return value !== undefined && value !== 'none';
}
