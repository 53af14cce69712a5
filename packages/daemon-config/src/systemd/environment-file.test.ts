import { expect, test } from '@jest/globals';
import { parseEnvironmentFile } from './environment-file.ts';

test.each([
  { name: 'a plain value', text: 'DOCKER_OPTS=--dns 8.8.8.8\n', value: '--dns 8.8.8.8' },
  {
    name: 'double quotes',
    text: 'DOCKER_OPTS="-H tcp://0.0.0.0:2375 --label a=b"',
    value: '-H tcp://0.0.0.0:2375 --label a=b',
  },
  { name: 'single quotes', text: "DOCKER_OPTS='a \\ \" b'\n", value: 'a \\ " b' },
  { name: 'space around it', text: '  DOCKER_OPTS  = \t a b \t\r\n', value: 'a b' },
  { name: 'quotes inside', text: 'DOCKER_OPTS=--label "a b"\n', value: '--label "a b"' },
  { name: 'pieces', text: `DOCKER_OPTS="a" 'b' c d\n`, value: 'abc d' },
  { name: 'escapes without quotes', text: String.raw`DOCKER_OPTS=a\ \\b\ ` + '\nX=1', value: 'a \\b ' },
  { name: 'escapes in double quotes', text: String.raw`DOCKER_OPTS="\"\\\$x\a"`, value: '"\\$x\\a' },
  { name: 'continued lines', text: 'DOCKER_OPTS=a \\\nb\n', value: 'a b' },
  { name: 'continued lines in quotes', text: 'DOCKER_OPTS="a \\\nb\nc"\n', value: 'a b\nc' },
  { name: 'the last one', text: 'DOCKER_OPTS=a\nDOCKER_OPTS=b\n', value: 'b' },
  { name: 'nothing', text: 'DOCKER_OPTS=\nX=1\n', value: '' },
  { name: 'no variable is replaced', text: 'DOCKER_OPTS=$X ${X}\n', value: '$X ${X}' },
  { name: 'comments', text: '#DOCKER_OPTS=a\n ;DOCKER_OPTS=b\n', value: undefined },
  { name: 'no comment behind a value', text: 'DOCKER_OPTS=a # b\n', value: 'a # b' },
  { name: 'export', text: 'export DOCKER_OPTS=a\n', value: undefined },
  { name: 'no equals sign', text: 'DOCKER_OPTS\n=a\nDOCKER_OPTS:b', value: undefined },
  { name: 'an open quote', text: 'DOCKER_OPTS="a\nb', value: 'a\nb' },
  { name: 'a backslash at the end', text: 'DOCKER_OPTS=a\\', value: 'a' },
])('$name', ({ text, value }) => {
  expect(parseEnvironmentFile(text).get('DOCKER_OPTS')).toBe(value);
});

test.each(['""'.repeat(300_000), '\\'.repeat(600_001), '"'.repeat(500_001), '= \n'.repeat(200_000)])(
  'hostile texts are read in good time',
  (text) => {
    expect(() => parseEnvironmentFile(`A=${text}`)).not.toThrow();
  },
);
