import fs from 'node:fs';
import path from 'node:path';

const PRELOAD = path.join(import.meta.dirname, 'largest-memory.cjs');

/** Options of node, and variables, that have a process write its largest memory into `file`. */
export function largestMemoryTo(file) {
  return { options: ['--require', PRELOAD], env: { LARGEST_MEMORY: file } };
}

/** The megabytes in that file; NaN where the system does not tell. */
export function largestMemoryIn(file) {
  return Number(fs.readFileSync(file, 'utf8')) / 1024;
}
