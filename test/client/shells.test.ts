import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { BUNDLE, cliJson } from '../support/cli.ts';
import { describeNeeding } from '../support/describe-needing.ts';
import { engineNeeds } from '../support/needs.ts';
import { which } from '../support/engine-install.ts';
import { run, searchPath, type Finished } from '../support/run.ts';
import { secureEngine, type SecuredEngine } from '../support/secured-engine.ts';
import { temporaryFolder } from '../support/temp.ts';

/** Every careless script stumbles over it. */
const AWKWARD = `my $HOME's "own" folder; (1) ü`;

type Shell = {
  readonly name: string;
  /** What the user's profile says stays out. */
  readonly flags: readonly string[];
  readonly script: 'env.sh' | 'env.fish';
  /** How a path is quoted, and how the output of a command is taken over. */
  readonly quote: (text: string) => string;
  readonly evaluate: (command: string) => string;
};

const quotePosix = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;
const quoteFish = (text: string): string => `'${text.replaceAll("'", String.raw`\'`)}'`;

const posix = (name: string, ...flags: readonly string[]): Shell => ({
  name,
  flags,
  script: 'env.sh',
  quote: quotePosix,
  evaluate: (command) => `eval "$(${command})"`,
});

const SHELLS: readonly Shell[] = [
  posix('bash', '--norc'),
  posix('zsh', '-f'),
  posix('dash'),
  {
    name: 'fish',
    flags: ['--no-config'],
    script: 'env.fish',
    quote: quoteFish,
    evaluate: (command) => `${command} | source`,
  },
];

function source({ script, quote }: Shell, folder: string): string {
  return `${script === 'env.fish' ? 'source' : '.'} ${quote(path.join(folder, script))}`;
}

const ASK = 'docker version --format "{{.Server.Version}}"';
const LEFT = 'env | grep ^DOCKER_ | grep -v ^DOCKER_MTLS_CA_DIR | cat';

describeNeeding([...engineNeeds('installed'), 'docker command'], 'a real engine, from every shell', () => {
  let secured: SecuredEngine;
  let host: string;
  let home: string;
  let bundle: string;
  let caDirectory: string;

  beforeAll(async () => {
    secured = await secureEngine('installed');
    host = `localhost:${secured.port}`;
    home = temporaryFolder();
    caDirectory = path.join(home, AWKWARD, 'ca');
    fs.cpSync(secured.caDirectory, caDirectory, { recursive: true, verbatimSymlinks: true });
    bundle = path.join(home, AWKWARD, 'alice');
    await cliJson(['bundle', 'alice', '--for', host, '--format', 'zip'], {
      home,
      env: { DOCKER_MTLS_CA_DIR: caDirectory },
    });
    await cliJson(['unbundle', 'alice.zip', '--out', bundle], { home });
    fs.mkdirSync(path.join(home, 'bin'));
    const program = `#!/bin/sh\nexec ${process.execPath} ${BUNDLE} "$@"\n`;
    fs.writeFileSync(path.join(home, 'bin/docker-mtls'), program, { mode: 0o755 });
  });

  /** Types these lines, one after the other, in a folder that has nothing to do with it. */
  function type({ name, flags }: Shell, ...lines: readonly string[]): Promise<Finished> {
    const env = {
      PATH: searchPath([path.join(home, 'bin')]),
      HOME: home,
      SHELL: which(name) ?? name,
      LC_ALL: 'C.UTF-8',
      DOCKER_MTLS_CA_DIR: caDirectory,
      DOCKER_CONFIG: path.join(home, 'docker'),
    };
    return run(name, [...flags, '-c', lines.join('\n')], { cwd: '/', env });
  }

  function served(stdout = ''): unknown {
    return { code: 0, signal: undefined, stdout: `${secured.engine.version}\n${stdout}`, stderr: '' };
  }

  describe.each(SHELLS)('$name', (shell) => {
    const { name, evaluate } = shell;
    describeNeeding(name === 'zsh' || name === 'fish' ? [name] : [], 'reaches it', () => {
      test('with the script of a bundle, from another folder', async () => {
        expect(await type(shell, source(shell, bundle), ASK)).toEqual(served());
      });

      test('and no more once that is deactivated', async () => {
        const lines = [source(shell, bundle), ASK, 'deactivate', LEFT, 'pwd'];
        expect(await type(shell, ...lines)).toEqual(served(`DOCKER_CONFIG=${home}/docker\n/\n`));
      });

      test('with what docker-mtls env prints, without being told which shell it is', async () => {
        expect(await type(shell, evaluate(`docker-mtls env alice --for ${host}`), ASK)).toEqual(served());
      });

      test('and no more once that is unset', async () => {
        const lines = [
          evaluate(`docker-mtls env alice --for ${host}`),
          ASK,
          evaluate('docker-mtls env alice --unset'),
          LEFT,
        ];
        expect(await type(shell, ...lines)).toEqual(served(`DOCKER_CONFIG=${home}/docker\n`));
      });
    });
  });
});
