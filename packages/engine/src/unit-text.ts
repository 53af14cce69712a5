/** Settings of systemd.exec(5) for a service of docker-mtls, whatever it does: it needs none of what they take away. */
export const HARDENED: readonly string[] = [
  'LockPersonality=true',
  'NoNewPrivileges=true',
  'PrivateDevices=true',
  'PrivateTmp=true',
  'ProtectClock=true',
  'ProtectControlGroups=true',
  'ProtectHostname=true',
  'ProtectKernelLogs=true',
  'ProtectKernelModules=true',
  'ProtectKernelTunables=true',
  'RestrictNamespaces=true',
  'RestrictRealtime=true',
  'RestrictSUIDSGID=true',
  'SystemCallArchitectures=native',
];

/** The text of a unit file. */
export function unitText(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}
