import { renewCa } from '@docker-mtls/authority/rotation';
import type { RenewedCa } from '@docker-mtls/authority/rotation';
import { parseLifetime } from '@docker-mtls/ca';
import type { Certificate } from '@docker-mtls/ca';
import type { StoreReader } from '@docker-mtls/ca-directory';
import { colons, distance, facts, moment } from '@docker-mtls/text';
import { withCliSession } from '../../ca/session.ts';
import type { Args } from '../../command-line/args.ts';
import type { Report } from '../../command-line/command.ts';
import type { Io } from '../../io/io.ts';
import { handOutCommands } from './hand-out-commands.ts';
import { handOutHere } from './hand-out-here.ts';

/** Gives the CA new dates, and names the commands by which engines and clients get them. */
export function runCaRenew(args: Args, io: Io): Promise<Report> {
  const text = args.text('days');
  const lifetime = text === undefined ? undefined : parseLifetime({ days: text });
  return withCliSession(args, io, async (session) => {
    const renewed = await renewCa(session, { lifetime, allowCutOff: args.flag('allow-cut-off') === true });
    const report = await reportOf(renewed, { reader: session.reader, args, now: io.now() });
    return handOutHere(session, report);
  });
}

type Context = { readonly reader: StoreReader; readonly args: Args; readonly now: Date };

async function reportOf({ certificate, former }: RenewedCa, { reader, args, now }: Context): Promise<Report> {
  const { info } = certificate;
  const next = await handOutCommands(reader, args);
  return {
    json: {
      directory: reader.directory,
      name: info.subject.commonName,
      serial: info.serial,
      replaces: former.info.serial,
      notBefore: info.notBefore.toISOString(),
      notAfter: info.notAfter.toISOString(),
      fingerprint: info.fingerprint,
      next,
    },
    text: [
      `Renewed the CA ${JSON.stringify(info.subject.commonName)} in ${reader.directory}: ${keeps(certificate, former)}\n`,
      facts([
        ['valid until', `${moment(info.notAfter)} (${distance(info.notAfter, now)})`],
        ['SHA-256', colons(info.fingerprint)],
      ]),
      ...followUp(former.info.notAfter, now, next),
    ].join(''),
  };
}

function keeps({ info }: Certificate, former: Certificate): string {
  return info.notAfter < former.info.notAfter
    ? 'the key is the same; it ends earlier now, and so does every certificate that it issued for longer'
    : 'the key is the same, and all certificates stay valid';
}

/** An engine and a client go by the `ca.pem` that they have, until the certificate in it ends. */
function followUp(ends: Date, now: Date, next: readonly string[]): readonly string[] {
  if (next.length === 0) return [];
  const when = ends < now ? 'now: the certificate that they have has ended' : `before ${moment(ends)}`;
  return [`next, so that engines and clients have it, ${when}:\n`, ...next.map((line) => `  ${line}\n`)];
}
