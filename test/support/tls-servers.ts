import { spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { onCleanup } from './cleanup.ts';
import { eventually } from './eventually.ts';
import { freePort } from './free-port.ts';
import { searchPath } from './run.ts';
import { temporaryFolder } from './temp.ts';

/** PEM files that a server serves with. */
export type ServerFiles = { readonly certificate: string; readonly key: string; readonly ca: string };

/** Runs a server in a folder of its own until the test file ends, once it takes connections on a port. */
export async function startServer(
  program: string,
  args: readonly string[],
  { port, folder = temporaryFolder() }: { readonly port: number; readonly folder?: string },
): Promise<{ readonly stop: () => Promise<void> }> {
  const said: Buffer[] = [];
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', program, ...args], {
    cwd: folder,
    env: { PATH: searchPath(), HOME: folder },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stdout.on('data', (chunk: Buffer) => said.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => said.push(chunk));
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => resolve());
    child.once('error', () => resolve());
  });
  const stop = async (): Promise<void> => {
    child.kill('SIGKILL');
    await ended;
  };
  onCleanup(stop);
  await eventually(async () => {
    if (child.exitCode !== null) throw new Error(`${program} ended: ${Buffer.concat(said).toString('utf8')}`);
    if (!(await connects(port))) throw new Error(`${program} does not listen on ${port}`);
  });
  return { stop };
}

function connects(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect({ host: '127.0.0.1', port });
    socket.once('error', () => resolve(false));
    socket.once('connect', () => socket.end(() => resolve(true)));
  });
}

/** `openssl s_server` on a port of 127.0.0.1 that answers `GET /_ping` as an engine does; further options say whom it takes. */
export function opensslServerAt(
  port: number,
  files: ServerFiles,
  options: readonly string[],
): Promise<{ readonly stop: () => Promise<void> }> {
  const folder = temporaryFolder();
  fs.writeFileSync(path.join(folder, '_ping'), 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK');
  const pair = ['-cert', files.certificate, '-key', files.key, '-CAfile', files.ca];
  const rest = ['-no-CApath', '-no-CAstore', ...options];
  const args = ['s_server', '-HTTP', '-quiet', '-accept', `127.0.0.1:${port}`, ...pair, ...rest];
  return startServer('openssl', args, { port, folder });
}

/** The same, on a free port. */
export async function opensslServer(files: ServerFiles, options: readonly string[]): Promise<number> {
  const port = await freePort();
  await opensslServerAt(port, files, options);
  return port;
}

/** haproxy with one configuration: `global` and `defaults` are here. */
export async function haproxy(sections: string, port: number): Promise<void> {
  const folder = temporaryFolder();
  const file = path.join(folder, 'haproxy.cfg');
  const defaults = 'defaults\n  timeout connect 5s\n  timeout client 30s\n  timeout server 30s\n';
  fs.writeFileSync(file, `global\n  maxconn 200\n${defaults}${sections}\n`);
  await startServer('haproxy', ['-db', '-f', file], { port, folder });
}

/** nginx with one `server` or `stream` block. */
export async function nginx(block: string, port: number): Promise<void> {
  const folder = temporaryFolder();
  const file = path.join(folder, 'nginx.conf');
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${folder}/${name};`,
  );
  fs.writeFileSync(
    file,
    `daemon off; master_process off; pid ${folder}/pid; error_log ${folder}/error.log;\nevents {}\nhttp { access_log off; ${paths.join(' ')} ${block} }\n`,
  );
  await startServer('nginx', ['-p', folder, '-c', file, '-e', `${folder}/error.log`], { port, folder });
}
