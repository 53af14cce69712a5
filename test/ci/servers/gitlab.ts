import fs from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { temporaryFolder } from '../../support/temp.ts';
import { checkOut, shell, type Ended, type Environment, type Job } from './server.ts';

type Values = Readonly<Record<string, string>>;

type GitlabJob = {
  readonly stage: string;
  readonly extends?: string;
  readonly environment?: Environment | { readonly name: Environment };
  readonly when?: 'manual';
  readonly script: readonly string[];
  readonly artifacts?: { readonly paths: readonly string[] };
};

type Pipeline = {
  readonly stages: readonly string[];
  readonly default: { readonly before_script: readonly string[] };
  readonly variables: Values;
};

/** Runs the pipeline as GitLab does: by stages, each job in a fresh checkout, variables by the environment's scope. */
export async function gitlab(job: Job): Promise<Ended> {
  const text = fs.readFileSync(path.join(job.project, '.gitlab-ci.yml'), 'utf8');
  const pipeline = parse(text) as Pipeline;
  const artifacts = temporaryFolder();
  let output = '';
  for (const [name, each] of jobsOf(pipeline)) {
    if (each.when === 'manual' && !job.approve) return { ok: false, output: `${output}not started\n` };
    const workspace = checkOut(job.project);
    fs.cpSync(artifacts, workspace, { recursive: true, verbatimSymlinks: true });
    const lines = [...pipeline.default.before_script, ...each.script];
    const env = { ...job.agent, ...variablesOf(job, pipeline.variables, environmentOf(each)) };
    const done = await shell(['sh', '-e', '-c'], lines.join('\n'), { env, cwd: workspace });
    output += `[job] ${name}\n${done.output}`;
    if (!done.ok) return { ok: false, output };
    for (const file of each.artifacts?.paths ?? [])
      fs.cpSync(path.join(workspace, file), path.join(artifacts, file));
  }
  return { ok: true, output };
}

/** Jobs in the order of their stages. What a builder inherits is an engine of its own: here the agent's. */
function jobsOf(pipeline: Pipeline): readonly (readonly [string, GitlabJob])[] {
  const jobs = Object.entries(pipeline as unknown as Readonly<Record<string, GitlabJob>>).filter(
    ([name, job]) => !name.startsWith('.') && Array.isArray(job.script),
  );
  const stageOf = ([, { stage }]: readonly [string, GitlabJob]): number => pipeline.stages.indexOf(stage);
  return jobs.toSorted((one, other) => stageOf(one) - stageOf(other));
}

function environmentOf({ environment }: GitlabJob): Environment | undefined {
  return typeof environment === 'object' ? environment.name : environment;
}

function variablesOf(job: Job, variables: Values, environment: Environment | undefined): Values {
  const own: Values = { CI_PIPELINE_IID: job.build };
  const expanded = Object.entries(variables).map(([name, value]) => [
    name,
    value.replaceAll(/\$(\w+)/gu, (_, variable: string) => own[variable] ?? ''),
  ]);
  return {
    ...own,
    ...Object.fromEntries(expanded),
    // Settings of the project come before what the file says.
    REGISTRY: job.registry,
    ...(environment && {
      DOCKER_ENGINE: job.engines[environment],
      ...fileVariables(job.credentials[environment]),
    }),
  };
}

/** Variables of type file: GitLab puts each value into a file beside the checkout. */
function fileVariables(folder: string): Values {
  const place = temporaryFolder();
  const names = fs.readdirSync(folder).filter((name) => name.startsWith('DOCKER_'));
  return Object.fromEntries(
    names.map((name) => {
      const file = path.join(place, name);
      fs.copyFileSync(path.join(folder, name), file);
      return [name, file];
    }),
  );
}
