import path from 'node:path';
import { makeRequest } from '@docker-mtls/authority/make-request';
import type { KeyRequest } from '@docker-mtls/authority/make-request';
import { parseClientName } from '@docker-mtls/ca';
import { shellWord } from '@docker-mtls/errors';
import { facts } from '@docker-mtls/text';
import type { Args } from '../../command-line/args.ts';
import type { Report } from '../../command-line/command.ts';
import { keyTypeOf } from '../../command-line/order.ts';
import { callerOf } from '../../io/caller.ts';
import type { Io } from '../../io/io.ts';

/** Makes a key that never leaves this machine, and the request that a CA signs for it. */
export async function run(args: Args, io: Io): Promise<Report> {
  const name = parseClientName(args.text('name') ?? '');
  const folder = path.resolve(io.cwd, args.text('out') ?? '.');
  const { keyType, ...files } = makeRequest({ name, folder, keyType: keyTypeOf(args) }, callerOf(io));
  return { json: { name, keyType, ...files }, text: describe(name, files) };
}

function describe(name: string, { key, request }: Omit<KeyRequest, 'keyType'>): string {
  const [client, csr] = [shellWord(name), shellWord(path.basename(request))];
  const rows = facts([
    ['key', `${key} (stays here: nobody else needs it)`],
    ['request', `${request} (send this to the CA's operator)`],
  ]);
  return `Made a key and a request for ${name}
${rows}Next, where the CA is:
  docker-mtls issue-client ${client} --csr ${csr}
  docker-mtls bundle ${client} --csr ${csr} --for HOST
and here, with what comes back:
  docker-mtls unbundle ${shellWord(`${name}.tar.gz`)} --key ${shellWord(key)}
`;
}
