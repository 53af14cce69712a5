import fs from 'node:fs';
import path from 'node:path';
import { lintCertificate, readCertificates } from '@docker-mtls/ca';
import type { Certificate } from '@docker-mtls/ca';
import { MtlsError, quote } from '@docker-mtls/errors';
import { readFile } from '@docker-mtls/files';
import type { Args } from '../../command-line/args.ts';
import type { Report } from '../../command-line/command.ts';
import type { Io } from '../../io/io.ts';
import { withSession } from '../../ca/session.ts';
import { certificateJson, certificateText } from './explain.ts';

/** Explains certificates in words: a file's, or those that were issued under a name or serial number. */
export async function run(args: Args, io: Io): Promise<Report> {
  const certificates = await find(args.text('what') ?? '', args, io);
  const now = io.now();
  const explained = certificates.map((certificate) => ({
    certificate,
    findings: lintCertificate(certificate.der),
  }));
  return {
    json: { certificates: explained.map(certificateJson) },
    text: explained.map((each) => certificateText(each, now)).join('\n'),
  };
}

/** A path is taken as one when it looks like one, or when there is such a file and nothing of that name was issued. */
async function find(what: string, args: Args, io: Io): Promise<readonly Certificate[]> {
  const file = path.resolve(io.cwd, what);
  if (/[/\\]/.test(what) || /\.(pem|crt|cer|der)$/i.test(what)) return readCertificates(readFile(file));
  const issued = await withSession(args, io, async ({ reader }) =>
    reader.find(what).map((entry) => entry.certificate()),
  );
  if (issued.length > 0) return issued;
  if (fs.existsSync(file)) return readCertificates(readFile(file));
  throw new MtlsError('NOT_FOUND', `nothing was issued under ${quote(what)}, and there is no such file`, {
    hint: 'docker-mtls list --all shows every name and serial number',
  });
}
