import fs from 'node:fs';
import path from 'node:path';
import { complaintsOf, lintCertificate } from '@docker-mtls/ca';
import type { Certificate } from '@docker-mtls/ca';
import { MtlsError, quote } from '@docker-mtls/errors';
import { readFile } from '@docker-mtls/files';
import type { Entry } from '@docker-mtls/ca-directory';
import type { Args } from '../../command-line/args.ts';
import type { Report } from '../../command-line/command.ts';
import type { Io } from '../../io/io.ts';
import { withCliSession } from '../../ca/session.ts';
import { certificateJson, certificateText } from './explain.ts';
import { readObjects } from './read-objects.ts';

type Shown = { readonly certificate: Certificate; readonly entry?: Entry };

type Found = { readonly shown: readonly Shown[]; readonly others: readonly string[] };

/** Explains certificates in words: a file's, or those that were issued under a name or serial number. */
export async function run(args: Args, io: Io): Promise<Report> {
  const { shown, others } = await find(args.text('what') ?? '', args, io);
  const now = io.now();
  const explained = shown.map(({ certificate, entry }) => ({
    certificate,
    entry,
    findings: [...lintCertificate(certificate.der), ...complaintsOf(certificate.info)],
  }));
  return {
    json: {
      certificates: explained.map((each) => certificateJson(each, now)),
      ...(others.length > 0 && { others }),
    },
    text: [...explained.map((each) => certificateText(each, now)), ...others.map((line) => `${line}\n`)].join(
      '\n',
    ),
  };
}

/** A path is taken as one when it looks like one, or when there is such a file and nothing of that name was issued. */
async function find(what: string, args: Args, io: Io): Promise<Found> {
  const file = path.resolve(io.cwd, what);
  if (/[/\\]/.test(what) || /\.(pem|crt|cer|der|csr|crl|key)$/i.test(what)) return inFile(file);
  const issued = await withCliSession(args, io, async ({ reader }) =>
    withoutProbes(await reader.find(what), what, args).map((entry) => ({
      certificate: entry.certificate(),
      entry,
    })),
  );
  if (issued.length > 0) return { shown: issued, others: [] };
  if (fs.existsSync(file)) return inFile(file);
  throw new MtlsError('NOT_FOUND', `nothing was issued under ${quote(what)}, and there is no such file`, {
    hint: 'docker-mtls list --all shows every name and serial number',
  });
}

function inFile(file: string): Found {
  const { certificates, others } = readObjects(readFile(file));
  return { shown: certificates.map((certificate) => ({ certificate })), others };
}

/** What served a proof under a client's name is shown where it is asked for, or where there is nothing else. */
function withoutProbes(entries: readonly Entry[], what: string, args: Args): readonly Entry[] {
  const wanted = entries.filter(({ kind, name }) => kind !== 'probe' || name !== what);
  return args.flag('all') === true || wanted.length === 0 ? entries : wanted;
}
