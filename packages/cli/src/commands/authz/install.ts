import path from 'node:path';
import type { Entry } from '@docker-mtls/ca-directory';
import { fromHere, installPlugin, listensOf, PLUGIN_PLACES, readUnit } from '@docker-mtls/engine';
import type { LocalEngine } from '@docker-mtls/engine';
import { MtlsError } from '@docker-mtls/errors';
import { exists, readFile, requireSafeFile } from '@docker-mtls/files';
import { parse } from '@docker-mtls/policy';
import { askAsClient } from '@docker-mtls/proof';
import { withCliSession } from '../../ca/session.ts';
import type { CliSession } from '../../ca/session.ts';
import type { Args } from '../../command-line/args.ts';
import type { Report } from '../../command-line/command.ts';
import { UsageError } from '../../command-line/usage-error.ts';
import { engineOf } from '../../engine/engine-order.ts';
import { callerOf } from '../../io/caller.ts';
import type { Io } from '../../io/io.ts';
import { programFiles, programWords } from '../../io/program-files.ts';

const LARGEST_LIST = 32 * 1024 * 1024;

/** Has this machine's engine ask docker-mtls, with a policy that names everyone who has a certificate. */
export function installAuthzAction(args: Args, io: Io): Promise<Report> {
  const admins = args.list('admin');
  if (admins.length === 0) throw new UsageError('--admin is missing', 'name who may do everything');
  return withCliSession(args, io, async (session) => {
    const engine = engineOf(args, io);
    const valid = await validClients(session, io.now());
    const admin = administrator(valid, admins);
    const others = [...new Set(valid.map(({ name }) => name))].filter((name) => !admins.includes(name));
    const policy = policyText(admins, others, args.text('others'));
    for (const file of programFiles(io))
      requireSafeFile(file, 'a program that decides over the engine', { rootAlone: true });
    const directory = session.reader.directory;
    const roots = readFile(path.join(directory, 'ca.pem'));
    const { policy: written, backup } = await installPlugin(
      {
        engine,
        policy,
        roots,
        lists: readFile(path.join(directory, 'crl.pem'), LARGEST_LIST),
        program: programWords(io),
        administrator: admin.certificate().pem,
        prove: () => prove(engine, admin, roots.toString('latin1')),
        force: args.flag('force') === true,
      },
      callerOf(io),
    );
    return {
      json: {
        policy: PLUGIN_PLACES.policy,
        written: written === 'written',
        audit: PLUGIN_PLACES.audit,
        admins,
        others,
        ...(backup !== undefined && { backup }),
      },
      text: [
        `The engine asks docker-mtls about each request: it denied a probe, and served ${admin.name}.`,
        `${written === 'written' ? 'Wrote' : 'Kept'} ${PLUGIN_PLACES.policy}; the audit log is in ${PLUGIN_PLACES.audit}.`,
        'Undo it with docker-mtls authz uninstall.\n',
      ].join('\n'),
    };
  });
}

async function validClients({ reader }: CliSession, now: Date): Promise<readonly Entry[]> {
  const entries = await reader.entries({ kind: 'client', all: true });
  return entries.filter(
    ({ status, notBefore, notAfter }) => status !== 'revoked' && notBefore <= now && now < notAfter,
  );
}

/** One of them shows that it works: its key has to be here. */
function administrator(valid: readonly Entry[], admins: readonly string[]): Entry {
  for (const name of admins) {
    if (valid.some((entry) => entry.name === name)) continue;
    throw new MtlsError('CLIENT_MISSING', `no client named ${JSON.stringify(name)} has a valid certificate`, {
      hint: `run docker-mtls issue-client ${name}`,
    });
  }
  const found = valid.find(
    ({ name, directory }) =>
      admins.includes(name) && directory !== undefined && exists(path.join(directory, 'key.pem')),
  );
  if (found !== undefined) return found;
  throw new MtlsError(
    'CLIENT_MISSING',
    'the key of no administrator is on this machine, so nothing can be tried',
    {
      hint: 'issue a client whose key stays here, and name it with --admin too',
    },
  );
}

function policyText(admins: readonly string[], others: readonly string[], role: string | undefined): string {
  if (others.length > 0 && role === undefined) {
    throw new UsageError(
      `${others.length} other clients have valid certificates: ${others.slice(0, 20).join(', ')}`,
      'say with --others which role they get, such as viewer, or name them with --admin',
    );
  }
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
  throw new MtlsError('AUTHZ_NOT_PROVEN', `the engine does not serve ${admin.name}: ${answer.detail}`, {
    hint: 'everything was put back; see journalctl -u docker-mtls-authz',
  });
}
