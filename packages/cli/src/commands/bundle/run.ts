import path from 'node:path';
import { bundleClient, bundleClients, writeClientBundles } from '@docker-mtls/authority/bundles';
import { passphraseForArchive } from '../../ca/passphrase.ts';
import { withCliSession } from '../../ca/session.ts';
import type { CliSession } from '../../ca/session.ts';
import type { Args } from '../../command-line/args.ts';
import type { Report } from '../../command-line/command.ts';
import type { Io } from '../../io/io.ts';
import { wantedClientsOf } from '../../pair/wanted-clients.ts';
import { bundleListReport } from './list-report.ts';
import { bundleWordsOf } from './order.ts';
import type { BundleWords } from './order.ts';
import { bundleReport } from './report.ts';

/** Packs a client's files into an archive to hand over, or those of everybody in a list. */
export async function run(args: Args, io: Io): Promise<Report> {
  const wanted = wantedClientsOf(args, io);
  const words = bundleWordsOf(args, io);
  if ('list' in wanted) io.spareMemory();
  return withCliSession(args, io, async (session) => {
    if (!('list' in wanted)) return bundleOne(session, words, { args, ...wanted });
    const folder = path.resolve(io.cwd, words.output ?? '');
    const packed = await bundleClients(session, { ...words, folder }, wanted);
    return bundleListReport({ words, folder, packed });
  });
}

type One = { readonly args: Args; readonly name: string };

async function bundleOne(session: CliSession, words: BundleWords, { args, name }: One): Promise<Report> {
  const { io } = session;
  const { output, encrypt, form } = words;
  const isLocked = encrypt || form === 'p12';
  const passphrase = isLocked ? () => passphraseForArchive('bundle', args, io) : undefined;
  const packed = await bundleClient(session, { ...words, name, passphrase });
  const [first] = packed.archives;
  if (output === '-' && first !== undefined) return { json: {}, text: '', bytes: first.data };
  const target = output === undefined ? { folder: io.cwd } : { file: path.resolve(io.cwd, output) };
  const written = await writeClientBundles(session, packed, { ...words, target });
  return bundleReport({ words, ...packed, written });
}
