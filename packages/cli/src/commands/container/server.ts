import { DEFAULT_CA_NAME } from '@docker-mtls/authority';
import { findServer, runServer } from '@docker-mtls/image';
import { passphraseForNewKey } from '../../ca/passphrase.ts';
import { caAccess } from '../../ca/session.ts';
import type { Args } from '../../command-line/args.ts';
import type { Report } from '../../command-line/command.ts';
import type { Io } from '../../io/io.ts';
import { serverReport } from './server-report.ts';
import { containerNames } from './server-words.ts';

/** The engine's side. */
export async function run(args: Args, io: Io): Promise<Report> {
  const place = findServer(io.env);
  const names = containerNames(io, place.isHostNetwork);
  const outcome = await runServer(place, {
    access: caAccess(args, io, place.directory),
    newCa: { name: DEFAULT_CA_NAME, passphrase: () => passphraseForNewKey(args, io) },
    server: { kind: 'server', groups: [], force: false, ...names },
    machine: io,
  });
  return serverReport(place, outcome);
}
