import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { NoOperationTraceWriter, parseWorkflow } from '@actions/workflow-parser';
import { CI_TARGETS, defaultPipelineFolder, parseCiEngine, pipelineFiles } from '@docker-mtls/ci';
import type { CiEngine, CiTarget } from '@docker-mtls/ci';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { Language, Parser } from 'web-tree-sitter';
import { parse } from 'yaml';
import { cachedTool } from '../support/cache.ts';
import { describeNeeding } from '../support/describe-needing.ts';
import { run, type Finished } from '../support/run.ts';
import { temporaryFolder } from '../support/temp.ts';
import { javaHome } from './servers/jenkins.ts';

// Each file of the pipeline, judged by a program that knows its language; and each judge, by a file with a mistake.

const require = createRequire(import.meta.url);

const UAT = parseCiEngine('uat=uat.example.com');
const PROD = parseCiEngine('prod=prod.example.com');

/** The server's own file of the pipeline that deploys to these environments. */
function rendered(target: CiTarget, engines: readonly CiEngine[] = [UAT, PROD]): string {
  return pipelineFiles(target, engines)[0]?.data ?? '';
}

/** Replaces a word that must be there, so that a mistake is one. */
function spoil(text: string, word: string, by: string): string {
  if (!text.includes(word)) throw new Error(`no ${word} to spoil`);
  return text.replace(word, by);
}

function mistakes(content: string): readonly string[] {
  const { context } = parseWorkflow({ name: 'deploy.yml', content }, new NoOperationTraceWriter());
  return context.errors.getErrors().map(({ message }) => message);
}

describe('the GitHub workflow, by the parser that GitHub publishes', () => {
  const workflow = rendered('github');

  test('has no mistake', () => {
    expect(mistakes(workflow)).toEqual([]);
  });

  test.each([
    { name: 'a key that is none', word: "environment: 'uat'", by: "enviroment: 'uat'" },
    { name: 'an expression that ends early', word: '${{ vars.REGISTRY }}', by: '${{ vars. }}' },
    { name: 'a context that is none', word: 'secrets.DOCKER_MTLS_BUNDLE', by: 'secret.DOCKER_MTLS_BUNDLE' },
  ])('would show $name', ({ word, by }) => {
    expect(mistakes(spoil(workflow, word, by))).not.toEqual([]);
  });

  test('pins every action to a commit', () => {
    const used = [...workflow.matchAll(/uses: (\S+)/gu)].map(([, action = '']) => action);
    expect(used.length).toBeGreaterThan(4);
    for (const action of used) expect(action).toMatch(/^actions\/[a-z-]+@[0-9a-f]{40}$/u);
  });

  test('hands no secret to a command line', () => {
    const { jobs } = parse(workflow) as { jobs: Record<string, { steps: { run?: string }[] }> };
    const commands = Object.values(jobs).flatMap(({ steps }) =>
      steps.map(({ run: command = '' }) => command),
    );
    expect(commands.join('\n')).not.toContain('${{');
  });
});

describe("the GitLab pipeline, by GitLab's own schema in gitlab-ci-local", () => {
  const pipeline = rendered('gitlab');
  const program = require.resolve('gitlab-ci-local/src/index.js');

  async function list(text: string): Promise<Finished> {
    const cwd = temporaryFolder();
    fs.writeFileSync(path.join(cwd, '.gitlab-ci.yml'), text);
    const git = { GIT_CONFIG_GLOBAL: '/dev/null', HOME: cwd };
    await run('git', ['init', '--quiet', '--initial-branch=main'], { cwd, env: git });
    return run(process.execPath, [program, '--list'], { cwd, env: { ...git, NO_COLOR: '1' } });
  }

  test('has these jobs, and production waits for somebody', async () => {
    const { code, stdout } = await list(pipeline);
    expect(code).toBe(0);
    const jobs = stdout.split('\n').map((line) => line.replaceAll(/ {2,}/gu, '|').replace(/\|$/u, ''));
    expect(jobs).toEqual(
      expect.arrayContaining([
        'verify uat|verify|on_success|false',
        'verify prod|verify|on_success|false',
        'build|build|on_success|false',
        'test|test|on_success|false',
        'push|push|on_success|false',
        'deploy uat|deploy uat|on_success|false',
        'deploy prod|deploy prod|manual|false',
      ]),
    );
  });

  test.each([
    { name: 'a key that is none', word: 'resource_group:', by: 'resource_gruop:' },
    { name: 'a value that is none', word: 'action: verify', by: 'action: look' },
    { name: 'a stage that is none', word: 'stage: test', by: 'stage: tset' },
  ])('would show $name', async ({ word, by }) => {
    const { stdout, stderr } = await list(spoil(pipeline, word, by));
    expect(stdout).not.toContain('on_success');
    expect(stdout + stderr).toMatch(/is not|must|not found/iu);
  });
});

const MISTAKES = [
  { name: 'a brace that nothing closes', word: 'agent none', by: 'agent none {' },
  { name: 'a string without an end', word: "stage('Verify')", by: "stage('Verify)" },
  { name: 'a list without an end', word: '  ]) {', by: '  ) {' },
] as const;

describe('the Jenkinsfile, by a grammar of Groovy', () => {
  const jenkinsfile = rendered('jenkins');
  let parser: Parser;

  beforeAll(async () => {
    await Parser.init();
    parser = new Parser().setLanguage(
      await Language.load(require.resolve('tree-sitter-groovy/tree-sitter-groovy.wasm')),
    );
  });

  function isGroovy(text: string): boolean {
    return parser.parse(text)?.rootNode.hasError === false;
  }

  test('has no mistake', () => {
    expect(isGroovy(jenkinsfile)).toBe(true);
  });

  test.each([...MISTAKES])('would show $name', ({ word, by }) => {
    expect(isGroovy(spoil(jenkinsfile, word, by))).toBe(false);
  });

  test('has the stages of the pipeline in their order', () => {
    const stages = [...jenkinsfile.matchAll(/stage\('([^']+)'\)/gu)].map(([, name]) => name);
    expect(stages).toEqual([
      'Candidate',
      'Verify',
      'Build',
      'Test',
      'Push',
      'Deploy to uat',
      'Keep the image',
      'Approve prod',
      'Deploy to prod',
    ]);
  });
});

async function compile(text: string): Promise<Finished> {
  const file = path.join(temporaryFolder(), 'Jenkinsfile');
  fs.writeFileSync(file, text);
  return run('groovy', ['-e', 'new GroovyShell().parse(new File(args[0]))', file], { env: javaHome() });
}

describeNeeding(['groovy'], "the Jenkinsfile, by Groovy's compiler", () => {
  test('has no mistake', async () => {
    expect(await compile(rendered('jenkins'))).toMatchObject({ code: 0, stderr: '' });
  });

  test('would show one', async () => {
    const [{ word, by }] = MISTAKES;
    expect(await compile(spoil(rendered('jenkins'), word, by))).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('startup failed'),
    });
  });
});

describeNeeding(['shellcheck'], 'the scripts, by shellcheck', () => {
  const folder = path.join(defaultPipelineFolder(), 'scripts');
  const scripts = fs.readdirSync(folder);

  test.each(scripts)('%s has no mistake', async (script) => {
    const words = ['--shell=sh', '--external-sources', '--source-path=SCRIPTDIR', path.join(folder, script)];
    expect(await run('shellcheck', words)).toMatchObject({ code: 0, stdout: '' });
  });
});

const compose = cachedTool('docker-compose');

describeNeeding(['compose plugin'], 'the compose files, by compose', () => {
  test.each(['test', 'uat', 'prod'])('make a project for %s', async (environment) => {
    const folder = temporaryFolder();
    for (const { path: name, data } of pipelineFiles('gitlab', [UAT, PROD]))
      if (name.startsWith('compose')) fs.writeFileSync(path.join(folder, name), data);
    const words = ['-f', 'compose.yaml', '-f', `compose.${environment}.yaml`, 'config', '--images'];
    const { code, stdout } = await run(compose ?? '', words, { cwd: folder, env: { IMAGE: 'app:1' } });
    expect(code).toBe(0);
    expect(new Set(stdout.trim().split('\n'))).toEqual(new Set(['app:1']));
  });
});

test.each([...CI_TARGETS])('%s gets every script that its file calls', (target) => {
  const files = pipelineFiles(target, [UAT, PROD]);
  const paths = files.map(({ path: name }) => name);
  const called = files.flatMap(({ data }) =>
    [...data.matchAll(/ci\/scripts\/[a-z-]+\.sh/gu)].map(([name]) => name),
  );
  expect(called.length).toBeGreaterThan(3);
  for (const script of called) expect(paths).toContain(script);
});

function enginesOf(names: readonly string[]): readonly CiEngine[] {
  return names.map((name) => parseCiEngine(`${name}=${name}.example.com`));
}

/** The environments that are deployed to, in their order. */
function deployedTo(text: string): readonly string[] {
  const calls = text.matchAll(
    /with-engine\.sh ([a-z0-9-]+) verify deploy|withEngine\('([a-z0-9-]+)', .*'verify deploy'\)/gu,
  );
  return [...calls].map(([, words, groovy]) => words ?? groovy ?? '');
}

function approvalsIn(text: string): number {
  return text.match(/when: manual|input\(|required reviewers/gu)?.length ?? 0;
}

describe.each([...CI_TARGETS])('the pipeline for %s', (target) => {
  test.each([
    { exported: ['staging'], deployed: ['staging'], approved: 0 },
    { exported: ['prod'], deployed: ['prod'], approved: 1 },
    { exported: ['production-eu', 'dev'], deployed: ['dev', 'production-eu'], approved: 1 },
    { exported: ['dev', 'uat', 'live'], deployed: ['dev', 'uat', 'live'], approved: 1 },
  ])('deploys to $exported in the order $deployed', ({ exported, deployed, approved }) => {
    const text = rendered(target, enginesOf(exported));
    expect(deployedTo(text)).toEqual(deployed);
    expect(approvalsIn(text)).toBe(approved);
    for (const name of ['uat', 'prod', 'example.com'].filter((word) => !exported.includes(word)))
      expect(text.replaceAll(/[a-z-]+\.example\.com/gu, '')).not.toMatch(new RegExp(`\\b${name}\\b`, 'u'));
    const names = pipelineFiles(target, enginesOf(exported)).map(({ path: name }) => name);
    expect(names).toEqual(expect.arrayContaining(deployed.map((name) => `compose.${name}.yaml`)));
  });

  test('has an address to fill in where no environment was named', () => {
    const text = rendered(target, []);
    expect(deployedTo(text)).toEqual(['default']);
    expect(text).not.toContain('example.com');
  });
});

test.each(['on', 'null', 'yes', 'build', 'verify', 'candidate', 'pages'])(
  'an environment called %s is a name in every file',
  async (name) => {
    const engine = parseCiEngine(`${name}=host.example.com`);
    expect(mistakes(rendered('github', [engine]))).toEqual([]);
    const { jobs } = parse(rendered('github', [engine])) as {
      jobs: Record<string, { environment?: unknown }>;
    };
    expect(jobs[`deploy-${name}`]?.environment).toBe(name);
    const gitlab = parse(rendered('gitlab', [engine])) as Record<string, { environment?: unknown }>;
    expect(gitlab[`deploy ${name}`]?.environment).toBe(name);
  },
);
