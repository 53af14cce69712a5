import { createPrivateKey } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { encryptPrivateKey, readCertificate, readKeyPair, toPem } from '@docker-mtls/ca';
import { describeNeeding } from '../../../../test/support/describe-needing.ts';
import { cliNeeds, docker, DOCKER_CLIS } from '../../../../test/support/docker-cli.ts';
import type { EngineVersion } from '../../../../test/support/engine-install.ts';
import { freePort } from '../../../../test/support/free-port.ts';
import { temporaryFolder } from '../../../../test/support/temp.ts';
import { issuePair, makeAuthority } from '../../../../test/support/test-ca.ts';
import { contextId } from '../store/paths.ts';
import { readContext } from '../store/read-contexts.ts';
import { createContext } from '../store/write-contexts.ts';
import { parseContextTls } from './read-tls.ts';

const CA = makeAuthority('our CA', 'ec-p256');
const OTHER_CA = makeAuthority('another CA', 'rsa-2048');
const EC = issuePair(CA.authority, 'client', { name: 'alice' });
const RSA = issuePair(CA.authority, 'client', { name: 'bob', keyType: 'rsa-2048' });

type Kind = 'ca' | 'cert' | 'key';
type Files = Readonly<Record<Kind, Buffer | undefined>>;
type Mutant = { readonly what: string; readonly files: Files };

function filesOf(ca: string, { certificate, key }: typeof EC): Record<Kind, Buffer> {
  return { ca: Buffer.from(ca), cert: Buffer.from(certificate), key: Buffer.from(key) };
}

const BASES: readonly Record<Kind, Buffer>[] = [filesOf(CA.pem, EC), filesOf(CA.pem + OTHER_CA.pem, RSA)];
const KINDS: readonly Kind[] = ['ca', 'cert', 'key'];

const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');

/** The first label and body, and the lines between BEGIN and END. */
function labelOf(pem: string): string {
  return /-----BEGIN ([^-]*)-----/.exec(pem)?.[1] ?? '';
}

/** What may happen to a PEM file on its way: each changes the text of any of the three. */
const EDITS: Readonly<Record<string, (pem: string) => string>> = {
  'as it is': (pem) => pem,
  'a byte order mark': (pem) => `\xef\xbb\xbf${pem}`,
  'a byte order mark on a line of its own': (pem) => `\xef\xbb\xbf\n${pem}`,
  'a blank before BEGIN': (pem) => ` ${pem}`,
  'text before BEGIN': (pem) => `x${pem}`,
  'a NUL before BEGIN': (pem) => `\0${pem}`,
  'text around it': (pem) => `subject=x\n${pem}bye\n`,
  CRLF: (pem) => pem.replaceAll('\n', '\r\n'),
  'CR alone': (pem) => pem.replaceAll('\n', '\r'),
  CRCRLF: (pem) => pem.replaceAll('\n', '\r\r\n'),
  'blanks at the ends of lines': (pem) => pem.replaceAll('\n', '  \n'),
  'tabs and CRLF': (pem) => pem.replaceAll('\n', '\t\r\n'),
  'CR before blanks': (pem) => pem.replaceAll('\n', '\r \n'),
  'vertical tabs at the ends of lines': (pem) => pem.replaceAll('\n', '\v\n'),
  'no-break spaces at the ends of lines': (pem) => pem.replaceAll('\n', '\xc2\xa0\n'),
  'no line end at the end': (pem) => pem.trimEnd(),
  'blank lines in the body': (pem) => pem.replace(/(-----\n.{64}\n)/, '$1\n\n'),
  'blanks in the body': (pem) => pem.replace(/(-----\n.{10})/, '$1 \t '),
  'one long line': (pem) =>
    pem.replace(
      /-----\n([^-]+)\n-----END/,
      (_, body: string) => `-----\n${body.replaceAll('\n', '')}\n-----END`,
    ),
  'indented lines': (pem) =>
    pem.replace(
      /-----\n([^-]+)\n-----END/,
      (_, body: string) => `-----\n${body.replaceAll(/^/gm, '  ')}\n-----END`,
    ),
  'an indented END': (pem) => pem.replace('-----END', ' -----END'),
  'four dashes at BEGIN': (pem) => pem.replace(/-----\n/, '----\n'),
  'six dashes at END': (pem) => pem.replace(/(-----END [^-]*-----)/, '$1-'),
  'text after END': (pem) => pem.replace(/(-----END [^-]*-----)/, '$1 x'),
  'another END': (pem) => pem.replace(/-----END [^-]*-----/, '-----END X-----'),
  'a label in small letters': (pem) => pem.replaceAll(labelOf(pem), labelOf(pem).toLowerCase()),
  'a label with a blank': (pem) => pem.replaceAll(`${labelOf(pem)}-----`, `${labelOf(pem)} -----`),
  'the label TRUSTED CERTIFICATE': (pem) => pem.replaceAll(labelOf(pem), 'TRUSTED CERTIFICATE'),
  'the label X509 CERTIFICATE': (pem) => pem.replaceAll(labelOf(pem), 'X509 CERTIFICATE'),
  'the label FOO PRIVATE KEY': (pem) => pem.replaceAll(labelOf(pem), 'FOO PRIVATE KEY'),
  'the label RSA PRIVATE KEY': (pem) => pem.replaceAll(labelOf(pem), 'RSA PRIVATE KEY'),
  'the label ENCRYPTED PRIVATE KEY': (pem) => pem.replaceAll(labelOf(pem), 'ENCRYPTED PRIVATE KEY'),
  'a header': (pem) => pem.replace('-----\n', '-----\na: b\n\n'),
  'a header without a blank line': (pem) => pem.replace('-----\n', '-----\na: b\n'),
  'a DEK-Info': (pem) => pem.replace('-----\n', '-----\nDEK-Info: AES-128-CBC,00\n\n'),
  'a Proc-Type': (pem) => pem.replace('-----\n', '-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: x,00\n\n'),
  'a comment in the body': (pem) => pem.replace(/(-----\n.{64}\n)/, '$1# comment\n'),
  'a colon in the body': (pem) => pem.replace(/(-----\n.{64}\n)/, '$1a:b\n'),
  'the URL alphabet': (pem) => pem.replaceAll('+', '_').replaceAll(/(?<=\n.*)\/(?=.*\n)/g, '_'),
  'no padding': (pem) => pem.replaceAll('=', ''),
  'too much padding': (pem) => pem.replace(/\n-----END/, '=\n-----END'),
  'a letter less': (pem) => pem.replace(/(-----\n.{9})./, '$1'),
  'a letter that is not base64': (pem) => pem.replace(/(-----\n.{9})./, '$1*'),
  'an unfinished block before it': (pem) => `-----BEGIN CERTIFICATE-----\nAAAA\n${pem}`,
  'an empty block before it': (pem) => `-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n${pem}`,
  'a broken block before it': (pem) =>
    `-----BEGIN ${labelOf(pem)}-----\nAAAA\n-----END ${labelOf(pem)}-----\n${pem}`,
  'a broken block after it': (pem) =>
    `${pem}-----BEGIN ${labelOf(pem)}-----\nAAAA\n-----END ${labelOf(pem)}-----\n`,
  'EC PARAMETERS before it': (pem) => `${toPem('EC PARAMETERS', Buffer.of(5, 0))}${pem}`,
  'a certificate before it': (pem) => OTHER_CA.pem + pem,
  'a certificate after it': (pem) => pem + OTHER_CA.pem,
  'another key before it': (pem) => OTHER_CA.key + pem,
  'another key after it': (pem) => pem + OTHER_CA.key,
  'itself twice': (pem) => pem + pem,
  'itself twice without a line end': (pem) => pem.trimEnd() + pem,
  'an encrypted key before it': (pem) => encryptPrivateKey(readKeyPair(EC.key), 'x') + pem,
  'a BEGIN in the body': (pem) => pem.replace(/(-----\n.{64}\n)/, '$1-----BEGIN X-----\n'),
  'the two characters \\n': (pem) => pem.replaceAll('\n', String.raw`\n`),
  'only its first half': (pem) => pem.slice(0, pem.length / 2),
  'only its second half': (pem) => pem.slice(pem.length / 2),
  nothing: () => '',
  'octets after the end of its DER': (pem) => reencoded(pem, (der) => Buffer.concat([der, Buffer.of(0)])),
  'DER that is cut short': (pem) => reencoded(pem, (der) => der.subarray(0, -1)),
};

function reencoded(pem: string, change: (der: Buffer) => Buffer): string {
  const [, label = '', body = '', rest = ''] =
    /^-----BEGIN ([^-]*)-----\n([^-]*)-----END [^-]*-----\n(.*)$/s.exec(pem) ?? [];
  return toPem(label, change(Buffer.from(body, 'base64'))) + rest;
}

function edited(): readonly Mutant[] {
  return BASES.flatMap((base, index) =>
    KINDS.flatMap((kind) =>
      Object.entries(EDITS).map(([what, edit]) => ({
        what: `pair ${index}, ${kind}.pem with ${what}`,
        files: { ...base, [kind]: latin1(edit(base[kind].toString('latin1'))) },
      })),
    ),
  );
}

/** One octet of a certificate's DER changed, where Go looks before anybody verifies a signature. */
function withOctet(pem: Buffer, at: (der: Buffer) => number, octet: number): Buffer {
  const der = Buffer.from(readCertificate(pem).der);
  der.writeUInt8(octet, at(der));
  return Buffer.from(toPem('CERTIFICATE', der));
}

function lastOfKey(pem: Buffer): (der: Buffer) => number {
  const { publicKey } = readCertificate(pem).info;
  return (der) => der.indexOf(publicKey) + publicKey.length - 1;
}

const [FIRST, SECOND] = BASES as readonly [Record<Kind, Buffer>, Record<Kind, Buffer>];

function keyAs(type: 'pkcs1' | 'sec1', pem: Buffer): Buffer {
  return Buffer.from(createPrivateKey(pem).export({ type, format: 'pem' }));
}

const WHOLE_FILES: readonly Mutant[] = [
  { what: 'no ca.pem', files: { ...FIRST, ca: undefined } },
  { what: 'no cert.pem', files: { ...FIRST, cert: undefined } },
  { what: 'no key.pem', files: { ...FIRST, key: undefined } },
  { what: 'no cert.pem, and a key.pem of text', files: { ...FIRST, cert: undefined, key: latin1('x') } },
  { what: 'no files', files: { ca: undefined, cert: undefined, key: undefined } },
  { what: 'the key of another', files: { ...FIRST, key: SECOND.key } },
  { what: 'a SEC1 key', files: { ...FIRST, key: keyAs('sec1', FIRST.key) } },
  { what: 'a PKCS#1 key', files: { ...SECOND, key: keyAs('pkcs1', SECOND.key) } },
  {
    what: 'an encrypted key',
    files: { ...FIRST, key: Buffer.from(encryptPrivateKey(readKeyPair(EC.key), 'x')) },
  },
  {
    what: 'certificate and key in both files',
    files: {
      ...FIRST,
      cert: Buffer.concat([FIRST.key, FIRST.cert]),
      key: Buffer.concat([FIRST.cert, FIRST.key]),
    },
  },
  ...(['ca', 'cert'] as const).flatMap((kind): readonly Mutant[] => [
    {
      what: `a point off its curve in ${kind}.pem`,
      files: { ...FIRST, [kind]: withOctet(FIRST[kind], lastOfKey(FIRST[kind]), 0x5a) },
    },
    {
      what: `a name that is not a string in ${kind}.pem`,
      files: { ...FIRST, [kind]: withOctet(FIRST[kind], (der) => der.indexOf('our CA') - 2, 0x0d) },
    },
  ]),
  { what: 'UTF-16', files: { ...FIRST, ca: Buffer.from(`\ufeff${CA.pem}`, 'utf16le') } },
  { what: 'a CA in DER', files: { ...FIRST, ca: CA.authority.certificate.der } },
];

/** A generator that gives the same numbers in each run. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const CHARACTERS = [
  '\n',
  '\r',
  ' ',
  '\t',
  '-',
  ':',
  '=',
  'A',
  '/',
  '\0',
  '\xa0',
  '-----BEGIN ',
  '-----END ',
  '-----\n',
];

/** One to three insertions, deletions or changes, anywhere in one of the files. */
function randomly(count: number): readonly Mutant[] {
  const pick = random(20_26);
  return Array.from({ length: count }, (_, index) => {
    const kind = KINDS[pick(3)] ?? 'ca';
    const base = BASES[pick(2)] ?? FIRST;
    let text = base[kind].toString('latin1');
    for (let edits = 1 + pick(3); edits > 0; edits -= 1) {
      const at = pick(text.length + 1);
      const part = CHARACTERS[pick(CHARACTERS.length)] ?? '';
      text = text.slice(0, at) + (pick(4) === 0 ? '' : part) + text.slice(at + pick(3));
    }
    return { what: `random edit ${index} of ${kind}.pem`, files: { ...base, [kind]: latin1(text) } };
  });
}

const MUTANTS: readonly Mutant[] = [...edited(), ...WHOLE_FILES, ...randomly(120)];

/**
 * Where the verdict here is stricter than the CLI's, and why: a key whose label says that it is encrypted is taken at its
 * word, and octets that were changed may still parse in Go, but no CA has signed them and no engine accepts them.
 */
const STRICTER = /key is encrypted|cannot be read|cannot be used/;

const SLOW = 300_000;

describe('readTls', () => {
  let port: number;
  beforeAll(async () => {
    port = await freePort();
  });

  test('is tried with at least 300 files', () => {
    expect(new Set(MUTANTS.map(({ files }) => JSON.stringify(files))).size).toBeGreaterThan(300);
  });

  describe.each(DOCKER_CLIS)('and the docker command (%s)', (version) => {
    describeNeeding(cliNeeds(version), 'judge files alike', () => {
      test(
        'all of them where it is the installed one, else a sample',
        async () => {
          const isSample = version !== 'installed';
          const files = isSample ? MUTANTS.filter((_, index) => index % 9 === 0) : MUTANTS;
          expect(await differences(files, version, port)).toEqual([]);
        },
        SLOW,
      );
    });
  });
});

async function differences(
  mutants: readonly Mutant[],
  version: EngineVersion,
  port: number,
): Promise<readonly string[]> {
  const found: string[] = [];
  let stricter = 0;
  const queue = [...mutants];
  const worker = async (): Promise<void> => {
    for (let mutant = queue.pop(); mutant !== undefined; mutant = queue.pop()) {
      const home = homeWith(mutant.files, port);
      const ours = parseContextTls(readContext(path.join(home, '.docker'), 'node1').tls);
      const { stderr } = await docker(['--context', 'node1', 'version'], { home, version });
      const isAccepted = /Cannot connect to the Docker daemon|connection refused/.test(stderr);
      if (isAccepted === (typeof ours !== 'string')) continue;
      if (isAccepted && STRICTER.test(String(ours))) stricter += 1;
      else found.push(`${mutant.what}: ${typeof ours === 'string' ? ours : 'accepted'}, docker: ${stderr}`);
    }
  };
  await Promise.all([worker(), worker()]);
  // More than a few would mean that the reason above is not the true one.
  if (stricter > mutants.length / 50) found.push(`stricter than docker ${stricter} times`);
  return found;
}

function homeWith(files: Files, port: number): string {
  const home = temporaryFolder();
  const directory = path.join(home, '.docker');
  createContext(directory, {
    name: 'node1',
    host: `tcp://127.0.0.1:${port}`,
    tls: { ca: Buffer.from(CA.pem) },
  });
  const folder = path.join(directory, 'contexts/tls', contextId('node1'), 'docker');
  fs.rmSync(path.join(folder, 'ca.pem'));
  for (const kind of KINDS) {
    const data = files[kind];
    if (data !== undefined) fs.writeFileSync(path.join(folder, `${kind}.pem`), data);
  }
  return home;
}
