import type { CommandSpec } from '../../command.ts';
import { BUNDLE_OPTIONS, CA_OPTIONS } from '../../options.ts';

export const bundle: CommandSpec = {
  name: 'bundle',
  summary: "Pack a client's files to hand over",
  positionals: [{ name: 'name', required: true, describe: 'Name of the client' }],
  options: {
    ...BUNDLE_OPTIONS,
    force: { type: 'boolean', describe: 'Replace an archive of that name' },
    ...CA_OPTIONS,
  },
  examples: [
    ['bundle alice', 'alice.tar.gz, which unpacks into a DOCKER_CERT_PATH'],
    ['bundle alice --layout pwd -o pwd-client-certs', 'File names as in Learn Docker in a Month of Lunches'],
  ],
  load: () => import('./run.ts'),
};
