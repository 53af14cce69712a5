import fs from 'node:fs';
import path from 'node:path';
import type { RevocationSubject } from '@docker-mtls/authority/revocation';
import { parseSerial, readCertificates } from '@docker-mtls/ca';
import { hasCode, MtlsError, quote } from '@docker-mtls/errors';
import { readFile } from '@docker-mtls/files';
import type { Entry, StoreReader } from '@docker-mtls/ca-directory';
import type { Args } from '../../command-line/args.ts';
import { serverNameOf } from '../../command-line/order.ts';
import { UsageError } from '../../command-line/usage-error.ts';
import type { Io } from '../../io/io.ts';

/** So many hexadecimal digits are no mistyped name; fewer have to look like a serial number. */
const UNMISTAKABLE = { onRecord: 8, unrecorded: 16 } as const;

/** What WHAT is: a path, a name that was issued, a serial number, or a file after all. */
export async function subjectOf(args: Args, io: Io, reader: StoreReader): Promise<RevocationSubject> {
  const what = args.text('what') ?? '';
  const file = path.resolve(io.cwd, what);
  if (/[/\\]/.test(what) || /\.(pem|crt|cer|der)$/i.test(what)) return inFile(file);
  const subject =
    (await named(what, args, reader)) ??
    (await numbered(what, reader)) ??
    (fs.existsSync(file) ? inFile(file) : await unrecorded(what, reader));
  if (subject !== undefined) return subject;
  throw new MtlsError('NOT_FOUND', `nothing was issued under ${quote(what)}, and there is no such file`, {
    hint: 'docker-mtls list --all shows every name; a serial number that is not on record is written as 0x1234',
  });
}

async function named(what: string, args: Args, reader: StoreReader): Promise<RevocationSubject | undefined> {
  const kind = args.text('kind');
  const kinds: { readonly kind: 'server' | 'client'; readonly name: string }[] = [];
  for (const each of ['server', 'client'] as const) {
    const name = each === 'server' ? asServer(what) : what;
    const issued = await reader.entries({ kind: each, name, all: true });
    if ((kind === undefined || kind === each) && issued.length > 0) kinds.push({ kind: each, name });
  }
  if (kinds.length < 2) return kinds[0];
  throw new UsageError(
    `a server and a client are called ${quote(what)}`,
    'add --kind server or --kind client',
  );
}

function asServer(what: string): string {
  try {
    return serverNameOf(what);
  } catch (error) {
    if (hasCode(error, 'CA_SAN_INVALID')) return what;
    throw error;
  }
}

/** On record: in full, or the first digits of one alone. */
async function numbered(what: string, reader: StoreReader): Promise<RevocationSubject | undefined> {
  const serial = parseSerial(what);
  if (serial === undefined) return undefined;
  const whole = await reader.find(serial);
  if (whole.some((each) => each.serial === serial)) return { serial };
  if (!isSerial(what, UNMISTAKABLE.onRecord)) return undefined;
  const digits = what.replaceAll(/^0x|[: ]/giu, '').toLowerCase();
  const begun = await reader.find(digits);
  const found = begun.filter((each) => each.serial.startsWith(digits));
  const [first, second] = found;
  if (second === undefined) return first === undefined ? undefined : { serial: first.serial };
  throw new MtlsError('SERIAL_UNCLEAR', `${found.length} serial numbers begin with ${quote(what)}`, {
    hint: `write more of the one that is meant: ${found.slice(0, 5).map(serialOf).join(', ')}`,
  });
}

function serialOf({ serial }: Entry): string {
  return serial;
}

async function unrecorded(what: string, reader: StoreReader): Promise<RevocationSubject | undefined> {
  const serial = parseSerial(what);
  if (serial === undefined) return undefined;
  return isSerial(what, UNMISTAKABLE.unrecorded) || (await reader.revocation(serial)) !== undefined
    ? { serial }
    : undefined;
}

/** `cafe` may be a name that was mistyped, and the first digits of somebody else's serial number. */
function isSerial(what: string, digits: number): boolean {
  return /^\s*0x|:/iu.test(what) || what.replaceAll(' ', '').length >= digits;
}

/** The one certificate in a file that is not a CA's: chains are common. */
function inFile(file: string): RevocationSubject {
  const certificates = readCertificates(readFile(file)).filter(({ info }) => !info.isCa);
  const all = certificates.filter(
    ({ info }, index) =>
      certificates.findIndex((other) => other.info.fingerprint === info.fingerprint) === index,
  );
  const [certificate, second] = all;
  if (certificate !== undefined && second === undefined) return { certificate };
  const problem =
    certificate === undefined
      ? 'holds the certificates of CAs alone'
      : `holds ${all.length} certificates of servers or clients`;
  throw new MtlsError('FILE_UNCLEAR', `${file} ${problem}`, {
    hint: 'name a file with the one certificate that is to be revoked, or its serial number',
  });
}
