import { describe, expect, test } from '@jest/globals';
import { privateFolder, publicText, type ArchiveEntry } from '../archive/entry.ts';
import { readArchive } from '../archive/read-archive.ts';
import { writeTar } from '../archive/write-tar.ts';
import { writeZip } from '../archive/write-zip.ts';
import { packDockerContext, readDockerContext, type DockerContext } from './context-archive.ts';

const CONTEXT: DockerContext = {
  name: 'prod',
  description: 'x',
  host: 'tcp://10.0.0.1:2376',
  skipTlsVerify: false,
  otherMetadata: {},
  otherEndpoints: {},
  tls: { ca: Buffer.from('ca'), certificate: Buffer.from('cert'), key: Buffer.from('key') },
};
const PLAIN: DockerContext = { ...CONTEXT, host: 'ssh://u@h', tls: {} };
const META = publicText('meta.json', '{"Name":"prod"}');

describe('an exported context', () => {
  test.each([
    { what: 'with certificates', context: CONTEXT },
    { what: 'without', context: PLAIN },
    { what: 'with a CA only', context: { ...CONTEXT, tls: { ca: Buffer.from('ca') } } },
  ])('$what is read back', ({ context }) => {
    expect(readDockerContext(packDockerContext(context))).toEqual(context);
  });

  test('keeps its certificates and key private to the user who unpacks it', () => {
    const { files } = readArchive(packDockerContext(CONTEXT));
    const modes = files.map(({ path, mode }) => [path, mode.toString(8)]);
    expect(modes).toEqual([
      ['meta.json', '644'],
      ['tls/docker/ca.pem', '600'],
      ['tls/docker/cert.pem', '600'],
      ['tls/docker/key.pem', '600'],
    ]);
  });

  // Docker's own exports: no end of the archive, and no padding of the last file.
  test.each([
    { what: 'with certificates', context: CONTEXT, cut: 1024 + 512 - 3 },
    { what: 'with a CA only', context: { ...CONTEXT, tls: { ca: Buffer.from('ca') } }, cut: 1024 },
    { what: 'without', context: PLAIN, cut: 1024 },
  ])('$what is read without the end of the archive', ({ context, cut }) => {
    const whole = packDockerContext(context);
    expect(readDockerContext(whole.subarray(0, whole.length - cut))).toEqual(context);
  });

  // Behind the folder `tls` and behind ca.pem it looks like the CLI's own export of a context without certificates.
  test('cut at any other block, it is told to be cut', () => {
    const whole = packDockerContext(CONTEXT);
    const blocks = (whole.length - 1024) / 512 - 1;
    for (let length = 1; length <= blocks; length++) {
      if (length === 3 || length === 6) continue;
      expect(() => readDockerContext(whole.subarray(0, length * 512))).toThrow(
        expect.objectContaining({ code: 'BUNDLE_ARCHIVE_TRUNCATED' }),
      );
    }
  });

  test('a zip is read too', () => {
    expect(readDockerContext(writeZip([META]))).toMatchObject({ name: 'prod', tls: {} });
  });

  const strangers: readonly (readonly [string, readonly ArchiveEntry[]])[] = [
    ['a script', [META, publicText('env.sh', '')]],
    ['another endpoint', [META, publicText('tls/kubernetes/ca.pem', '')]],
    ['another file', [META, publicText('tls/docker/ca.pem.bak', '')]],
    ['no meta.json', [privateFolder('tls'), publicText('tls/docker/ca.pem', '')]],
    ['nothing', []],
  ];
  test.each(strangers)('one with %s is refused', (_, entries) => {
    expect(() => readDockerContext(writeTar(entries))).toThrow(
      expect.objectContaining({ code: 'BUNDLE_CONTEXT_INVALID' }),
    );
  });
});
