import fs from 'node:fs';
import type { Host } from './host.ts';

/** A restart takes seconds, and a command may make several. */
export const SLOW = 120_000;

export const DROP_INS = '/etc/systemd/system/docker.service.d';
export const JOURNAL = '/etc/docker/docker-mtls.change.json';
export const RESTART = 'systemctl daemon-reload; systemctl restart docker';

/** A shell script that writes a file, line by line. */
export function write(file: string, text: string): string {
  return `mkdir -p $(dirname ${file}); printf '%s\n' '${text.replaceAll('\n', "' '")}' >${file}; `;
}

export function dropIn(name: string, text: string): string {
  return write(`${DROP_INS}/${name}`, text);
}

/** A shell script that has another program take a port of all addresses, until `reset`. */
export function squat(port: number): string {
  const program = `require('net').createServer().listen(${port}, '0.0.0.0')`;
  const entry = `:${port.toString(16).toUpperCase().padStart(4, '0')} `;
  return `systemd-run --quiet --unit=squat /usr/local/bin/node -e "${program}"; for i in $(seq 600); do grep -q '${entry}' /proc/net/tcp && break; sleep 0.1; done; `;
}

/** A shell script that runs an authorization plugin which allows everything, until its unit `plugin-NAME` is stopped. */
export function pluginNamed(name: string): string {
  const socket = `/run/docker/plugins/${name}.sock`;
  const answer = `JSON.stringify(asked.url === '/Plugin.Activate' ? { Implements: ['authz'] } : { Allow: true })`;
  const server = `require('http').createServer((asked, response) => response.end(${answer}))`;
  const program = `require('fs').rmSync('${socket}', { force: true }); ${server}.listen('${socket}')`;
  return `mkdir -p /run/docker/plugins; systemd-run --quiet --unit=plugin-${name} /usr/local/bin/node -e "${program}"; for i in $(seq 600); do [ -S ${socket} ] && break; sleep 0.1; done; `;
}

/** Is the file there, with this text in it? */
export function has(file: string, text = ''): (host: Host) => boolean {
  return ({ outside }) => {
    try {
      const isFolder = fs.statSync(outside(file)).isDirectory();
      return isFolder || fs.readFileSync(outside(file), 'utf8').includes(text);
    } catch {
      return false;
    }
  };
}
