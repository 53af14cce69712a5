import type { CommandSpec } from '../../command-line/command.ts';
import { CA_OPTIONS } from '../../command-line/options.ts';

export const show: CommandSpec = {
  name: 'show',
  summary: 'Explain a certificate in words',
  positionals: [
    {
      name: 'what',
      required: true,
      describe: 'Name, serial number (or its first digits), or a file (PEM or DER)',
    },
  ],
  options: {
    all: { type: 'boolean', describe: 'Also what served a proof under that name' },
    ...CA_OPTIONS,
  },
  examples: [
    ['show alice', "alice's certificate"],
    ['show /etc/docker/server-cert.pem', 'Any certificate, of any issuer'],
  ],
  load: async () => (await import('../code/others.ts')).show,
};
