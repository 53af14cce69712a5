import { headline, type BundleFacts } from './bundle-facts.ts';

const VARIABLES = ['DOCKER_HOST', 'DOCKER_TLS_VERIFY', 'DOCKER_CERT_PATH'] as const;

/** `env.cmd`: for cmd.exe, which has no functions; so `env.cmd deactivate` is what undoes it. */
export function envCmd(facts: BundleFacts): string {
  const lines = [
    ...headline(facts).map((line) => `rem ${line}`),
    'rem',
    'rem   env.cmd              use it in this window; the path may be any (call it, from a batch file)',
    'rem   docker version       check that the engine answers',
    'rem   env.cmd deactivate   put everything back',
    'if /i "%~1"=="deactivate" goto docker_mtls_restore',
    ...['ca.pem', 'cert.pem', 'key.pem'].map(requireFile),
    'if defined DOCKER_MTLS_ACTIVE goto docker_mtls_set',
    ...VARIABLES.map((name) => `set "DOCKER_MTLS_OLD_${name}=%${name}%"`),
    ':docker_mtls_set',
    'set "DOCKER_MTLS_ACTIVE=1"',
    `set "DOCKER_HOST=${facts.hosts[0].url}"`,
    'set "DOCKER_TLS_VERIFY=1"',
    // %~dp0 ends in a backslash, which would escape a quote behind it.
    'for %%I in ("%~dp0.") do @set "DOCKER_CERT_PATH=%%~fI"',
    'exit /b 0',
    ':docker_mtls_missing',
    'echo docker-mtls: the folder of env.cmd needs ca.pem, cert.pem and key.pem 1>&2',
    'exit /b 1',
    ':docker_mtls_restore',
    'if not defined DOCKER_MTLS_ACTIVE exit /b 0',
    ...VARIABLES.flatMap((name) => [
      `set "${name}=%DOCKER_MTLS_OLD_${name}%"`,
      `set "DOCKER_MTLS_OLD_${name}="`,
    ]),
    'set "DOCKER_MTLS_ACTIVE="',
    'exit /b 0',
  ];
  // Each line says for itself that it is not to be echoed: "echo off" would stay with a batch file that calls this one.
  return lines.map((line) => `${line.startsWith(':') ? '' : '@'}${line}\r\n`).join('');
}

function requireFile(name: string): string {
  return `if not exist "%~dp0${name}" goto docker_mtls_missing`;
}
