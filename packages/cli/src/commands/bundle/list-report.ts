import type { BundleFiles } from '@docker-mtls/bundle';
import type { Report } from '../../command-line/command.ts';
import { counted } from '@docker-mtls/text';
import type { BundleOrder } from './order.ts';
import { isLocked, handOverWarning } from './report.ts';

/** A client's pair that is to be packed. */
export type PairToPack = {
  readonly name: string;
  readonly files: BundleFiles;
  readonly serial: string;
  readonly notAfter: Date;
  /** By this run. */
  readonly issued: boolean;
};

export type PackedClient = PairToPack & {
  readonly file: string;
  readonly bytes: number;
  /** Not so when the file held the same already. */
  readonly written: boolean;
};

type PackedList = {
  readonly order: BundleOrder;
  readonly folder: string;
  readonly packed: readonly PackedClient[];
};

/** What was issued, packed and kept for the clients of a list, and where it is. */
export function bundleListReport({ order, folder, packed }: PackedList): Report {
  const json = {
    folder,
    layout: order.form,
    hosts: order.hosts.map(({ url }) => url),
    encrypted: isLocked(order),
    names: packed.length,
    issued: packed.filter(({ issued }) => issued).length,
    written: packed.filter(({ written }) => written).length,
    files: packed.map(fileJson),
  };
  return { json, text: describe(folder, packed) + handOverWarning(order, packed.some(hasKey)) };
}

function fileJson({ files, notAfter, ...packed }: PackedClient): Record<string, unknown> {
  return { ...packed, notAfter: notAfter.toISOString(), withKey: files.key !== undefined };
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
      count((client) => !hasKey(client)),
      'holds certificates only',
      'hold certificates only',
    ),
  ];
  return rows.join('');
}

function line(count: number, one: string, many: string): readonly string[] {
  return count === 0 ? [] : [`  ${counted(count, one, many)}\n`];
}

function hasKey({ files }: PackedClient): boolean {
  return files.key !== undefined;
}
