import path from 'node:path';
import { makeKey } from '@docker-mtls/authority';
import { createCertificationRequest, parseClientName, privateKeyToPem } from '@docker-mtls/ca';
import { shellWord } from '@docker-mtls/errors';
import {
  checkFolder,
  createFile,
  exists,
  makeDirectory,
  PRIVATE_FILE,
  PUBLIC_FILE,
  sweepFolder,
  syncDirectory,
} from '@docker-mtls/files';
import type { Args } from '../../command-line/args.ts';
import type { Report } from '../../command-line/command.ts';
import { callerOf } from '../../io/caller.ts';
import type { Io } from '../../io/io.ts';
import { isRequestFor, readEarlierKey, refuseExisting } from './earlier.ts';
import { keyTypeOf } from '../../command-line/order.ts';
import { facts } from '@docker-mtls/text';

/**
 * Makes a key that never leaves this machine, and the request that a CA signs for it. What a run that was killed has made
 * is kept, and the rest is made.
 */
export async function run(args: Args, io: Io): Promise<Report> {
  const name = parseClientName(args.text('name') ?? '');
  const folder = path.resolve(io.cwd, args.text('out') ?? '.');
  const files = { key: path.join(folder, `${name}-key.pem`), request: path.join(folder, `${name}.csr`) };
  const wanted = keyTypeOf(args);
  checkFolder(folder);
  const earlier = readEarlierKey(files.key, wanted);
  if (earlier === undefined || !isRequestFor(files.request, name, earlier)) refuseExisting(files.request);
  const keyPair = earlier ?? makeKey(wanted ?? 'ec-p256', callerOf(io));
  makeDirectory(folder);
  sweepFolder(folder);
  if (earlier === undefined) createFile(files.key, privateKeyToPem(keyPair), PRIVATE_FILE);
  const { pem } = createCertificationRequest(keyPair, { commonName: name });
  if (!exists(files.request)) createFile(files.request, pem, PUBLIC_FILE);
  syncDirectory(folder);
  return { json: { name, keyType: keyPair.type, ...files }, text: describe(name, files) };
}

type Files = { readonly key: string; readonly request: string };

function describe(name: string, { key, request }: Files): string {
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
