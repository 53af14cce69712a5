import { nextCommand } from '../../ca/next-command.ts';
import type { Args } from '../../command-line/args.ts';
import { caDirectory } from '../../ca/ca-directory.ts';
import type { Report } from '../../command-line/command.ts';
import { callerOf } from '../../io/caller.ts';
import type { Io } from '../../io/io.ts';
import { keyTypeOf, lifetimeOf } from '../../command-line/order.ts';
import { passphraseForNewKey } from '../../ca/passphrase.ts';
import { DEFAULT_CA_NAME, makeCa } from '@docker-mtls/authority';
import type { MadeCa } from '@docker-mtls/authority';
import { colons, distance, facts, moment } from '@docker-mtls/text';

/** Makes a certificate authority in a new CA directory. */
export async function run(args: Args, io: Io): Promise<Report> {
  const order = {
    directory: caDirectory(args, io),
    name: args.text('name') ?? DEFAULT_CA_NAME,
    keyType: keyTypeOf(args),
    lifetime: lifetimeOf(args),
    passphrase: () => passphraseForNewKey(args, io),
  };
  const made = await makeCa(order, callerOf(io));
  return { json: caJson(made), text: caText(made, io.now(), args) };
}

function caJson({ directory, authority, encrypted }: MadeCa): Record<string, unknown> {
  const { info } = authority.certificate;
  return {
    directory,
    name: info.subject.commonName,
    serial: info.serial,
    notBefore: info.notBefore.toISOString(),
    notAfter: info.notAfter.toISOString(),
    fingerprint: info.fingerprint,
    keyType: info.keyType,
    encrypted,
  };
}

function caText({ directory, authority, encrypted }: MadeCa, now: Date, args: Args): string {
  const { info } = authority.certificate;
  const rows = facts([
    ['valid until', `${moment(info.notAfter)} (${distance(info.notAfter, now)})`],
    [
      'key',
      `${info.keyType}, ${encrypted ? 'encrypted with your passphrase' : 'not encrypted: guard the folder'}`,
    ],
    ['SHA-256', colons(info.fingerprint)],
  ]);
  const commands = ['issue-server', 'issue-client'].map((verb) =>
    nextCommand(`docker-mtls ${verb} NAME`, args),
  );
  return `Made the CA ${JSON.stringify(info.subject.commonName)} in ${directory}\n${rows}next:\n${commands.map((command) => `  ${command}\n`).join('')}`;
}
