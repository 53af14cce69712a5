import path from 'node:path';
import type { PipelineFile } from '@docker-mtls/ci';
import { makeDirectory, PUBLIC_FILE, readFileIfExists, replaceFile } from '@docker-mtls/files';

/** What became of the pipeline's files, by their paths in the repository that they are for. */
export type WrittenPipeline = { readonly written: readonly string[]; readonly kept: readonly string[] };

/** Writes the pipeline. Files that somebody made their own stay as they are, unless `force` says otherwise. */
export function writePipeline(
  folder: string,
  files: readonly PipelineFile[],
  force: boolean,
): WrittenPipeline {
  const written: string[] = [];
  const kept: string[] = [];
  for (const { path: name, data } of files) {
    const file = path.join(folder, name);
    const old = readFileIfExists(file)?.toString('utf8');
    if (old === data) continue;
    if (old !== undefined && !force) {
      kept.push(name);
      continue;
    }
    makeDirectory(path.dirname(file));
    replaceFile(file, data, PUBLIC_FILE);
    written.push(name);
  }
  return { written, kept };
}
