import fs from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { temporaryFolder } from '../../support/temp.ts';
import { checkOut, shell, type Ended, type Environment, type Job } from './server.ts';

type Values = Readonly<Record<string, string>>;

type Step = {
  readonly uses?: string;
  readonly run?: string;
  readonly env?: Values;
  readonly with?: Values;
};

type WorkflowJob = {
  readonly needs?: string;
  readonly environment?: Environment;
  readonly steps: readonly Step[];
};

type Workflow = { readonly env: Values; readonly jobs: Readonly<Record<string, WorkflowJob>> };

type Runner = {
  readonly workspace: string;
  readonly artifacts: string;
  readonly env: Values;
  readonly contexts: Readonly<Record<string, Values>>;
};

/** Runs the workflow as GitHub does: each job on a fresh machine, `prod` after its reviewers, secrets by environment. */
export async function github(job: Job): Promise<Ended> {
  const file = path.join(job.project, '.github/workflows/deploy.yml');
  const workflow = parse(fs.readFileSync(file, 'utf8')) as Workflow;
  const artifacts = temporaryFolder();
  let output = '';
  // Every job needs the one before it.
  for (const [name, each] of Object.entries(workflow.jobs)) {
    if (each.environment === 'prod' && !job.approve) return { ok: false, output: `${output}rejected\n` };
    const runner = makeRunner(job, workflow, { ...each, artifacts });
    output += `[job] ${name}\n`;
    for (const step of each.steps) {
      const done = await runStep(step, runner);
      output += done.output;
      if (!done.ok) return { ok: false, output };
    }
  }
  return { ok: true, output };
}

type JobPlace = { readonly environment?: Environment; readonly artifacts: string };

function makeRunner(job: Job, { env }: Workflow, { environment, artifacts }: JobPlace): Runner {
  const { agent, build, registry, credentials, engines } = job;
  const contexts = {
    github: { run_number: build },
    vars: { REGISTRY: registry, ...(environment && { DOCKER_ENGINE: engines[environment] }) },
    secrets: environment === undefined ? {} : { DOCKER_MTLS_BUNDLE: secretOf(credentials[environment]) },
  };
  const workflowEnv = expanded(env, contexts);
  return {
    workspace: checkOut(job.project),
    artifacts,
    contexts,
    env: { ...agent, RUNNER_TEMP: agent['TMPDIR'] ?? '', ...workflowEnv },
  };
}

function secretOf(folder: string): string {
  return fs.readFileSync(path.join(folder, 'DOCKER_MTLS_BUNDLE'), 'utf8');
}

async function runStep(step: Step, runner: Runner): Promise<Ended> {
  if (step.run === undefined) return useAction(step, runner);
  const env = { ...runner.env, ...expanded(step.env ?? {}, runner.contexts) };
  return shell(['bash', '-e', '-c'], step.run, { env, cwd: runner.workspace });
}

function useAction({ uses = '', with: inputs = {} }: Step, { workspace, artifacts }: Runner): Ended {
  const [action] = uses.split('@');
  const { name = '', path: where = '' } = inputs;
  const artifact = path.join(artifacts, name);
  const place = path.join(workspace, where);
  if (action === 'actions/checkout') return { ok: true, output: '' };
  if (action === 'actions/upload-artifact') {
    fs.cpSync(place, path.join(artifact, path.basename(where)));
    return { ok: true, output: '' };
  }
  if (action !== 'actions/download-artifact') throw new Error(`no stand-in for the action ${uses}`);
  fs.cpSync(artifact, place, { recursive: true, verbatimSymlinks: true });
  return { ok: true, output: '' };
}

function expanded(values: Values, contexts: Runner['contexts']): Values {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, expand(value, contexts)]));
}

/** `${{ CONTEXT.NAME }}`; what is not set is empty, as with GitHub. */
function expand(value: string, contexts: Runner['contexts']): string {
  return value.replaceAll(/\$\{\{ (.*?) \}\}/gu, (_, expression: string) => {
    const [, context = '', name = ''] = /^(\w+)\.(\w+)$/u.exec(expression) ?? [];
    const values = contexts[context];
    if (values === undefined) throw new Error(`no stand-in for the expression ${expression}`);
    return values[name] ?? '';
  });
}
