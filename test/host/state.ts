import fs from 'node:fs';
import path from 'node:path';
import { filesBelow, mode } from '../support/tree.ts';
import type { Host } from './host.ts';

/** What a change that failed must leave as it was: files byte for byte, the unit, and whether the engine serves. */
export type HostState = {
  readonly files: readonly string[];
  readonly unit: string;
  readonly engine: string;
};

const FOLDERS = ['/etc/docker', '/etc/systemd', '/etc/default'];
const PROPERTIES = 'ActiveState,UnitFileState,DropInPaths,NeedDaemonReload,LoadState';

export async function stateOf({ outside, must }: Host): Promise<HostState> {
  return {
    files: FOLDERS.flatMap((folder) => describe(outside(folder))),
    unit: await must(`systemctl show -p ${PROPERTIES} docker.service docker.socket`),
    engine: await must('docker version --format {{.Server.Version}} 2>/dev/null || echo silent'),
  };
}

function describe(folder: string): readonly string[] {
  return filesBelow(folder).map((file) => `${mode(file)} ${owner(file)} ${file} ${contentOf(file)}`);
}

function owner(file: string): string {
  const { uid, gid } = fs.lstatSync(file);
  return `${uid}:${gid}`;
}

function contentOf(file: string): string {
  const stat = fs.lstatSync(file);
  if (stat.isSymbolicLink()) return fs.readlinkSync(file);
  return stat.isFile() ? fs.readFileSync(file).toString('base64') : '';
}

/** The host as it was when it booted; the CA and its pairs stay. */
export async function reset({ must, outside }: Host, pristine: string): Promise<void> {
  await must(`umount /etc/docker 2>/dev/null; systemctl stop squat.service 2>/dev/null; systemctl stop docker.service docker.socket 2>/dev/null
    rm -rf /etc/docker /etc/systemd/system/docker.service /etc/systemd/system/docker.service.d /etc/systemd/system/docker.socket.d
    cp -a ${pristine}/docker /etc/docker && cp -a ${pristine}/default /etc/default/docker
    systemctl daemon-reload && systemctl reset-failed && systemctl start docker.socket docker.service`);
  if (fs.existsSync(path.join(outside('/etc/docker'), 'daemon.json'))) throw new Error('not as it was');
}

/** Keeps what `reset` brings back. */
export async function keepPristine({ must }: Host): Promise<string> {
  const folder = '/root/pristine';
  await must(
    `mkdir ${folder} && cp -a /etc/docker ${folder}/docker && cp -a /etc/default/docker ${folder}/default`,
  );
  return folder;
}
