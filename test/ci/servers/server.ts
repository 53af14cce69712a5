import fs from 'node:fs';
import path from 'node:path';
import { run, type RunOptions } from '../../support/run.ts';
import { temporaryFolder } from '../../support/temp.ts';

export type Environment = 'uat' | 'prod';

/** What an automation server has been told, and the machine that its jobs run on. */
export type Job = {
  /** The repository: sources, compose files and the pipeline. */
  readonly project: string;
  /** For each environment, the folder that `ci export` wrote. */
  readonly credentials: Readonly<Record<Environment, string>>;
  readonly engines: Readonly<Record<Environment, string>>;
  /** The environment of an agent: its PATH, its own engine. */
  readonly agent: Readonly<Record<string, string>>;
  readonly build: string;
  readonly registry: string;
  /** Does the person who is asked approve? */
  readonly approve: boolean;
};

/** How a pipeline ended, and all that it printed. */
export type Ended = { readonly ok: boolean; readonly output: string };

/** A part of an automation server: enough to run our pipeline's own file, with its credentials bound as the server does. */
export type Server = (job: Job) => Promise<Ended>;

/** A checkout of the repository of its own, as every job of a server has. */
export function checkOut(project: string): string {
  const workspace = path.join(temporaryFolder(), 'workspace');
  fs.cpSync(project, workspace, { recursive: true, verbatimSymlinks: true });
  return workspace;
}

/** Runs what a job says in a shell; what it prints comes as one text. */
export async function shell(words: readonly string[], script: string, options: RunOptions): Promise<Ended> {
  const [program = 'sh', ...args] = words;
  const { code, stdout, stderr } = await run(program, [...args, script], { timeout: 120_000, ...options });
  return { ok: code === 0, output: stdout + stderr };
}
