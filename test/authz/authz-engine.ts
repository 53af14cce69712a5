import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { onCleanup } from '../support/cleanup.ts';
import { BUNDLE, cliJson } from '../support/cli.ts';
import type { CliOptions } from '../support/cli.ts';
import type { EngineVersion } from '../support/engine-install.ts';
import { startEngine } from '../support/engine.ts';
import type { Engine } from '../support/engine.ts';
import { eventually } from '../support/eventually.ts';
import { freePort } from '../support/free-port.ts';
import { readPair } from '../support/secured-engine.ts';
import { temporaryFolder } from '../support/temp.ts';
import { authorityOf, issuePair } from '../support/test-ca.ts';
import type { TestPair } from '../support/test-ca.ts';
import type { RawTarget } from './raw-client.ts';

/** A secured engine that asks docker-mtls about every request. */
export type AuthzEngine = {
  readonly engine: Engine;
  readonly port: number;
  /** The CAs that the engine trusts, PEM. */
  readonly ca: string;
  readonly home: string;
  readonly caDirectory: string;
  readonly policyFile: string;
  readonly auditFolder: string;
  readonly plugin: PluginProcess;
  readonly cli: CliOptions;
  /** The folder of a client: its DOCKER_CERT_PATH. */
  readonly folderOf: (client: string) => string;
  /** To connect as a client of this name, whose certificate is issued when it is first asked for. */
  readonly as: (client: string) => RawTarget & { readonly pair: TestPair };
};

export type PluginProcess = {
  readonly pid: () => number;
  readonly log: () => string;
  readonly kill: (signal: NodeJS.Signals) => Promise<void>;
  readonly start: () => Promise<void>;
};

export type AuthzEngineOptions = { readonly policy: string; readonly clients: readonly string[] };

/** Secures an engine with our own commands, for clients that are issued by them, and has it ask the plugin from its start. */
export async function startAuthzEngine(
  version: EngineVersion,
  { policy, clients }: AuthzEngineOptions,
): Promise<AuthzEngine> {
  const home = temporaryFolder();
  const caDirectory = path.join(home, 'ca');
  const configFile = path.join(home, 'daemon.json');
  const port = await freePort();
  const cli: CliOptions = { home, env: { DOCKER_MTLS_CA_DIR: caDirectory } };
  await cliJson(['init-ca', '--no-passphrase'], cli);
  await cliJson(['issue-server', 'node1'], cli);
  for (const client of clients) await cliJson(['issue-client', client], cli);
  const config = ['--server', 'node1', '--config', configFile, '--listen', `127.0.0.1:${port}`];
  await cliJson(['daemon-config', ...config], cli);
  const engineSocket = path.join(home, 'e.sock');
  addPlugin(configFile, engineSocket, port);

  const policyFile = path.join(home, 'policy.yaml');
  fs.writeFileSync(policyFile, policy);
  const auditFolder = path.join(home, 'audit');
  const socket = path.join(home, 's/p.sock');
  const serve = ['authz', 'serve', '--policy', policyFile, '--socket', socket, '--audit', auditFolder];
  const plugin = pluginProcess([...serve, '--ca-dir', caDirectory, '--engine', engineSocket], home);
  await plugin.start();
  const engine = await startEngine({ version, configFile, plugin: socket });
  const ca = fs.readFileSync(path.join(caDirectory, 'ca.pem'), 'utf8');
  const folderOf = (client: string): string => path.join(caDirectory, 'clients', client);
  const pairs = new Map<string, TestPair>();
  const pairOf = (client: string): TestPair => {
    const known = pairs.get(client) ?? readOrIssue(caDirectory, folderOf(client), client);
    pairs.set(client, known);
    return known;
  };
  return {
    engine,
    port,
    ca,
    home,
    caDirectory,
    policyFile,
    auditFolder,
    plugin,
    cli,
    folderOf,
    as: (client) => ({ port, ca, pair: pairOf(client) }),
  };
}

function addPlugin(configFile: string, socket: string, port: number): void {
  const config = JSON.parse(fs.readFileSync(configFile, 'utf8')) as Record<string, unknown>;
  const hosts = [`unix://${socket}`, `tcp://127.0.0.1:${port}`];
  const changed = { ...config, hosts, 'authorization-plugins': ['docker-mtls'] };
  fs.writeFileSync(configFile, JSON.stringify(changed));
}

function readOrIssue(caDirectory: string, folder: string, client: string): TestPair {
  if (fs.existsSync(folder)) return readPair(folder);
  return issuePair(authorityOf(caDirectory), 'client', { name: client });
}

function pluginProcess(args: readonly string[], home: string): PluginProcess {
  let child: ChildProcess | undefined;
  let text = '';
  const kill = async (signal: NodeJS.Signals): Promise<void> => {
    const running = child;
    if (running === undefined || running.exitCode !== null || running.signalCode !== null) return;
    const ended = new Promise((resolve) => running.once('close', resolve));
    running.kill(signal);
    if (signal === 'SIGKILL' || signal === 'SIGTERM') await ended;
  };
  onCleanup(() => kill('SIGKILL'));
  return {
    pid: () => child?.pid ?? 0,
    log: () => text,
    kill,
    start: async () => {
      const before = text.length;
      child = spawn(process.execPath, [BUNDLE, ...args], {
        cwd: home,
        env: { HOME: home, PATH: process.env['PATH'] },
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      child.stderr?.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')));
      await eventually(() => {
        if (!text.slice(before).includes('docker-mtls: ready'))
          throw new Error(`the plugin does not start:\n${text}`);
      });
    },
  };
}
