import { spawnSync } from 'node:child_process';
import { describe, expect, test } from '@jest/globals';
import { describeNeeding } from '../../../../test/support/describe-needing.ts';
import { temporaryFolder } from '../../../../test/support/temp.ts';
import { searchPath } from '../../../../test/support/run.ts';
import { DOCKER_VARIABLES } from './environment.ts';
import { detectShell, parseShell, renderEnvironment, renderUnset, SHELLS } from './shell.ts';

const COMMAND = 'docker-mtls env alice --for node1';
const ENVIRONMENT = { host: 'tcp://node1:2376', certificates: '/home/alice/.certs' };
const AWKWARD = `/tmp/a b's "c" $(id) \`id\` %PATH% \\ ; # ü\n*`;
/** What is evaluated must say nothing of this, not even of its second line. */
const AWKWARD_COMMAND = "docker-mtls env alice --ca-dir '/tmp/a\necho evaluated #'";

describe('renderEnvironment', () => {
  test.each([
    {
      shell: 'bash',
      text: "export DOCKER_HOST='tcp://node1:2376'\nexport DOCKER_TLS_VERIFY='1'\nexport DOCKER_CERT_PATH='/home/alice/.certs'\n# Run this to configure your shell:\n# eval \"$(docker-mtls env alice --for node1)\"\n",
    },
    {
      shell: 'fish',
      text: "set -gx DOCKER_HOST 'tcp://node1:2376';\nset -gx DOCKER_TLS_VERIFY '1';\nset -gx DOCKER_CERT_PATH '/home/alice/.certs';\n# Run this to configure your shell:\n# docker-mtls env alice --for node1 | source\n",
    },
    {
      shell: 'powershell',
      text: "$Env:DOCKER_HOST = 'tcp://node1:2376'\n$Env:DOCKER_TLS_VERIFY = '1'\n$Env:DOCKER_CERT_PATH = '/home/alice/.certs'\n# Run this to configure your shell:\n# & docker-mtls env alice --for node1 | Out-String | Invoke-Expression\n",
    },
    {
      shell: 'cmd',
      text: `SET "DOCKER_HOST=tcp://node1:2376"\nSET "DOCKER_TLS_VERIFY=1"\nSET "DOCKER_CERT_PATH=/home/alice/.certs"\nREM Run this to configure your shell:\nREM @FOR /f "tokens=*" %i IN ('docker-mtls env alice --for node1') DO @%i\n`,
    },
  ] as const)('for $shell', ({ shell, text }) => {
    expect(renderEnvironment(shell, ENVIRONMENT, COMMAND)).toBe(text);
  });

  test("PowerShell's other quotes are doubled as well", () => {
    const certificates = `C:\\it's “x” ‘y’ ‚z‛`;
    expect(renderEnvironment('powershell', { ...ENVIRONMENT, certificates }, COMMAND)).toContain(
      `'C:\\it''s “x” ‘‘y’’ ‚‚z‛‛'`,
    );
  });

  test.each(['a"b', 'a\nb'])('cmd.exe cannot be told %j', (certificates) => {
    expect(() => renderEnvironment('cmd', { ...ENVIRONMENT, certificates }, COMMAND)).toThrow(
      expect.objectContaining({ code: 'CONTEXT_VALUE_UNPRINTABLE' }),
    );
  });
});

describe('renderUnset', () => {
  test.each(SHELLS)('for %s names every variable', (shell) => {
    for (const name of DOCKER_VARIABLES) expect(renderUnset(shell, COMMAND)).toContain(name);
  });
});

describe('parseShell', () => {
  test.each([
    ['bash', 'bash'],
    ['dash', 'sh'],
    ['pwsh', 'powershell'],
  ])('%s is %s', (text, shell) => {
    expect(parseShell(text)).toBe(shell);
  });

  test.each(['', 'toString', 'csh'])('%j is refused', (text) => {
    expect(() => parseShell(text)).toThrow(expect.objectContaining({ code: 'CONTEXT_SHELL_UNKNOWN' }));
  });
});

describe('detectShell', () => {
  test.each([
    [{ SHELL: '/bin/zsh' }, 'darwin', 'zsh'],
    [{ SHELL: '/usr/bin/fish' }, 'linux', 'fish'],
    [{ SHELL: '/bin/dash' }, 'linux', 'sh'],
    [{ SHELL: '/bin/csh' }, 'linux', 'sh'],
    [{}, 'linux', 'sh'],
    [{ SHELL: '/usr/bin/bash' }, 'win32', 'bash'],
    [
      { PSModulePath: String.raw`C:\Users\a\Documents\WindowsPowerShell\Modules;C:\x` },
      'win32',
      'powershell',
    ],
    [{ PSModulePath: String.raw`C:\Windows\system32\WindowsPowerShell\v1.0\Modules` }, 'win32', 'cmd'],
  ] as const)('of %j on %s is %s', (env, platform, shell) => {
    expect(detectShell(env, platform)).toBe(shell);
  });
});

const REAL = [
  { program: 'bash', flags: ['--norc'], shell: 'bash', needs: [] },
  { program: 'zsh', flags: ['-f'], shell: 'zsh', needs: ['zsh'] },
  { program: 'dash', flags: [], shell: 'sh', needs: [] },
  { program: 'fish', flags: ['--no-config'], shell: 'fish', needs: ['fish'] },
] as const;

type Evaluation = {
  readonly command: string;
  readonly input: string;
  readonly env?: Readonly<Record<string, string>>;
};

/** Our output comes in over stdin, as from a command. */
function evaluate(
  { program, flags }: (typeof REAL)[number],
  { command, input, env = {} }: Evaluation,
): string {
  const read = program === 'fish' ? 'cat | source' : 'eval "$(cat)"';
  const { stdout, stderr } = spawnSync(program, [...flags, '-c', `${read}; ${command}`], {
    input,
    encoding: 'utf8',
    env: { PATH: searchPath(), HOME: temporaryFolder(), LC_ALL: 'C.UTF-8', ...env },
  });
  return stderr + stdout;
}

describe.each(REAL)('a real $program', (real) => {
  const { needs, shell } = real;
  describeNeeding(needs, 'evaluates it', () => {
    test('and has the variables, whatever the path looks like', () => {
      const input = renderEnvironment(shell, { ...ENVIRONMENT, certificates: AWKWARD }, AWKWARD_COMMAND);
      const command = 'printenv DOCKER_HOST DOCKER_TLS_VERIFY DOCKER_CERT_PATH';
      expect(evaluate(real, { command, input })).toBe(`tcp://node1:2376\n1\n${AWKWARD}\n`);
    });

    test('and forgets them', () => {
      const env = { DOCKER_HOST: 'x', DOCKER_CERT_PATH: 'y' };
      const input = renderUnset(shell, COMMAND);
      expect(evaluate(real, { command: 'env | grep ^DOCKER_ | cat', input, env })).toBe('');
    });
  });
});
