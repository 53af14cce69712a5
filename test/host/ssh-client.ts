import fs from 'node:fs';
import path from 'node:path';
import { cli } from '../support/cli.ts';
import { docker, programsOf } from '../support/docker-cli.ts';
import type { EngineVersion } from '../support/engine-install.ts';
import { ownSsh } from '../support/own-ssh.ts';
import { output, searchPath, type Finished } from '../support/run.ts';
import { temporaryFolder } from '../support/temp.ts';
import type { Host } from './host.ts';

/** Somebody's laptop: a key, hosts that are known, and the real ssh, which reads these and nothing of the machine's. */
export type SshClient = {
  readonly folder: string;
  readonly publicKey: string;
  readonly knownHosts: string;
  /** Lines for ssh's configuration, which shows the key unless one of them says otherwise. */
  readonly configure: (...lines: readonly string[]) => void;
  /** With the docker command of a version. */
  readonly cli: (args: readonly string[], version?: EngineVersion) => Promise<Finished>;
  readonly docker: (args: readonly string[], version?: EngineVersion) => Promise<Finished>;
};

/** Makes a client that knows the host's keys. */
export async function makeSshClient(host: Host): Promise<SshClient> {
  const folder = temporaryFolder();
  const file = (name: string): string => path.join(folder, name);
  await output('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'laptop', '-f', file('id')]);
  fs.writeFileSync(file('known_hosts'), await knownHosts(host));
  const bin = [ownSsh(folder)];
  const client: SshClient = {
    folder,
    publicKey: fs.readFileSync(file('id.pub'), 'utf8'),
    knownHosts: file('known_hosts'),
    configure: (...lines) => fs.writeFileSync(file('config'), configuration(folder, lines)),
    cli: (args, version = 'installed') =>
      cli(args, { home: folder, env: { PATH: searchPath([...bin, ...programsOf(version)]) } }),
    docker: (args, version = 'installed') => docker(args, { home: folder, version, path: bin }),
  };
  client.configure();
  return client;
}

function configuration(folder: string, lines: readonly string[]): string {
  const hasKey = lines.some((line) => line.startsWith('IdentityFile '));
  const key = hasKey ? [] : [`IdentityFile ${folder}/id`];
  const always = [`UserKnownHostsFile ${folder}/known_hosts`, 'GlobalKnownHostsFile /dev/null'];
  return [...lines, ...key, ...always, ''].join('\n');
}

async function knownHosts({ address, must }: Host): Promise<string> {
  const keys = await must('cut -d" " -f1,2 /etc/ssh/ssh_host_*_key.pub');
  return keys.replaceAll(/^(?=.)/gm, `${address} `);
}
