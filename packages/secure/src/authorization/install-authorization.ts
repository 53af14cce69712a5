import path from 'node:path';
import { hasKey } from '@docker-mtls/authority';
import type { Session } from '@docker-mtls/authority';
import { LARGEST_LIST } from '@docker-mtls/ca-directory';
import type { Entry } from '@docker-mtls/ca-directory';
import { fromHere, listensOf, readUnit } from '@docker-mtls/engine';
import { installPlugin } from '@docker-mtls/engine/authorization';
import type { LocalEngine } from '@docker-mtls/engine';
import type { InstalledPlugin } from '@docker-mtls/engine/authorization';
import { readFile, requireSafeFile } from '@docker-mtls/files';
import { parse } from '@docker-mtls/policy';
import { askAsClient } from '@docker-mtls/proof/ask-once';
import { SecureError } from '../error.ts';

/** Who has a valid certificate. */
export type Holders = {
  readonly admins: readonly string[];
  /** An administrator whose key is here, to show that it works. */
  readonly administrator: Entry;
  /** Everybody else. */
  readonly others: readonly string[];
};

/** Finds the administrators among the clients, and everybody else. Code: `CLIENT_MISSING`. */
export async function findHolders(session: Session, admins: readonly string[]): Promise<Holders> {
  const valid = await validClients(session);
  return {
    admins,
    administrator: administratorOf(valid, admins),
    others: [...new Set(valid.map(({ name }) => name))].filter((name) => !admins.includes(name)),
  };
}

export type AuthorizationOrder = {
  readonly engine: LocalEngine;
  readonly holders: Holders;
  /** What the others may do. */
  readonly role: string | undefined;
  /** The words that start this program, and all files that it is made of. */
  readonly program: readonly [string, ...string[]];
  readonly programFiles: readonly string[];
  readonly force: boolean;
};

/**
 * Has this machine's engine ask docker-mtls, with a policy that names everyone who has a certificate; or everything is put
 * back. Codes: `AUTHZ_NOT_PROVEN`, `FILE_UNSAFE`, `HOST_PLUGIN_…`.
 */
export async function installAuthorization(
  { reader, caller }: Session,
  order: AuthorizationOrder,
): Promise<InstalledPlugin> {
  const { engine, holders, role, program, force } = order;
  const { administrator } = holders;
  const policy = policyText(holders, role);
  for (const file of order.programFiles)
    requireSafeFile(file, 'a program that decides over the engine', { rootAlone: true });
  const roots = readFile(path.join(reader.directory, 'ca.pem'));
  return installPlugin(
    {
      engine,
      policy,
      roots,
      lists: readFile(path.join(reader.directory, 'crl.pem'), LARGEST_LIST),
      program,
      administrator: administrator.certificate().pem,
      prove: () => prove(engine, administrator, roots.toString('latin1')),
      force,
    },
    caller,
  );
}

async function validClients({ reader, caller }: Session): Promise<readonly Entry[]> {
  const now = caller.now();
  const entries = await reader.entries({ kind: 'client', all: true });
  return entries.filter(
    ({ status, notBefore, notAfter }) => status !== 'revoked' && notBefore <= now && now < notAfter,
  );
}

/** One of them shows that it works: its key has to be here. */
function administratorOf(valid: readonly Entry[], admins: readonly string[]): Entry {
  for (const name of admins) {
    if (valid.some((entry) => entry.name === name)) continue;
    throw new SecureError(
      'CLIENT_MISSING',
      `no client named ${JSON.stringify(name)} has a valid certificate`,
      {
        hint: `run docker-mtls issue-client ${name}`,
      },
    );
  }
  const found = valid.find((entry) => admins.includes(entry.name) && hasKey(entry));
  if (found !== undefined) return found;
  throw new SecureError(
    'CLIENT_MISSING',
    'the key of no administrator is on this machine, so nothing can be tried',
    {
      hint: 'issue a client whose key stays here, and name it with --admin too',
    },
  );
}

/** Names everyone who has a certificate. */
function policyText({ admins, others }: Holders, role: string | undefined): string {
  const text = [
    'apiVersion: docker-mtls/policy.v1\n',
    'bindings:\n',
    binding('admin', admins),
    role === undefined || others.length === 0 ? '' : binding(role, others),
    '# Clients of the unix socket: root, and the group docker.\n',
    'local: admin\n',
  ].join('');
  parse(text);
  return text;
}

function binding(role: string, clients: readonly string[]): string {
  const subjects = clients.map((client) => `      - { cn: ${JSON.stringify(client)} }\n`);
  return `  - role: ${role}\n    subjects:\n${subjects.join('')}`;
}

async function prove(engine: LocalEngine, admin: Entry, roots: string): Promise<void> {
  const unit = await readUnit(engine);
  const [listen] = unit === undefined ? [] : listensOf(unit, unit.config);
  if (listen === undefined) return;
  const { hostname, port } = new URL(`tcp://${listen}`);
  const host = fromHere(hostname.replaceAll(/[[\]]/g, ''));
  const files = admin.read();
  const pair = { certificate: String(files.certificate), key: String(files.key ?? '') };
  const answer = await askAsClient({ host, port: Number(port) }, { name: host, roots: [roots], pair });
  if (answer.kind === 'accepted') return;
  throw new SecureError('AUTHZ_NOT_PROVEN', `the engine does not serve ${admin.name}: ${answer.detail}`, {
    hint: 'everything was put back; see journalctl -u docker-mtls-authz',
  });
}
