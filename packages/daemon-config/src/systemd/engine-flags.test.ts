import { describe, expect, test } from '@jest/globals';
import { parseEngineFlags, separateEngineFlags } from './engine-flags.ts';

describe('parseEngineFlags', () => {
  test.each([
    { text: '-H fd://', name: 'host', value: 'fd://', count: 2 },
    { text: '-H=fd://', name: 'host', value: 'fd://', count: 1 },
    { text: '-Hfd://', name: 'host', value: 'fd://', count: 1 },
    { text: '--host fd://', name: 'host', value: 'fd://', count: 2 },
    { text: '--host=a=b', name: 'host', value: 'a=b', count: 1 },
    { text: '--host=', name: 'host', value: '', count: 1 },
    { text: '-H -x', name: 'host', value: '-x', count: 2 },
    { text: '-H', name: 'host', value: undefined, count: 1 },
    { text: '-D x', name: 'debug', value: undefined, count: 1 },
    { text: '--debug=false', name: 'debug', value: 'false', count: 1 },
    { text: '--tlsverify -H', name: 'tlsverify', value: undefined, count: 1 },
    { text: '--from-the-future x', name: 'from-the-future', value: 'x', count: 2 },
    { text: '--from-the-future --debug', name: 'from-the-future', value: undefined, count: 1 },
  ])('$text', ({ text, name, value, count }) => {
    const [flag] = parseEngineFlags(text.split(' '));
    expect(flag).toEqual({ name, value, arguments: Array.from({ length: count }, (_, n) => n) });
  });

  test('finds each flag in its place', () => {
    const args = ['-H', 'fd://', 'stray', '--containerd=/run/c.sock', '-l', 'info', '-D'];
    expect(parseEngineFlags(args).map(({ name, arguments: places }) => [name, ...places])).toEqual([
      ['host', 0, 1],
      ['containerd', 3],
      ['log-level', 4, 5],
      ['debug', 6],
    ]);
  });

  test('refuses to guess at several flags in one', () => {
    expect(() => parseEngineFlags(['-DH', 'fd://'])).toThrow(
      expect.objectContaining({ code: 'DAEMON_CONFIG_UNIT' }),
    );
  });
});

describe('separateEngineFlags', () => {
  test.each([
    ['-DH fd://', '-D -H fd://'],
    ['-DHfd://', '-D -Hfd://'],
    ['-DH=fd:// -D', '-D -H=fd:// -D'],
    ['-vDHunix:///x', '-v -D -Hunix:///x'],
    ['-H -DH fd://', '-H -DH fd://'],
    ['-D=false --debug -lDH', '-D=false --debug -lDH'],
    ['- -- stray', '- -- stray'],
  ])('writes %s as %s', (args, words) => {
    expect(separateEngineFlags(args.split(' '))).toEqual(words.split(' '));
  });
});
