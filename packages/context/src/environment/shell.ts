import { quote } from '@docker-mtls/errors';
import { ContextError } from '../error.ts';
import { DOCKER_VARIABLES, dockerVariables, type DockerEnvironment } from './environment.ts';

/** How one kind of shell sets and forgets a variable; `usage` is what makes it read our output. */
type Dialect = {
  readonly set: (name: string, value: string) => string;
  readonly unset: (name: string) => string;
  readonly comment: string;
  readonly usage: (command: string) => string;
};

const POSIX: Dialect = {
  set: (name, value) => `export ${name}=${quotePosix(value)}`,
  unset: (name) => `unset ${name}`,
  comment: '#',
  usage: (command) => `eval "$(${command})"`,
};

const FISH: Dialect = {
  set: (name, value) => `set -gx ${name} ${quoteFish(value)};`,
  unset: (name) => `set -e ${name};`,
  comment: '#',
  usage: (command) => `${command} | source`,
};

const POWERSHELL: Dialect = {
  set: (name, value) => `$Env:${name} = ${quotePowerShell(value)}`,
  unset: (name) => `Remove-Item Env:\\${name} -ErrorAction SilentlyContinue`,
  comment: '#',
  usage: (command) => `& ${command} | Out-String | Invoke-Expression`,
};

const CMD: Dialect = {
  set: (name, value) => `SET "${name}=${checkCmd(value)}"`,
  unset: (name) => `SET "${name}="`,
  comment: 'REM',
  usage: (command) => `@FOR /f "tokens=*" %i IN ('${command}') DO @%i`,
};

export type Shell = 'bash' | 'cmd' | 'fish' | 'powershell' | 'sh' | 'zsh';

const DIALECTS: Readonly<Record<Shell, Dialect>> = {
  bash: POSIX,
  cmd: CMD,
  fish: FISH,
  powershell: POWERSHELL,
  sh: POSIX,
  zsh: POSIX,
};

export const SHELLS: readonly Shell[] = ['bash', 'zsh', 'sh', 'fish', 'powershell', 'cmd'];

const OTHER_NAMES: ReadonlyMap<string, Shell> = new Map([
  ['ash', 'sh'],
  ['dash', 'sh'],
  ['ksh', 'sh'],
  ['mksh', 'sh'],
  ['pwsh', 'powershell'],
]);

/** Code: `CONTEXT_SHELL_UNKNOWN`. */
export function parseShell(text: string): Shell {
  const shell = findShell(text);
  if (shell !== undefined) return shell;
  throw new ContextError('CONTEXT_SHELL_UNKNOWN', `${quote(text)} is no shell that we know`, {
    hint: `choose one of ${SHELLS.join(', ')}`,
  });
}

function findShell(name: string): Shell | undefined {
  return SHELLS.find((shell) => shell === name) ?? OTHER_NAMES.get(name);
}

/** The shell of this terminal, as far as the environment tells: `$SHELL`, or Windows' own where there is none. */
export function detectShell(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): Shell {
  const { SHELL = '', PSModulePath } = env;
  const name = SHELL.slice(SHELL.lastIndexOf('/') + 1);
  const known = findShell(name);
  if (known !== undefined) return known;
  if (platform !== 'win32') return 'sh';
  // cmd.exe has it as well, but with the machine's folders alone.
  return PSModulePath?.includes('\\Documents\\') === true ? 'powershell' : 'cmd';
}

/**
 * What a shell evaluates to use an engine; ends with a comment that says how, for who runs the command bare. Code:
 * `CONTEXT_VALUE_UNPRINTABLE` for a path that the shell cannot be told.
 */
export function renderEnvironment(shell: Shell, environment: DockerEnvironment, command: string): string {
  const { set } = DIALECTS[shell];
  const lines = Object.entries(dockerVariables(environment)).map(([name, value]) => set(name, value));
  return withUsage(shell, lines, command);
}

/** What a shell evaluates to forget it again. */
export function renderUnset(shell: Shell, command: string): string {
  return withUsage(shell, DOCKER_VARIABLES.map(DIALECTS[shell].unset), command);
}

function withUsage(shell: Shell, lines: readonly string[], command: string): string {
  const { comment, usage } = DIALECTS[shell];
  // What is evaluated must not be left by a line break of a path's.
  const isOneLine = !/[\r\n]/.test(command);
  const words = ['Run this to configure your shell:', usage(command)].map((line) => `${comment} ${line}`);
  return [...lines, ...(isOneLine ? words : []), ''].join('\n');
}

function quotePosix(value: string): string {
  return `'${value.replaceAll("'", String.raw`'\''`)}'`;
}

function quoteFish(value: string): string {
  return `'${value.replaceAll('\\', String.raw`\\`).replaceAll("'", String.raw`\'`)}'`;
}

/** PowerShell takes the typographer's quotes for quotes too. As escapes: the program's files are ASCII. */
function quotePowerShell(value: string): string {
  return `'${value.replaceAll(/['\u2018-\u201b]/g, '$&$&')}'`;
}

/** No quoting in cmd.exe carries these. A percent sign is safe where FOR runs the line: variables were replaced before. */
function checkCmd(value: string): string {
  if (!/["\r\n]/.test(value)) return value;
  throw new ContextError(
    'CONTEXT_VALUE_UNPRINTABLE',
    'cmd.exe cannot be told a path with a quote or a line break in it',
    {
      hint: 'move the certificates to a folder with a simpler name',
    },
  );
}
