import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import nodePath from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { describeNeeding } from '../../../../test/support/describe-needing.ts';
import { type Need } from '../../../../test/support/needs.ts';
import { searchPath } from '../../../../test/support/run.ts';
import { temporaryFolder } from '../../../../test/support/temp.ts';
import { parseEngineHost } from '../layout/engine-host.ts';
import { type BundleFacts } from './bundle-facts.ts';
import { envCmd } from './env-cmd.ts';
import { envFish } from './env-fish.ts';
import { envPs1 } from './env-ps1.ts';
import { envSh } from './env-sh.ts';
import { readme } from './readme.ts';

const FACTS: BundleFacts = {
  client: 'alice',
  hosts: [parseEngineHost('node1.example.com'), parseEngineHost('[::1]:2377')],
  serial: '0a1b',
  notAfter: new Date('2027-01-01T00:00:00Z'),
  fingerprint: 'ab'.repeat(32),
};
const HOST = FACTS.hosts[0].url;
const NAMES = ['DOCKER_HOST', 'DOCKER_TLS_VERIFY', 'DOCKER_CERT_PATH'];

/** A bundle in a folder whose name every careless script stumbles over. */
function bundleFolder(name = `my $HOME's "bundle"; (1) ü`): string {
  const folder = nodePath.join(temporaryFolder(), name);
  fs.mkdirSync(folder);
  fs.writeFileSync(nodePath.join(folder, 'env.sh'), envSh(FACTS));
  fs.writeFileSync(nodePath.join(folder, 'env.fish'), envFish(FACTS));
  for (const file of ['ca.pem', 'cert.pem', 'key.pem']) fs.writeFileSync(nodePath.join(folder, file), '');
  return folder;
}

type Shell = {
  readonly name: string;
  readonly argv: readonly string[];
  readonly script: string;
  readonly needs?: readonly Need[];
};

/** `-f`, `--norc`: whatever the tester has in a profile stays out. */
const SHELLS: readonly Shell[] = [
  { name: 'bash', argv: ['bash', '--norc', '-c'], script: 'env.sh' },
  { name: 'bash as sh', argv: ['bash', '--norc', '--posix', '-c'], script: 'env.sh' },
  { name: 'bash -eu', argv: ['bash', '--norc', '-euc'], script: 'env.sh' },
  { name: 'zsh', argv: ['zsh', '-f', '-c'], script: 'env.sh', needs: ['zsh'] },
  { name: 'zsh -eu', argv: ['zsh', '-f', '-euc'], script: 'env.sh', needs: ['zsh'] },
  { name: 'dash', argv: ['dash', '-c'], script: 'env.sh' },
  // With -e, dash ends at a failing `.` even before `||`.
  { name: 'dash -u', argv: ['dash', '-uc'], script: 'env.sh' },
  { name: 'busybox', argv: ['busybox', 'sh', '-c'], script: 'env.sh', needs: ['busybox'] },
  { name: 'fish', argv: ['fish', '--no-config', '-c'], script: 'env.fish', needs: ['fish'] },
];

type RunOptions = { readonly cwd?: string; readonly env?: Readonly<Record<string, string>> };
type Result = { readonly status: number | null; readonly stdout: string; readonly stderr: string };

function runShell(
  { argv: [program = '', ...args] }: Shell,
  command: string,
  { cwd = '/', env = {} }: RunOptions,
): Result {
  const home = temporaryFolder();
  return spawnSync(program, [...args, command], {
    cwd,
    encoding: 'utf8',
    env: { PATH: searchPath(), HOME: home, LC_ALL: 'C.UTF-8', ...env },
  });
}

/** What programs started from that shell are given. */
const SHOW = `env | grep ^DOCKER_ | sort`;

function activated(folder: string): string {
  return `DOCKER_CERT_PATH=${folder}\nDOCKER_HOST=${HOST}\nDOCKER_TLS_VERIFY=1\n`;
}

function quoted(text: string, shell: Shell): string {
  const quote = shell.script === 'env.fish' ? String.raw`\'` : String.raw`'\''`;
  return `'${text.replaceAll("'", quote)}'`;
}

function source(path: string, shell: Shell): string {
  return `${shell.script === 'env.fish' ? 'source' : '.'} ${quoted(path, shell)}`;
}

describe.each(SHELLS)('$name', (shell) => {
  describeNeeding(shell.needs ?? [], "sources the bundle's script", () => {
    const folder = bundleFolder();
    const path = nodePath.join(folder, shell.script);

    test('from another folder', () => {
      const { stdout, stderr } = runShell(shell, `${source(path, shell)}; ${SHOW}`, {});
      expect({ stdout, stderr }).toEqual({ stdout: activated(folder), stderr: '' });
    });

    test('from its own folder, and from the one above by a relative path', () => {
      const here = runShell(shell, `${source(`./${shell.script}`, shell)}; ${SHOW}`, { cwd: folder });
      const above = runShell(
        shell,
        `${source(`./${nodePath.basename(folder)}/${shell.script}`, shell)}; ${SHOW}`,
        {
          cwd: nodePath.dirname(folder),
        },
      );
      expect([here.stdout, above.stdout]).toEqual([activated(folder), activated(folder)]);
    });

    test('with CDPATH set', () => {
      const { stdout } = runShell(shell, `${source(path, shell)}; ${SHOW}`, { env: { CDPATH: '/tmp:/usr' } });
      expect(stdout).toBe(activated(folder));
    });

    test('and deactivate takes it all away', () => {
      const { stdout, stderr, status } = runShell(
        shell,
        `${source(path, shell)}; deactivate; ${SHOW}; echo end`,
        {},
      );
      expect({ stdout, stderr, status }).toEqual({ stdout: 'end\n', stderr: '', status: 0 });
    });

    test('and deactivate brings back what was there', () => {
      const env = { DOCKER_HOST: "tcp://old's:1", DOCKER_CERT_PATH: '/old path' };
      const { stdout } = runShell(shell, `${source(path, shell)}; deactivate; ${SHOW}`, { env });
      expect(stdout).toBe("DOCKER_CERT_PATH=/old path\nDOCKER_HOST=tcp://old's:1\n");
    });

    test('a second time without its key, and the first can still be undone', () => {
      const broken = bundleFolder('broken');
      fs.rmSync(nodePath.join(broken, 'key.pem'));
      const second = `${source(nodePath.join(broken, shell.script), shell)} 2>/dev/null`;
      const otherwise = shell.script === 'env.fish' ? '; or true' : ' || :';
      const command = `${source(path, shell)}; ${second}${otherwise}; ${SHOW}; deactivate; ${SHOW}`;
      expect(runShell(shell, command, {}).stdout).toBe(activated(folder));
    });

    test('twice, and one deactivate is enough', () => {
      const env = { DOCKER_HOST: 'tcp://old:1' };
      const twice = `${source(path, shell)}; ${source(path, shell)}; deactivate; ${SHOW}`;
      expect(runShell(shell, twice, { env }).stdout).toBe('DOCKER_HOST=tcp://old:1\n');
    });

    test('and leaves one variable in the shell', () => {
      if (shell.script === 'env.fish') return;
      const command = `${source(path, shell)}; set | grep -a '^_*docker_mtls' | grep -v '^docker_mtls_deactivate'`;
      expect(runShell(shell, command, {}).stdout.replaceAll("'", '').trim()).toBe('docker_mtls_active=2');
    });

    test('and hides a program named deactivate, which can undo nothing', () => {
      const bin = temporaryFolder();
      fs.writeFileSync(nodePath.join(bin, 'deactivate'), '#!/bin/sh\n', { mode: 0o755 });
      const command = `${source(path, shell)}; deactivate; ${SHOW}`;
      expect(runShell(shell, command, { env: { PATH: `${bin}:${searchPath()}` } }).stdout).toBe('');
    });

    test('and leaves a deactivate of somebody else alone', () => {
      const theirs =
        shell.script === 'env.fish'
          ? 'function deactivate; echo theirs; end'
          : 'deactivate() { echo theirs; }';
      const command = `${theirs}; ${source(path, shell)}; deactivate; docker_mtls_deactivate; deactivate`;
      expect(runShell(shell, command, {}).stdout).toBe('theirs\ntheirs\n');
    });

    test('and without a key it says so, fails, and sets nothing', () => {
      const empty = bundleFolder('no key');
      fs.rmSync(nodePath.join(empty, 'key.pem'));
      const end = shell.script === 'env.fish' ? '; or echo failed' : ' || echo failed';
      const { stdout, stderr } = runShell(
        shell,
        `${source(nodePath.join(empty, shell.script), shell)}${end}; ${SHOW}`,
        {},
      );
      expect(stdout).toBe('failed\n');
      expect(stderr).toContain(`docker-mtls: ${empty} has no key.pem`);
    });
  });
});

test('dash -eu', () => {
  const folder = bundleFolder();
  const env = { PATH: searchPath() };
  const command = `. "$1/env.sh"; ${SHOW}; deactivate; ${SHOW}`;
  expect(execFileSync('dash', ['-euc', command, 'dash', folder], { encoding: 'utf8', env })).toBe(
    activated(folder),
  );
});

test('dash, where the script was sourced within a script', () => {
  const folder = bundleFolder();
  const script = nodePath.join(temporaryFolder(), 'outer.sh');
  fs.writeFileSync(script, `cd /\n. "$1/env.sh"\n${SHOW}\n`);
  expect(execFileSync('dash', [script, folder], { encoding: 'utf8', env: { PATH: searchPath() } })).toBe(
    activated(folder),
  );
});

describe('env.cmd', () => {
  const lines = envCmd(FACTS).split('\r\n');

  test('ends its lines as cmd.exe needs them, and echoes none', () => {
    expect(envCmd(FACTS).replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
    expect(lines.filter((line) => line !== '' && !/^[@:]/.test(line))).toEqual([]);
  });

  test('every label that it goes to is there', () => {
    const goals = lines.flatMap((line) => /goto (\w+)/.exec(line)?.[1] ?? []);
    expect(goals.filter((goal) => !lines.includes(`:${goal}`))).toEqual([]);
  });

  test('sets, keeps and restores the same variables', () => {
    for (const name of NAMES) {
      expect(lines).toContain(`@set "DOCKER_MTLS_OLD_${name}=%${name}%"`);
      expect(lines).toContain(`@set "${name}=%DOCKER_MTLS_OLD_${name}%"`);
    }
    expect(lines).toContain(`@set "DOCKER_HOST=${HOST}"`);
    expect(lines).toContain('@for %%I in ("%~dp0.") do @set "DOCKER_CERT_PATH=%%~fI"');
  });
});

describe('env.ps1', () => {
  test('sets, keeps and restores the same variables', () => {
    const text = envPs1(FACTS);
    for (const name of NAMES) expect(text).toContain(`    ${name} = $env:${name}\r\n`);
    expect(text).toContain(`$env:DOCKER_HOST = '${HOST}'\r\n`);
    expect(text).toContain('$env:DOCKER_CERT_PATH = $PSScriptRoot\r\n');
  });

  describeNeeding(['pwsh'], 'in a real PowerShell', () => {
    test('activates and deactivates', () => {
      const path = nodePath.join(bundleFolder(), 'env.ps1');
      fs.writeFileSync(path, envPs1(FACTS));
      const command = `. '${path.replaceAll("'", "''")}'; $env:DOCKER_HOST; deactivate; "[$env:DOCKER_HOST]"`;
      expect(execFileSync('pwsh', ['-NoProfile', '-c', command], { encoding: 'utf8' })).toBe(`${HOST}\n[]\n`);
    });
  });
});

describe('the README', () => {
  const text = readme(FACTS, { hasKey: true, contextFiles: ['a.dockercontext', 'b.dockercontext'] });

  test.each([
    ['for whom', 'Docker access for alice'],
    ['which engines', 'tcp://node1.example.com:2376\n              tcp://[::1]:2377'],
    ['until when', '2027-01-01T00:00:00Z'],
    ['the fingerprint', 'AB:AB:AB'],
    [
      'the check',
      `docker --host ${HOST} --tlsverify --tlscacert ca.pem --tlscert cert.pem --tlskey key.pem version`,
    ],
    ['the import', 'docker context import node1.example.com a.dockercontext'],
  ])('says %s', (_, words) => {
    expect(text).toContain(words);
  });

  test('tells who made a request where the key goes', () => {
    expect(readme(FACTS, { hasKey: false, contextFiles: [] })).toMatch(/The key is not in here/);
  });
});
