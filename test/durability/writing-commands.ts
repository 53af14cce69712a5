import fs from 'node:fs';
import path from 'node:path';
import { cliJson } from '../support/cli.ts';
import { homeWithPairs } from './homes.ts';
import { inHome } from './kill-everywhere.ts';

/** Commands, most of which write: each of them succeeds in a copy of `homeToWriteIn`. */
export const WRITING_COMMANDS: readonly string[] = [
  'init-ca --ca-dir new',
  'issue-server node2 --out out',
  'issue-client alice',
  'issue-client bob --force',
  'issue-server --names people',
  'renew bob',
  'bundle bob -o new.tar.gz',
  'bundle --names people --issue -o bundles',
  'unbundle bob.tar.gz --out unpacked',
  'unbundle for.tar.gz --install',
  'context create c1 --for tcp://node1:2376 --client bob',
  'context update c0 --client bob --description changed',
  'context use c0',
  'context remove c0',
  'context list',
  'ci export ci --for gitlab --out ci',
  'request carol --out request',
  'daemon-config --server node1 --config daemon.json --listen 127.0.0.1:2999',
  'daemon-config undo --config old/daemon.json',
  'secure node1 --client bob --config daemon.json --listen 127.0.0.1:2999',
  'revoke bob --yes',
  'crl',
  'ca renew',
  'ca rotate prepare',
  'ca passphrase --no-passphrase',
  'ca backup new.backup --plaintext',
  'ca restore ca.backup --ca-dir restored',
  'ca repair',
  'list --all',
  'show bob',
  'env bob --for node1',
];

/** A home folder with a CA, pairs, bundles, a context and a daemon.json that can be undone. */
export async function homeToWriteIn(): Promise<string> {
  const home = await homeWithPairs();
  fs.writeFileSync(path.join(home, 'people'), 'dora\nemil\n');
  fs.mkdirSync(path.join(home, 'old'));
  const options = inHome(home);
  await cliJson(['bundle', 'bob', '-o', 'bob.tar.gz'], options);
  await cliJson(['bundle', 'bob', '--for', 'node1', '-o', 'for.tar.gz'], options);
  await cliJson(['context', 'create', 'c0', '--for', 'tcp://node1:2376', '--client', 'bob'], options);
  const listen = ['--listen', '127.0.0.1:2998'];
  await cliJson(['daemon-config', '--server', 'node1', '--config', 'old/daemon.json', ...listen], options);
  await cliJson(['ca', 'backup', 'ca.backup', '--plaintext'], options);
  return home;
}

/** What one of the commands works in. */
export function copyOf(start: string, folder: string): string {
  const home = path.join(folder, 'home');
  fs.cpSync(start, home, { recursive: true });
  return home;
}
