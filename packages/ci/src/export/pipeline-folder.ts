import path from 'node:path';
import { makeDirectory, PUBLIC_FILE, readFileIfExists, replaceFile } from '@docker-mtls/files';
import type { PipelineFile } from '../pipeline/pipeline-files.ts';

/** What became of the pipeline's files, by their paths in the repository that they are for. */
export type WrittenPipeline = { readonly written: readonly string[]; readonly kept: readonly string[] };

export type PipelineOrder = {
  readonly folder: string;
  readonly files: readonly PipelineFile[];
  /** The files as they were written for the environments before: one that still is as it was may change. */
  readonly former: readonly PipelineFile[];
  readonly force: boolean;
};

/** Writes the pipeline. Files that were edited since stay as they are, unless `force` says otherwise. */
export function writePipeline({ folder, files, former, force }: PipelineOrder): WrittenPipeline {
  const generated = new Map(former.map(({ path: name, data }) => [name, data]));
  const written: string[] = [];
  const kept: string[] = [];
  for (const { path: name, data } of files) {
    const file = path.join(folder, name);
    const old = readFileIfExists(file)?.toString('utf8');
    if (old === data) continue;
    if (old !== undefined && old !== generated.get(name) && !force) {
      kept.push(name);
      continue;
    }
    makeDirectory(path.dirname(file));
    replaceFile(file, data, PUBLIC_FILE);
    written.push(name);
  }
  return { written, kept };
}
