import { contextNameOf } from '@docker-mtls/bundle';
import type { Entry } from '@docker-mtls/ca-directory';
import type { Report } from '../../command-line/command.ts';
import { shellWord } from '@docker-mtls/errors';
import { facts, moment } from '@docker-mtls/text';
import type { BundleOrder } from './order.ts';

type Written = { readonly file: string; readonly bytes: number; readonly written: boolean };

export type Packed = {
  readonly order: BundleOrder;
  readonly client: Entry;
  readonly withKey: boolean;
  readonly written: readonly Written[];
};

/** What was packed, where it is, and what its receiver does with it. */
export function bundleReport(packed: Packed): Report {
  const { order, client, withKey, written } = packed;
  const [only, ...others] = written;
  const json = {
    ...(others.length === 0 && only),
    files: written,
    layout: order.form,
    hosts: order.hosts.map(({ url }) => url),
    encrypted: isLocked(order),
    name: client.name,
    serial: client.serial,
    withKey,
  };
  return { json, text: describe(packed) };
}

function describe({ order, client, withKey, written }: Packed): string {
  const titles = written.map(({ file, written: isNew }) =>
    isNew ? `Packed ${client.name}'s files into ${file}\n` : `${file} already holds ${client.name}'s files\n`,
  );
  const rows = facts([
    ['valid until', moment(client.notAfter)],
    ['holds', holds(order, withKey)],
    ...(order.hosts.length === 0 ? [] : [['engines', order.hosts.map(({ url }) => url).join(' ')] as const]),
    ...written.map(
      ({ file }, index) => ['open with', opening({ order, client, withKey }, file, index)] as const,
    ),
  ]);
  return `${titles.join('')}${rows}${handOverWarning(order, withKey)}`;
}

function holds({ form }: BundleOrder, withKey: boolean): string {
  if (!withKey) return 'certificates only: the key is not here';
  const all = 'the CA certificate, the certificate and its private key';
  return form === 'folder' ? `${all}, scripts for the shells, contexts` : all;
}

/** What to heed when handing it over. */
export function handOverWarning(order: BundleOrder, withKey: boolean): string {
  if (!withKey) return '';
  return isLocked(order)
    ? 'A person who opens this file is root on the engines that trust it: send its secret by another way.\n'
    : 'A person who has this file is root on the engines that trust it: hand it over in private.\n';
}

/** Does it take a secret to open it? */
export function isLocked({ encrypt, recipients, form }: BundleOrder): boolean {
  return encrypt || recipients.length > 0 || form === 'p12';
}

type Opened = Pick<Packed, 'order' | 'client' | 'withKey'>;

function opening({ order, client, withKey }: Opened, file: string, index: number): string {
  const word = shellWord(file);
  if (!withKey) return `docker-mtls unbundle ${word} --key ${shellWord(`${client.name}-key.pem`)}`;
  if (order.form === 'p12')
    return `openssl pkcs12 -info -noout -in ${word}, or the program that it was made for`;
  if (order.encrypt || order.recipients.length > 0 || order.form === 'folder')
    return `docker-mtls unbundle ${word}`;
  if (order.form === 'context') {
    const host = order.hosts[index];
    return `docker context import ${host === undefined ? 'NAME' : contextNameOf(host)} ${word}`;
  }
  const folder = order.form === 'pwd' ? '/tmp/pwd-certs' : '~/.docker/engine';
  return `mkdir -p -m 700 ${folder} && tar -xzf ${word} -C ${folder}`;
}
