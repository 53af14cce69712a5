import fs from 'node:fs';
import path from 'node:path';
import { openBundle } from '@docker-mtls/bundle/open';
import { unlessRefused } from '@docker-mtls/errors';
import { readFile } from '@docker-mtls/files';
import { heldIn } from './certificate-in.ts';
import type { FoundCopy } from './copy.ts';

/** As `bundle` names what it writes. One that is locked tells nothing. */
const BUNDLE = /\.(?:tar\.gz|zip|dockercontext)$|^pwd-client-certs$/;

/** Where `ci export` writes when nobody says where, and what it makes there. */
const EXPORTS = ['.', 'docker-mtls-ci'];
const CREDENTIALS = 'credentials';

/** Bundles are smaller than that, and nobody keeps more of them in a folder. */
const LARGEST = 1024 * 1024;
const MOST = 100;

/** The bundles and exported credentials in a folder: where `bundle` and `ci export` write when nobody says where. */
export function copiesIn(folder: string): readonly FoundCopy[] {
  const bundles = filesIn(folder)
    .filter((name) => BUNDLE.test(name))
    .slice(0, MOST)
    .flatMap((name) => bundleAt(path.join(folder, name)));
  const exported = EXPORTS.map((out) => path.join(folder, out, CREDENTIALS)).flatMap((credentials) =>
    foldersIn(credentials)
      .slice(0, MOST)
      .flatMap((name) => credentialsAt(path.join(credentials, name))),
  );
  return [...bundles, ...exported];
}

function bundleAt(file: string): readonly FoundCopy[] {
  const data = contentOf(file);
  const { certificate, hasKey } = heldIn(data);
  if (certificate === undefined) return [];
  return [
    { kind: 'bundle', place: file, certificate, made: madeWith(file, data), secrets: hasKey ? [file] : [] },
  ];
}

/** The options of `bundle` that its layout and its engines come from. */
function madeWith(file: string, data: Buffer): readonly string[] {
  const opened = unlessRefused(() => openBundle(data, { now: 'any' }));
  if (opened === undefined || opened.layout === 'flat') return [];
  if (opened.layout === 'pwd') return ['--layout', 'pwd'];
  const hosts = opened.hosts.flatMap(({ url }) => ['--for', url.slice('tcp://'.length)]);
  if (opened.layout === 'context') return [...hosts, '--layout', 'context'];
  return file.endsWith('.zip') ? [...hosts, '--format', 'zip'] : hosts;
}

function credentialsAt(folder: string): readonly FoundCopy[] {
  const held = filesIn(folder)
    .slice(0, MOST)
    .map((name) => {
      const file = path.join(folder, name);
      return { file, ...heldIn(contentOf(file)) };
    });
  const certificate = held.find((each) => each.certificate !== undefined)?.certificate;
  const secrets = held.filter(({ hasKey }) => hasKey).map(({ file }) => file);
  return certificate === undefined ? [] : [{ kind: 'credentials', place: folder, certificate, secrets }];
}

function contentOf(file: string): Buffer {
  return unlessRefused(() => readFile(file, LARGEST)) ?? Buffer.alloc(0);
}

function filesIn(folder: string): readonly string[] {
  return entriesIn(folder).flatMap((entry) => (entry.isFile() ? [entry.name] : []));
}

function foldersIn(folder: string): readonly string[] {
  return entriesIn(folder).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));
}

/** Links are not followed: what they lead to is not where it seems to be. */
function entriesIn(folder: string): readonly fs.Dirent[] {
  try {
    return fs.readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}
