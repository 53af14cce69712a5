import type { PackedClient } from '@docker-mtls/authority/bundles';
import type { Report } from '../../command-line/command.ts';
import { counted } from '@docker-mtls/text';
import type { BundleWords } from './order.ts';
import { isLocked, handOverWarning } from './report.ts';

type PackedList = {
  readonly words: BundleWords;
  readonly folder: string;
  readonly packed: readonly PackedClient[];
};

/** What was issued, packed and kept for the clients of a list, and where it is. */
export function bundleListReport({ words, folder, packed }: PackedList): Report {
  const json = {
    folder,
    layout: words.form,
    hosts: words.hosts.map(({ url }) => url),
    encrypted: isLocked(words),
    names: packed.length,
    issued: packed.filter(({ issued }) => issued).length,
    written: packed.filter(({ written }) => written).length,
    files: packed.map(fileJson),
  };
  return {
    json,
    text:
      describe(folder, packed) +
      handOverWarning(
        words,
        packed.some(({ withKey }) => withKey),
      ),
  };
}

function fileJson({ withKey, notAfter, ...packed }: PackedClient): Record<string, unknown> {
  return { ...packed, notAfter: notAfter.toISOString(), withKey };
}

function describe(folder: string, packed: readonly PackedClient[]): string {
  const count = (is: (client: PackedClient) => boolean): number => packed.filter(is).length;
  const written = count((client) => client.written);
  const rows = [
    `Packed ${counted(written, 'bundle', 'bundles')} into ${folder}\n`,
    ...line(
      packed.length - written,
      'was there already, with the same in it',
      'were there already, with the same in them',
    ),
    ...line(
      count(({ issued }) => issued),
      'pair was issued',
      'pairs were issued',
    ),
    ...line(
      count(({ withKey }) => !withKey),
      'holds certificates only',
      'hold certificates only',
    ),
  ];
  return rows.join('');
}

function line(count: number, one: string, many: string): readonly string[] {
  return count === 0 ? [] : [`  ${counted(count, one, many)}\n`];
}
