import type { Caller } from '@docker-mtls/errors';
import type { EngineCaller } from '../caller.ts';
import { HostError } from '../host-error.ts';
import type { LocalEngine } from '../local-engine.ts';

/** The plugin needs a unit of systemd for the engine, to be there before it. */
export function noUnit({ config }: LocalEngine): HostError {
  return new HostError('HOST_NO_SYSTEMD', `no engine that systemd runs here reads ${config}`, {
    hint: 'run docker-mtls authz serve, and edit authorization-plugins in daemon.json by hand',
  });
}

/** On whose behalf the plugin is changed: no pair comes with that, so none is put back. */
export function pluginCaller(caller: Caller): EngineCaller {
  return {
    ...caller,
    reinstate: () => {
      throw new Error('a change of the plugin has no pair');
    },
  };
}
