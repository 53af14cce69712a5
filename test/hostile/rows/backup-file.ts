import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { packEntries, readArchive } from '@docker-mtls/bundle';
import { Connection } from '@docker-mtls/registry';
import { PROGRAM } from '../../support/cli.ts';

type Files = Map<string, Buffer>;
type Entries = readonly { readonly path: string; readonly data: Buffer }[];

let good: Files | undefined;

/** What `ca backup` writes of the CA of a work folder; that of the first one serves all of them. */
function goodFiles(work: string): Files {
  good ??= new Map(readArchive(makeBackup(work)).files.map((file) => [file.path, file.data]));
  return new Map(good);
}

function makeBackup(work: string): Buffer {
  const [program = '', ...words] = [...PROGRAM, 'ca', 'backup', 'good', '--plaintext'];
  const env = { HOME: work, DOCKER_MTLS_CA_DIR: path.join(work, 'ca'), TMPDIR: path.join(work, 'tmp') };
  const { status, stderr } = spawnSync(program, words, { cwd: work, env, encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  const data = fs.readFileSync(path.join(work, 'good'));
  fs.rmSync(path.join(work, 'good'));
  return data;
}

/** Writes a backup as `b`, with some of its files changed. */
export function backup(change: (files: Files) => void = () => undefined): (work: string) => void {
  return backupOf((files) => {
    change(files);
    return [...files].map(([name, data]) => ({ path: name, data }));
  });
}

/** The same with all freedom of what is in the archive. */
export function backupOf(entries: (files: Files) => Entries): (work: string) => void {
  return (work) => fs.writeFileSync(path.join(work, 'b'), packEntries(entries(goodFiles(work))));
}

/** The same with the bytes of the archive changed. */
export function backupBytes(change: (bytes: Buffer) => Buffer): (work: string) => void {
  return (work) => {
    const entries = [...goodFiles(work)].map(([name, data]) => ({ path: name, data }));
    fs.writeFileSync(path.join(work, 'b'), change(packEntries(entries)));
  };
}

/** Writes a backup as `b` whose registry somebody has changed by SQL. */
export function backupWith(sql: string): (work: string) => void {
  return (work) => {
    const file = path.join(work, 'tmp', 'registry.db');
    backup((files) => {
      fs.writeFileSync(file, files.get('registry.db') ?? '');
      const registry = new Connection(file);
      registry.execute(sql);
      registry.close();
      files.set('registry.db', fs.readFileSync(file));
    })(work);
    for (const name of fs.readdirSync(path.join(work, 'tmp'))) fs.rmSync(path.join(work, 'tmp', name));
  };
}
