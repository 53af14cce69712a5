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
