import fs from 'node:fs';
import path from 'node:path';
import { cachedTool } from '../support/cache.ts';
import type { Host } from './host.ts';

/** Gives the host's engine an image without any registry: one static program. */
export async function importBusybox({ outside, must }: Host): Promise<void> {
  const busybox = cachedTool('busybox');
  if (busybox === undefined) throw new Error('no static busybox (scripts/fetch-engines)');
  const bin = outside('/opt/busybox/bin');
  fs.mkdirSync(bin, { recursive: true });
  fs.copyFileSync(busybox, path.join(bin, 'sleep'));
  await must('tar -C /opt/busybox -c . | docker import - busybox:test');
}
