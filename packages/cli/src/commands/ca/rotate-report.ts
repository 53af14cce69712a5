import type { Holder, Preparation, RotationKey, RotationStatus } from '@docker-mtls/authority/rotation';
import type { StoreReader } from '@docker-mtls/ca-directory';
import { shellWord } from '@docker-mtls/errors';
import { counted, distance, moment, table } from '@docker-mtls/text';
import { nextCommand } from '../../ca/next-command.ts';
import type { Args } from '../../command-line/args.ts';
import type { Report } from '../../command-line/command.ts';
import { handOutCommands } from './hand-out-commands.ts';

export type RotationContext = {
  readonly reader: StoreReader;
  readonly args: Args;
  readonly now: Date;
  readonly isDryRun?: boolean;
};

export async function preparationReport(
  { name, keyType, lifetime }: Preparation,
  reader: StoreReader,
): Promise<Report> {
  const { servers, clients } = await reader.recorded(Number.MAX_SAFE_INTEGER);
  const pairs = servers + clients;
  return {
    json: {
      directory: reader.directory,
      stage: 'none',
      dryRun: true,
      name,
      keyType,
      days: Math.floor(lifetime / 86_400),
    },
    text: [
      `Would make the CA ${JSON.stringify(name)} with a new ${keyType} key, which does not sign yet\n`,
      `would write ca.pem with both CAs to ${counted(pairs, 'pair', 'pairs')}\n`,
    ].join(''),
  };
}

export async function statusReport(status: RotationStatus, context: RotationContext): Promise<Report> {
  const { stage, signing, other, holders } = status;
  const { reader, isDryRun = false } = context;
  const next = await nextSteps(status, context);
  return {
    json: {
      directory: reader.directory,
      stage,
      signing: keyJson(signing),
      ...(other !== undefined && { other: keyJson(other) }),
      holders: holders.map(holderJson),
      next,
      ...(isDryRun && { dryRun: true }),
    },
    text: [
      isDryRun ? 'Nothing was changed: this is what there is\n' : '',
      ...stageLines(status),
      holdersTable(status, context.now),
      ...(next.length === 0 ? [] : [STEPS[stage], ...next.map((line) => `  ${line}\n`)]),
    ].join(''),
  };
}

const STEPS: Readonly<Record<RotationStatus['stage'], string>> = {
  none: 'next:\n',
  prepared:
    'next, in this order: every engine and client gets the ca.pem with both CAs, then the new one signs\n',
  switched: 'next, in this order: new certificates, handed out; then the old CA goes\n',
};

function stageLines({ stage, signing, other }: RotationStatus): readonly string[] {
  if (other === undefined)
    return [`The CA ${nameOf(signing)} signs, and no other is trusted: no rotation is under way\n`];
  const since = moment(other.since);
  return stage === 'prepared'
    ? [`The CA ${nameOf(signing)} signs; ${nameOf(other)} is trusted since ${since}, and does not sign yet\n`]
    : [
        `The CA ${nameOf(signing)} signs since ${moment(signing.since)}; ${nameOf(other)} is trusted until it is retired\n`,
      ];
}

function nameOf({ certificate }: RotationKey): string {
  return JSON.stringify(certificate.info.subject.commonName ?? certificate.info.serial);
}

function keyJson({ certificate, keyId, since }: RotationKey): Record<string, unknown> {
  const { subject, serial, fingerprint, notAfter } = certificate.info;
  return {
    name: subject.commonName,
    serial,
    keyId,
    fingerprint,
    notAfter: notAfter.toISOString(),
    since: since.toISOString(),
  };
}

function holderJson({ kind, name, serial, notAfter, isReplaced }: Holder): Record<string, unknown> {
  return { kind, name, serial, notAfter: notAfter.toISOString(), replaced: isReplaced };
}

/** More than a screen shows. */
const MOST_HOLDERS = 40;

function holdersTable({ stage, holders }: RotationStatus, now: Date): string {
  if (stage === 'none') return '';
  if (holders.length === 0) return 'No certificate of the old key is valid any more\n';
  return `Certificates of the old key:\n${certificateRows(holders, now)}`;
}

function certificateRows(holders: readonly Holder[], now: Date): string {
  if (holders.length === 0) return '';
  const rows = holders
    .slice(0, MOST_HOLDERS)
    .map(({ kind, name, notAfter, isReplaced, serial }) => [
      kind,
      name,
      moment(notAfter),
      distance(notAfter, now),
      isReplaced ? 'replaced' : 'in use',
      serial,
    ]);
  const more = holders.length > MOST_HOLDERS ? `and ${holders.length - MOST_HOLDERS} more\n` : '';
  return `${table([['KIND', 'NAME', 'VALID UNTIL', '', '', 'SERIAL'], ...rows])}${more}`;
}

async function nextSteps(
  { stage, holders }: RotationStatus,
  { reader, args }: RotationContext,
): Promise<readonly string[]> {
  const rotate = (words: string): string => nextCommand(`docker-mtls ca rotate ${words}`, args);
  if (stage === 'none') return [rotate('prepare')];
  if (stage === 'prepared') return [...(await handOutCommands(reader, args)), rotate('switch')];
  const inUse = holders.filter(({ isReplaced }) => !isReplaced);
  const renewals = inUse.length === 0 ? [] : [nextCommand('docker-mtls renew --all', args)];
  const names = [...new Set(holders.map(({ name }) => shellWord(name)))];
  // With some of the names alone it would be refused.
  const retire = ['retire', ...(names.length > MOST_HOLDERS ? [] : names)].join(' ');
  return [...renewals, ...(await handOutCommands(reader, args)), rotate(retire)];
}

export async function retirementReport(
  status: RotationStatus & { readonly cutOff: readonly Holder[] },
  { reader, args, now, isDryRun = false }: RotationContext,
): Promise<Report> {
  const { signing, other, cutOff } = status;
  const next = await handOutCommands(reader, args);
  const old = other === undefined ? '' : nameOf(other);
  const title = isDryRun
    ? `Would retire the CA ${old}: it would leave every ca.pem here, and its key would be removed`
    : `Retired the CA ${old}: no ca.pem here has it any more, and its key is removed`;
  return {
    json: {
      directory: reader.directory,
      signing: keyJson(signing),
      ...(other !== undefined && { retired: keyJson(other) }),
      cutOff: cutOff.map(holderJson),
      next,
      ...(isDryRun && { dryRun: true }),
    },
    text: [
      `${title}\n`,
      cutOff.length === 0 ? '' : 'Engines reject these certificates from their next start on:\n',
      certificateRows(cutOff, now),
      next.length === 0 ? '' : 'next, so that engines and clients trust the new CA alone:\n',
      ...next.map((line) => `  ${line}\n`),
    ].join(''),
  };
}
