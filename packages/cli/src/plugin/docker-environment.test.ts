import { expect, test } from '@jest/globals';
import { withoutPluginVariables } from './docker-environment.ts';

test('of the attributes of a trace, those of others stay', () => {
  const mixed = { OTEL_RESOURCE_ATTRIBUTES: 'docker.cli.cobra.command_path=docker%20mtls,service.name=ci' };
  expect(withoutPluginVariables(mixed)).toMatchObject({ OTEL_RESOURCE_ATTRIBUTES: 'service.name=ci' });
  const own = { OTEL_RESOURCE_ATTRIBUTES: 'docker.cli.cobra.command_path=docker%20mtls' };
  expect(withoutPluginVariables(own)).toHaveProperty('OTEL_RESOURCE_ATTRIBUTES', undefined);
});
