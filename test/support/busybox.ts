import fs from 'node:fs';
import path from 'node:path';
import { cachedTool } from './cache.ts';
import type { Engine } from './engine.ts';
import { docker } from './docker-cli.ts';
import { output } from './run.ts';
import { temporaryFolder } from './temp.ts';

/** The name of the image that `importBusybox` makes. */
export const BUSYBOX = 'busybox:test';

const APPLETS = ['sh', 'echo', 'cat', 'ls', 'sleep', 'true'];

/** Gives an engine an image without any registry: one static program under a few names. */
export async function importBusybox(engine: Engine): Promise<void> {
  const archive = await busyboxArchive();
  const { code, stderr } = await docker(['--host', `unix://${engine.socket}`, 'import', archive, BUSYBOX]);
  if (code !== 0) throw new Error(`docker import: ${stderr}`);
}

async function busyboxArchive(): Promise<string> {
  const busybox = cachedTool('busybox');
  if (busybox === undefined) throw new Error('no static busybox (scripts/fetch-engines)');
  const folder = temporaryFolder();
  const bin = path.join(folder, 'root/bin');
  fs.mkdirSync(bin, { recursive: true });
  fs.copyFileSync(busybox, path.join(bin, 'busybox'));
  for (const applet of APPLETS) fs.symlinkSync('busybox', path.join(bin, applet));
  const archive = path.join(folder, 'busybox.tar');
  await output('tar', ['--create', '--file', archive, '--directory', path.join(folder, 'root'), '.']);
  return archive;
}
