import { expect, test } from '@jest/globals';
import { parseDaemonConfig } from './document.ts';
import type { DaemonConfigDocument } from './document.ts';
import { readEngineFiles, withEngineFiles } from './engine-files.ts';

const parse = (text: string): DaemonConfigDocument => parseDaemonConfig(Buffer.from(text));
const OTHER = { ca: '/b/ca.pem', certificate: '/b/c"1".pem', key: '/b/k.pem' };

test('are those that daemon.json names', () => {
  const document = parse(
    '{"tlscert": "/a/c.pem", "debug": true, "tlscacert": "/a/ca.pem", "tlskey": "/a/k.pem"}',
  );
  expect(readEngineFiles(document)).toEqual({ ca: '/a/ca.pem', certificate: '/a/c.pem', key: '/a/k.pem' });
});

test.each([
  '{}',
  '{"tlscert": "/a/c.pem", "tlskey": "/a/k.pem"}',
  '{"tlscert": "/a/c.pem", "tlskey": null, "tlscacert": "/a/ca.pem"}',
])('are unknown where one is missing: %s', (text) => {
  expect(readEngineFiles(parse(text))).toBeUndefined();
});

test('give way to others, and nothing else changes', () => {
  const text =
    '\ufeff{\r\n\t"tlskey" :"/a/k.pem", "log-opts": {"tlscert": "x"},\r\n"tlscacert":"/a/ca.pem","tlscert":"/a/c.pem"}\n';
  expect(withEngineFiles(parse(text), OTHER)).toBe(
    text
      .replace('/a/k.pem', '/b/k.pem')
      .replace('/a/ca.pem', '/b/ca.pem')
      .replace('/a/c.pem', '/b/c\\"1\\".pem'),
  );
});
