import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { createCrl } from '@docker-mtls/ca';
import type { Authority } from '@docker-mtls/ca';
import { serve } from '@docker-mtls/authz';
import { onCleanup } from '../../../test/support/cleanup.ts';
import { temporaryFolder } from '../../../test/support/temp.ts';
import { issuePair, makeAuthority } from '../../../test/support/test-ca.ts';
import type { TestOrder } from '../../../test/support/test-ca.ts';

/** alice may do everything, bob look, and web start and stop what is called so. */
export const POLICY = `apiVersion: docker-mtls/policy.v1
roles:
  web: { inherits: [operator], allow: [], objects: { names: ['web-*'] } }
bindings:
  - { role: admin, subjects: [{ cn: alice }] }
  - { role: viewer, subjects: [{ cn: bob }] }
  - { role: web, subjects: [{ cn: web }] }
`;

/** A read of a client whose certificate is to be added. */
export const LIST = { UserAuthNMethod: 'TLS', RequestMethod: 'GET', RequestUri: '/v1.51/containers/json' };

/** A plugin in this process, and what it reads. */
export type RunningPlugin = {
  readonly folder: string;
  readonly authority: Authority;
  /** What the engine would hand on of a client's certificate. */
  readonly certificateOf: (order: TestOrder) => string;
  /** Asks as the engine does. Text is sent as it is. */
  readonly ask: (call: Readonly<Record<string, unknown>> | string) => Promise<PluginAnswer>;
  readonly tellEnd: (call: Readonly<Record<string, unknown>>) => Promise<PluginAnswer>;
  readonly notes: readonly string[];
  readonly stop: () => Promise<void>;
};

export type PluginAnswer = { readonly Allow?: boolean; readonly Msg?: string };

export type PluginOptions = {
  readonly policy: string;
  readonly folder?: string;
  readonly authority?: Authority;
  readonly now?: () => Date;
  readonly audit?: boolean;
  readonly checkpointProgram?: string;
};

/** Starts a plugin in a folder, new or that of an earlier one. */
export async function startPlugin({
  policy,
  folder = temporaryFolder(),
  authority = makeAuthority('Test CA', 'ec-p256').authority,
  now = () => new Date(),
  audit = true,
  checkpointProgram,
}: PluginOptions): Promise<RunningPlugin> {
  const at = (name: string): string => path.join(folder, name);
  const notes: string[] = [];
  fs.writeFileSync(at('policy.yaml'), policy);
  fs.writeFileSync(at('ca.pem'), authority.certificate.pem);
  if (!fs.existsSync(at('crl.pem'))) fs.writeFileSync(at('crl.pem'), listOf(authority, 1, []));
  const serving = await serve(
    {
      files: {
        policy: at('policy.yaml'),
        roots: at('ca.pem'),
        lists: at('crl.pem'),
        locks: at('locks.json'),
      },
      socket: { path: at('s/p.sock') },
      audit: audit ? at('audit') : undefined,
      checkpointProgram,
      engineSocket: at('engine.sock'),
    },
    { operator: 'test', now, note: ({ message }) => void notes.push(message) },
    unwatched,
  );
  let isStopped = false;
  const stop = async (): Promise<void> => {
    if (!isStopped) await serving.stop();
    isStopped = true;
  };
  onCleanup(stop);
  return {
    folder,
    authority,
    notes,
    stop,
    certificateOf: (order) =>
      Buffer.from(issuePair(authority, 'client', order).certificate).toString('base64'),
    ask: (call) => post(at('s/p.sock'), '/AuthZPlugin.AuthZReq', call),
    tellEnd: (call) => post(at('s/p.sock'), '/AuthZPlugin.AuthZRes', call),
  };
}

/** The process is that of the tests, and on a busy machine it waits longer than a plugin may. */
async function unwatched(): Promise<() => void> {
  return () => undefined;
}

/** A revocation list of a CA, as PEM. */
export function listOf(
  authority: Authority,
  number: number,
  serials: readonly string[],
  nextUpdate = new Date(Date.now() + 86_400_000),
): string {
  const revoked = serials.map((serial) => ({ serial, revokedAt: new Date(Date.now() - 120_000) }));
  return createCrl(authority, { number, thisUpdate: new Date(Date.now() - 60_000), nextUpdate, revoked }).pem;
}

/** The records of the audit log. */
export function recordsIn(folder: string): readonly Readonly<Record<string, unknown>>[] {
  const text = fs.readFileSync(path.join(folder, 'audit/audit.jsonl'), 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

export function post(
  socketPath: string,
  url: string,
  body: Readonly<Record<string, unknown>> | string,
): Promise<PluginAnswer> {
  return new Promise((resolve, reject) => {
    const request = http.request({ socketPath, path: url, method: 'POST', agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        resolve(text === '' ? {} : (JSON.parse(text) as PluginAnswer));
      });
    });
    request.on('error', reject);
    request.end(typeof body === 'string' ? body : JSON.stringify(body));
  });
}
