import { expect, test } from '@jest/globals';
import { args, fakeIo } from '../../testing/fake-io.ts';
import { caDirectory } from './ca-directory.ts';

test.each([
  { why: 'the option', words: { 'ca-dir': '/a' }, env: { DOCKER_MTLS_CA_DIR: '/b' }, expected: '/a' },
  { why: 'the option, from here', words: { 'ca-dir': 'a/../b' }, env: {}, expected: '/work/b' },
  { why: 'the environment', words: {}, env: { DOCKER_MTLS_CA_DIR: '/b', HOME: '/h' }, expected: '/b' },
  { why: 'the environment, from here', words: {}, env: { DOCKER_MTLS_CA_DIR: 'b' }, expected: '/work/b' },
  {
    why: 'the XDG data folder',
    words: {},
    env: { XDG_DATA_HOME: '/x', HOME: '/h' },
    expected: '/x/docker-mtls',
  },
  {
    why: 'the home, where XDG is relative',
    words: {},
    env: { XDG_DATA_HOME: 'x', HOME: '/h' },
    expected: '/h/.local/share/docker-mtls',
  },
  {
    why: 'the home, where all else is empty',
    words: {},
    env: { DOCKER_MTLS_CA_DIR: '', XDG_DATA_HOME: '', HOME: '/h' },
    expected: '/h/.local/share/docker-mtls',
  },
  {
    why: 'the home of Windows',
    words: {},
    env: { HOME: '', USERPROFILE: '/u' },
    expected: '/u/.local/share/docker-mtls',
  },
])('$why: $expected', ({ words, env, expected }) => {
  expect(caDirectory(args(words), fakeIo({ env }))).toBe(expected);
});

test('without a home it asks for the option', () => {
  expect(() => caDirectory(args(), fakeIo({ env: { HOME: '' } }))).toThrow(
    expect.objectContaining({ name: 'UsageError', hint: 'name a folder with --ca-dir' }),
  );
});
