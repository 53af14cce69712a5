import path from 'node:path';
import type { FoundTarget, RevocationPlan, RevokeOrder } from '@docker-mtls/authority/revocation';
import { shellWord } from '@docker-mtls/errors';
import type { RevocationList, StoreReader } from '@docker-mtls/ca-directory';
import { counted, distance, moment } from '@docker-mtls/text';
import type { Report } from '../../command-line/command.ts';
import { listJson, listText } from '../crl/list-report.ts';

export type RevokedFacts = RevocationPlan & { readonly list: RevocationList | undefined };

export type RevokedContext = {
  readonly order: RevokeOrder;
  /** As it is after the revocation. */
  readonly reader: StoreReader;
  readonly now: Date;
  /** The same command line's CA directory in commands that are to be typed next. */
  readonly inCa: (command: string) => string;
};

export async function revokedReport(facts: RevokedFacts, context: RevokedContext): Promise<Report> {
  const { revoking, before, list } = facts;
  const { order, reader } = context;
  const crl = path.join(reader.directory, 'crl.pem');
  const next = [...revoking, ...before].some((target) => isAlive(target, context))
    ? await rotation(reader, [...revoking, ...before])
    : [];
  return {
    json: {
      directory: reader.directory,
      reason: order.reason,
      revoked: revoking.map(targetJson),
      before: before.map(targetJson),
      ...(list !== undefined && { crl: { file: crl, ...listJson(list) } }),
      next,
    },
    text: [
      ...(await heading(facts, context)),
      ...(list === undefined ? [] : [`${listText(crl, list)}\n`]),
      ...enforcement(next, context),
    ].join(''),
  };
}

async function heading(
  { revoking, before }: RevokedFacts,
  { order, reader, now }: RevokedContext,
): Promise<readonly string[]> {
  const isHere = revoking.some(({ entry }) => entry !== undefined);
  const files = order.keepFiles || !isHere ? '' : ', and removed the files and keys here';
  const lines = revoking.map((target) => targetText(target, now));
  const earlier: string[] = [];
  for (const { serial } of before) {
    const { revokedAt = now, reason = '' } = (await reader.revocation(serial)) ?? {};
    earlier.push(`  ${serial}: revoked already, on ${moment(revokedAt)} (${reason})\n`);
  }
  const title =
    revoking.length === 0
      ? 'Nothing new to revoke'
      : `Revoked ${counted(revoking.length, 'certificate', 'certificates')} (${order.reason})${files}`;
  return [`${title}\n`, ...lines, ...earlier];
}

/** `  client alice, serial 4f0a…, valid until 2027-03-01 (in 90 days)` */
export function targetText({ serial, entry, certificate }: FoundTarget, now: Date): string {
  const notAfter = entry?.notAfter ?? certificate?.info.notAfter;
  const whose =
    entry === undefined
      ? `a certificate that is not on record${certificate === undefined ? '' : `, ${certificate.info.subject.text}`}`
      : `${entry.kind} ${entry.name}`;
  const until =
    notAfter === undefined ? '' : `, valid until ${moment(notAfter)} (${distance(notAfter, now)})`;
  return `  ${whose}, serial ${serial}${until}\n`;
}

function targetJson({ serial, entry, certificate }: FoundTarget): Record<string, unknown> {
  const notAfter = entry?.notAfter ?? certificate?.info.notAfter;
  return {
    serial,
    ...(entry !== undefined && { kind: entry.kind, name: entry.name }),
    ...(notAfter !== undefined && { notAfter: notAfter.toISOString() }),
  };
}

function isAlive({ entry, certificate }: FoundTarget, { now }: RevokedContext): boolean {
  const notAfter = entry?.notAfter ?? certificate?.info.notAfter;
  return notAfter === undefined || notAfter >= now;
}

function enforcement(next: readonly string[], { inCa }: RevokedContext): string[] {
  if (next.length === 0) return ['Its certificates have ended: engines and clients refuse them already.\n'];
  return [
    'Who goes by the list: programs that are given crl.pem, such as nginx (ssl_crl), HAProxy (crl-file) and openssl, and engines\n',
    `with docker-mtls authz, once they have it: ${inCa('docker-mtls crl --push ssh://root@HOST/etc/docker-mtls/docker/crl.pem')}\n`,
    'Who does not: docker, and dockerd without authz. To them a stolen or kept key is good until its certificate ends.\n',
    'To shut it out of such engines now, give each of them another CA, with all clients that stay:\n',
    ...next.map((line) => `  ${line}\n`),
    `Or change the CA to a new key, which reaches everybody else first: ${inCa('docker-mtls ca rotate prepare')}\n`,
  ];
}

/** More than a command line, or a screen, should show. */
const MOST_CLIENTS = 20;
const MOST_SERVERS = 20;

/** The commands that give each engine a CA whose certificates the revoked ones are not. There may be a million clients. */
async function rotation(reader: StoreReader, gone: readonly FoundTarget[]): Promise<readonly string[]> {
  const isGone = (serial: string): boolean => gone.some((target) => target.serial === serial);
  const firstOf = async (kind: 'server' | 'client', most: number): Promise<readonly string[]> => {
    const entries = await reader.inForce(kind, most + gone.length + 1);
    return entries.filter(({ serial }) => !isGone(serial)).map(({ name }) => shellWord(name));
  };
  const clients = await firstOf('client', MOST_CLIENTS);
  const shown = clients.slice(0, MOST_CLIENTS).map((name) => `--client ${name}`);
  const who = shown.length === 0 || clients.length > MOST_CLIENTS ? [...shown, '--client NAME'] : shown;
  const servers = await firstOf('server', MOST_SERVERS);
  const named = [...servers.slice(0, MOST_SERVERS), ...(servers.length > MOST_SERVERS ? ['SERVER'] : [])];
  const commands = (named.length === 0 ? ['SERVER'] : named).map(
    (server) => `docker-mtls secure ${server} ${who.join(' ')} --ca-dir NEW --apply --allow-cut-off`,
  );
  const left = [
    ...(clients.length > MOST_CLIENTS ? ['--client NAME for each other client that stays'] : []),
    ...(servers.length > MOST_SERVERS ? ['the same for every other SERVER'] : []),
  ];
  return left.length === 0 ? commands : [...commands, `# and ${left.join(', and ')}: docker-mtls list`];
}
