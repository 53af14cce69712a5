import type { Entry } from '@docker-mtls/store';
import path from 'node:path';
import type { Args } from '../../args.ts';
import type { DaemonOutcome } from '../../configure-daemon.ts';
import { hasKey } from '../../current-entry.ts';
import type { Io } from '../../io.ts';
import { shellWord } from '../../words.ts';
import { engineAddresses } from './engine-addresses.ts';

export type NextSubject = {
  readonly args: Args;
  readonly io: Io;
  readonly server: Entry;
  readonly clients: readonly Entry[];
  readonly daemon: DaemonOutcome;
  readonly proven: boolean;
};

/** The exact commands that come next, to copy and paste. */
export function nextCommands({ args, server, clients, daemon, proven }: NextSubject): string {
  const [address] = engineAddresses(args, server);
  const client = clients.find(hasKey);
  if (address === undefined || client === undefined) return '';
  const host = `tcp://${server.name.includes(':') ? `[${server.name}]` : server.name}:${address.port}`;
  const folder = client.directory ?? '';
  const file = (name: string): string => shellWord(path.join(folder, name));
  const flags = `--tlsverify --tlscacert ${file('ca.pem')} --tlscert ${file('cert.pem')} --tlskey ${file('key.pem')}`;
  const endpoint = `host=${host},ca=${path.join(folder, 'ca.pem')},cert=${path.join(folder, 'cert.pem')},key=${path.join(folder, 'key.pem')}`;
  const lines = [
    ...(proven ? [] : [restartCommand(daemon)]),
    `docker --host ${host} ${flags} version`,
    `docker context create ${shellWord(contextName(server.name))} --docker ${shellWord(endpoint)}`,
  ];
  return `next:\n${lines.map((line) => `  ${line}\n`).join('')}`;
}

function restartCommand({ config }: DaemonOutcome): string {
  return config.startsWith('/etc/docker/')
    ? 'systemctl restart docker'
    : `restart the engine that reads ${config}`;
}

/** What `docker context create` takes as a name. */
function contextName(server: string): string {
  return server
    .replaceAll(/[^a-zA-Z0-9_.+-]/g, '-')
    .replace(/^[^a-zA-Z0-9]+/, '')
    .padEnd(2, '-');
}
