import fs from 'node:fs';
import path from 'node:path';

/** The repository's top folder. */
export const REPOSITORY: string = path.resolve(import.meta.dirname, '../..');

/** Where `scripts/fetch-engines` unpacks engines and tools. */
export const CACHE: string = process.env['DOCKER_MTLS_TEST_CACHE'] ?? path.join(REPOSITORY, '.cache');

/** The file of a tool that `scripts/fetch-engines` brings, or undefined when it has not run. */
export function cachedTool(name: string): string | undefined {
  const file = path.join(CACHE, 'tools', name);
  return fs.existsSync(file) ? file : undefined;
}
