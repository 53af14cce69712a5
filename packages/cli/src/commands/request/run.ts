import fs from 'node:fs';
import path from 'node:path';
import { makeKey } from '@docker-mtls/authority';
import { createCertificationRequest, parseClientName, privateKeyToPem } from '@docker-mtls/ca';
import { MtlsError, shellWord } from '@docker-mtls/errors';
import {
  checkFolder,
  createFile,
  makeDirectory,
  PRIVATE_FILE,
  PUBLIC_FILE,
  syncDirectory,
} from '@docker-mtls/files';
import type { Args } from '../../command-line/args.ts';
import type { Report } from '../../command-line/command.ts';
import { callerOf } from '../../io/caller.ts';
import type { Io } from '../../io/io.ts';
import { keyTypeOf } from '../../command-line/order.ts';
import { facts } from '@docker-mtls/text';

/** Makes a key that never leaves this machine, and the request that a CA signs for it. */
export async function run(args: Args, io: Io): Promise<Report> {
  const name = parseClientName(args.text('name') ?? '');
  const folder = path.resolve(io.cwd, args.text('out') ?? '.');
  const files = { key: path.join(folder, `${name}-key.pem`), request: path.join(folder, `${name}.csr`) };
  checkFolder(folder);
  Object.values(files).forEach(refuseExisting);
  const keyPair = makeKey(keyTypeOf(args) ?? 'ec-p256', callerOf(io));
  const { pem } = createCertificationRequest(keyPair, { commonName: name });
  makeDirectory(folder);
  createFile(files.key, privateKeyToPem(keyPair), PRIVATE_FILE);
  createFile(files.request, pem, PUBLIC_FILE);
  syncDirectory(folder);
  return { json: { name, keyType: keyPair.type, ...files }, text: describe(name, files) };
}

type Files = { readonly key: string; readonly request: string };

/** A key is never overwritten: a certificate may be on its way for it. */
function refuseExisting(file: string): void {
  if (fs.lstatSync(file, { throwIfNoEntry: false }) === undefined) return;
  throw new MtlsError('OUT_EXISTS', `${file} exists already`, {
    hint: 'move it away, or choose another --out folder',
  });
}

function describe(name: string, { key, request }: Files): string {
  const [client, csr] = [shellWord(name), shellWord(path.basename(request))];
  const rows = facts([
    ['key', `${key} (stays here: nobody else needs it)`],
    ['request', `${request} (for whoever keeps the CA)`],
  ]);
  return `Made a key and a request for ${name}
${rows}Next, where the CA is:
  docker-mtls issue-client ${client} --csr ${csr}
  docker-mtls bundle ${client} --csr ${csr} --for HOST
and here, with what comes back:
  docker-mtls unbundle ${shellWord(`${name}.tar.gz`)} --key ${shellWord(key)}
`;
}
