import type { WrittenBundle } from '@docker-mtls/authority/bundles';
import { contextNameOf } from '@docker-mtls/bundle';
import type { Entry } from '@docker-mtls/ca-directory';
import type { Report } from '../../command-line/command.ts';
import { shellWord } from '@docker-mtls/errors';
import { facts, moment } from '@docker-mtls/text';
import type { BundleWords } from './order.ts';

export type Packed = {
  readonly words: BundleWords;
  readonly client: Entry;
  readonly withKey: boolean;
  readonly written: readonly WrittenBundle[];
};

/** What was packed, where it is, and what its receiver does with it. */
export function bundleReport(packed: Packed): Report {
  const { words, client, withKey, written } = packed;
  const [only, ...others] = written;
  const json = {
    ...(others.length === 0 && only),
    files: written,
    layout: words.form,
    hosts: words.hosts.map(({ url }) => url),
    encrypted: isLocked(words),
    name: client.name,
    serial: client.serial,
    withKey,
  };
  return { json, text: describe(packed) };
}

function describe({ words, client, withKey, written }: Packed): string {
  const titles = written.map(({ file, written: isNew }) =>
    isNew ? `Packed ${client.name}'s files into ${file}\n` : `${file} already holds ${client.name}'s files\n`,
  );
  const rows = facts([
    ['valid until', moment(client.notAfter)],
    ['holds', holds(words, withKey)],
    ...(words.hosts.length === 0 ? [] : [['engines', words.hosts.map(({ url }) => url).join(' ')] as const]),
    ...written.map(
      ({ file }, index) => ['open with', opening({ words, client, withKey }, file, index)] as const,
    ),
  ]);
  return `${titles.join('')}${rows}${handOverWarning(words, withKey)}`;
}

function holds({ form }: BundleWords, withKey: boolean): string {
  if (!withKey) return 'certificates only: the key is not here';
  const all = 'the CA certificate, the certificate and its private key';
  return form === 'folder' ? `${all}, scripts for the shells, contexts` : all;
}

/** What to heed when handing it over. */
export function handOverWarning(words: BundleWords, withKey: boolean): string {
  if (!withKey) return '';
  return isLocked(words)
    ? 'A person who opens this file is root on the engines that trust it: send its secret by another way.\n'
    : 'A person who has this file is root on the engines that trust it: hand it over in private.\n';
}

/** Does it take a secret to open it? */
export function isLocked({ encrypt, recipients, form }: BundleWords): boolean {
  return encrypt || recipients.length > 0 || form === 'p12';
}

type Opened = Pick<Packed, 'words' | 'client' | 'withKey'>;

function opening({ words, client, withKey }: Opened, file: string, index: number): string {
  const word = shellWord(file);
  if (!withKey) return `docker-mtls unbundle ${word} --key ${shellWord(`${client.name}-key.pem`)}`;
  if (words.form === 'p12')
    return `openssl pkcs12 -info -noout -in ${word}, or the program that it was made for`;
  if (words.encrypt || words.recipients.length > 0 || words.form === 'folder')
    return `docker-mtls unbundle ${word}`;
  if (words.form === 'context') {
    const host = words.hosts[index];
    return `docker context import ${host === undefined ? 'NAME' : contextNameOf(host)} ${word}`;
  }
  const folder = words.form === 'pwd' ? '/tmp/pwd-certs' : '~/.docker/engine';
  return `mkdir -p -m 700 ${folder} && tar -xzf ${word} -C ${folder}`;
}
