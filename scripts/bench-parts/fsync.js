import fs from 'node:fs';
import path from 'node:path';
import { median } from './median.js';

/** Milliseconds that it takes here to bring a small new file to the disk: much of what a durable command waits for. */
export function fsyncTime(folder) {
  return median(Array.from({ length: 20 }, (_, index) => syncOnce(path.join(folder, `sync-${index}`))));
}

function syncOnce(file) {
  const open = fs.openSync(file, 'w');
  fs.writeSync(open, 'x'.repeat(1000));
  const start = performance.now();
  fs.fsyncSync(open);
  const taken = performance.now() - start;
  fs.closeSync(open);
  return taken;
}
