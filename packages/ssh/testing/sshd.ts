import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { onCleanup } from '../../../test/support/cleanup.ts';
import { eventually } from '../../../test/support/eventually.ts';
import { which } from '../../../test/support/engine-install.ts';
import { freePort } from '../../../test/support/free-port.ts';
import { output, searchPath } from '../../../test/support/run.ts';
import { temporaryFolder } from '../../../test/support/temp.ts';

/** A real sshd on loopback addresses, with ports that differ in what they ask for, and a folder with its client's things. */
export type Sshd = {
  readonly folder: string;
  readonly user: string;
  readonly ports: {
    readonly plain: number;
    /** Takes passwords alone. */
    readonly password: number;
    /** Takes a key and wants a password too. */
    readonly both: number;
  };
  /** `key ssh-ed25519 AAAA…`, as known_hosts has it, for a port. */
  readonly knownHost: (port: number, key?: string) => string;
};

/** Starts it for the user who runs the tests; it ends with the test file. */
export async function startSshd(): Promise<Sshd> {
  const folder = temporaryFolder();
  for (const key of ['host', 'host2', 'id', 'other']) await makeKey(path.join(folder, key));
  await makeKey(path.join(folder, 'locked'), 'a passphrase');
  fs.copyFileSync(path.join(folder, 'id.pub'), path.join(folder, 'authorized_keys'));
  const ports = { plain: await freePort(), password: await freePort(), both: await freePort() };
  fs.writeFileSync(path.join(folder, 'sshd_config'), configuration(folder, ports));
  run(folder);
  for (const port of Object.values(ports)) await eventually(() => connects(port));
  const hostKey = publicKey(path.join(folder, 'host'));
  return {
    folder,
    user: os.userInfo().username,
    ports,
    knownHost: (port, key = hostKey) => `[127.0.0.1]:${port},[::1]:${port} ${key}\n`,
  };
}

export async function makeKey(file: string, passphrase = ''): Promise<void> {
  const words = ['-q', '-t', 'ed25519', '-N', passphrase, '-C', path.basename(file), '-f', file];
  await output('ssh-keygen', words);
}

export function publicKey(file: string): string {
  return fs.readFileSync(`${file}.pub`, 'utf8').split(' ').slice(0, 2).join(' ');
}

function configuration(folder: string, ports: Sshd['ports']): string {
  return `${Object.values(ports)
    .map((port) => `ListenAddress 127.0.0.1:${port}\nListenAddress [::1]:${port}\n`)
    .join('')}HostKey ${folder}/host
AuthorizedKeysFile ${folder}/authorized_keys
PidFile none
StrictModes no
UsePAM no
PermitRootLogin yes
MaxAuthTries 3
Match LocalPort ${ports.password}
  PubkeyAuthentication no
Match LocalPort ${ports.both}
  AuthenticationMethods publickey,password
`;
}

/** As root, sshd wants /run/sshd, which systemd makes elsewhere: here it is made where only this sshd sees it. */
const IN_OWN_RUN = 'mount -t tmpfs -o mode=755 tmpfs /run && mkdir /run/sshd && exec "$@"';

function run(folder: string): void {
  const program = which('sshd') ?? 'sshd';
  const prefix = process.getuid?.() === 0 ? ['unshare', '--mount', 'sh', '-c', IN_OWN_RUN, 'sh'] : [];
  const words = ['-D', '-f', path.join(folder, 'sshd_config'), '-E', path.join(folder, 'log')];
  // It ends with the tests, even when they are killed.
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', ...prefix, program, ...words], {
    stdio: 'ignore',
    env: { PATH: searchPath() },
  });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  onCleanup(async () => {
    child.kill('SIGTERM');
    await ended;
  });
}

async function connects(port: number): Promise<void> {
  const socket = net.connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.destroy();
}
