import { describe, expect, test } from '@jest/globals';
import { readPluginCall } from './plugin-call.ts';

const PLUGIN = { DOCKER_CLI_PLUGIN_ORIGINAL_CLI_COMMAND: 'docker' };

/** The words and the environment of a run that docker asked for. */
function runOf(...argv: readonly string[]): { readonly words: readonly string[]; readonly change: object } {
  const call = readPluginCall(argv, PLUGIN);
  if (call?.kind !== 'run') throw new Error(`${argv.join(' ')} is no run`);
  return { words: call.words, change: call.change };
}

describe('what docker hands to its plugin', () => {
  test.each([
    ['mtls list --all', 'list --all'],
    ['-D --log-level warn mtls list', 'list'],
    ['-Dlwarn mtls list', 'list'],
    ['help mtls context create', 'help context create'],
    ['--help mtls context', 'help context'],
    ['--debug=false --help mtls list --all', 'help list'],
    ['-v mtls list', '--version'],
    ['--version=false mtls list', 'list'],
    ['-- mtls list -- mtls', 'list -- mtls'],
    ['mtls list -H x --help', 'list -H x --help'],
  ])('%s runs %s', (argv, words) => {
    expect(runOf(...argv.split(' ')).words).toEqual(words.split(' '));
  });

  test.each([
    ['--context node1', { DOCKER_CONTEXT: 'node1', DOCKER_HOST: undefined }],
    ['-cnode1', { DOCKER_CONTEXT: 'node1', DOCKER_HOST: undefined }],
    ['-Dc=node1', { DOCKER_CONTEXT: 'node1', DOCKER_HOST: undefined }],
    ['--context=a=b', { DOCKER_CONTEXT: 'a=b', DOCKER_HOST: undefined }],
    ['-H tcp://node1:2376', { DOCKER_HOST: 'tcp://node1:2376', DOCKER_CONTEXT: undefined }],
    ['-Htcp://node1:2376', { DOCKER_HOST: 'tcp://node1:2376', DOCKER_CONTEXT: undefined }],
    ['--config /srv/docker', { DOCKER_CONFIG: '/srv/docker' }],
    ['--tls --tlsverify=false', { DOCKER_TLS: '1', DOCKER_TLS_VERIFY: undefined }],
  ])('%s changes the environment', (flags, change) => {
    expect(runOf(...flags.split(' '), 'mtls', 'list').change).toEqual(change);
  });

  test.each([
    ['-H a -H b', '--host was given more than once'],
    ['-H a -c b', '--host and --context exclude each other'],
    ['--tlskey k', "docker's option --tlskey has no effect on docker mtls"],
    ['--frob', 'docker has no global option --frob'],
  ])('%s is refused', (flags, message) => {
    expect(() => runOf(...flags.split(' '), 'mtls', 'list')).toThrow(
      expect.objectContaining({ name: 'UsageError', message }),
    );
  });

  test.each([
    ['__complete', true],
    ['__completeNoDesc', false],
  ])('%s asks for completion', (verb, described) => {
    const call = { kind: 'complete', words: ['context', ''], described };
    expect(readPluginCall([verb, 'mtls', 'context', ''], PLUGIN)).toEqual(call);
  });
});

test.each(['list', 'show mtls', '--context mtls', 'context create mtls'])(
  "the command line %s that another plugin started is not taken for docker's",
  (argv) => {
    expect(readPluginCall(argv.split(' '), PLUGIN)).toBeUndefined();
  },
);

test('without the variable of docker there is no plugin', () => {
  expect(readPluginCall(['mtls', 'list'], {})).toBeUndefined();
});
