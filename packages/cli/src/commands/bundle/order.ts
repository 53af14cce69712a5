import type { BundleForm, BundleOrder } from '@docker-mtls/authority/bundles';
import { parseEngineHost } from '@docker-mtls/bundle';
import type { ArchiveFormat, EngineHost } from '@docker-mtls/bundle';
import type { Args } from '../../command-line/args.ts';
import type { Io } from '../../io/io.ts';
import { csrOf } from '../../command-line/order.ts';
import { UsageError } from '../../command-line/usage-error.ts';

/** What the command line asks for, with every word already checked. */
export type BundleWords = BundleOrder & {
  /** The archive is encrypted with a passphrase; a PKCS#12 file always is, in its own way. */
  readonly encrypt: boolean;
  readonly output: string | undefined;
  /** The client's certificate request. */
  readonly request: Buffer | undefined;
  /** Many clients at once: `output` is a folder. */
  readonly several: boolean;
};

export function bundleWordsOf(args: Args, io: Io): BundleWords {
  const hosts = uniqueHosts(args.list('for').map((text) => parseEngineHost(text)));
  const words: BundleWords = {
    form: formOf(args, hosts),
    format: (args.text('format') ?? 'tar.gz') as ArchiveFormat,
    hosts,
    recipients: args.list('recipient'),
    encrypt: args.flag('encrypt') === true,
    output: args.text('output'),
    force: args.flag('force') === true,
    issue: args.flag('issue') === true,
    several: args.text('names') !== undefined,
    request: csrOf(args, io),
  };
  const mistake = MISTAKES.find(({ when }) => when(words, args));
  if (mistake !== undefined) throw new UsageError(mistake.says, mistake.hint);
  return words;
}

function formOf(args: Args, hosts: readonly EngineHost[]): BundleForm {
  if (args.flag('p12') === true) return 'p12';
  return (args.text('layout') ?? (hosts.length === 0 ? 'flat' : 'folder')) as BundleForm;
}

function uniqueHosts(hosts: readonly EngineHost[]): readonly EngineHost[] {
  return [...new Map(hosts.map((host) => [host.url, host])).values()];
}

type Mistake = {
  readonly when: (words: BundleWords, args: Args) => boolean;
  readonly says: string;
  readonly hint: string;
};

const ELSEWHERE = ['layout', 'format'] as const;

const MISTAKES: readonly Mistake[] = [
  {
    when: ({ request, several, issue, form }) =>
      request !== undefined && (several || issue || form === 'p12' || form === 'context'),
    says: '--csr hands one client its certificates back, for the key that it keeps',
    hint: 'omit --names, --issue, --p12 and --layout context',
  },
  {
    when: ({ several, encrypt, form }) => several && (encrypt || form === 'p12'),
    says: 'one passphrase would open the files of everybody in the list',
    hint: 'omit --encrypt and --p12, or bundle each NAME by itself',
  },
  {
    when: ({ several, output }) => several && (output === undefined || output === '-'),
    says: '--names makes many files',
    hint: 'add -o FOLDER; it is made if it is not there',
  },
  {
    when: ({ form, hosts, encrypt, recipients }, args) =>
      form === 'p12' &&
      (hosts.length + recipients.length > 0 ||
        encrypt ||
        ELSEWHERE.some((name) => args.text(name) !== undefined)),
    says: '--p12 makes one file of its own kind, with a passphrase',
    hint: 'omit --for, --layout, --format, --encrypt and --recipient',
  },
  {
    when: ({ form, hosts }) => (form === 'folder' || form === 'context') && hosts.length === 0,
    says: 'that layout is for certain engines, and none is named',
    hint: 'add --for HOST, the name or address that the client reaches the engine by',
  },
  {
    when: ({ form, hosts }) => (form === 'flat' || form === 'pwd') && hosts.length > 0,
    says: 'that layout names no engine, so --for has no place in it',
    hint: 'omit --for, or take --layout folder or context',
  },
  {
    when: ({ form }, args) => form !== 'folder' && args.text('format') !== undefined,
    says: '--format is for --layout folder',
    hint: 'omit --format, or add --for HOST',
  },
  {
    when: ({ encrypt, recipients }) => encrypt && recipients.length > 0,
    says: '--encrypt and --recipient were both given',
    hint: 'age locks a file with one passphrase, or for recipients: omit one of them',
  },
  {
    when: ({ encrypt, form }, args) =>
      !encrypt && form !== 'p12' && args.text('bundle-passphrase-file') !== undefined,
    says: '--bundle-passphrase-file has nothing to lock',
    hint: 'add --encrypt or --p12',
  },
  {
    when: ({ encrypt, recipients, output }) =>
      output?.endsWith('.age') === true && !encrypt && recipients.length === 0,
    says: '-o names an encrypted file, and nothing encrypts it',
    hint: 'add --encrypt or --recipient, or choose another name',
  },
  {
    when: ({ form, output }) => form !== 'p12' && output !== undefined && /\.(?:p12|pfx)$/i.test(output),
    says: '-o names a PKCS#12 file, and another kind is to be made',
    hint: 'add --p12, or choose another name',
  },
  {
    when: ({ form, hosts, output }) => form === 'context' && hosts.length > 1 && output !== undefined,
    says: 'several engines make several contexts, and -o names one file',
    hint: 'give one --for, or omit -o, or take --layout folder, which has them all in it',
  },
  {
    when: ({ output }, args) => output === '-' && args.flag('json') === true,
    says: '-o - and --json both want stdout',
    hint: 'leave one out',
  },
];
