import { shellWord } from '@docker-mtls/errors';
import { contextNameOf } from '../context/context-name.ts';
import { isoDate, type BundleFacts } from './bundle-facts.ts';

export type ReadmeOptions = {
  readonly hasKey: boolean;
  /** The file of each host's context, in the order of the hosts; none where there is no key to put into it. */
  readonly contextFiles: readonly string[];
};

/** The bundle's README: for a reader who has never heard of docker-mtls. */
export function readme(facts: BundleFacts, { hasKey, contextFiles }: ReadmeOptions): string {
  const sections = [
    about(facts),
    hasKey ? KEEP : NO_KEY,
    use(facts),
    check(facts),
    ...(contextFiles.length === 0 ? [] : [contexts(facts, contextFiles)]),
  ];
  return `${sections.join('\n\n')}\n`;
}

function about({ client, hosts, serial, notAfter, fingerprint }: BundleFacts): string {
  return `Docker access for ${client}
${'='.repeat(`Docker access for ${client}`.length)}

Engines:      ${hosts.map(({ url }) => url).join('\n              ')}
Valid until:  ${isoDate(notAfter)}
Serial:       ${serial}
Fingerprint:  ${fingerprint.toUpperCase().match(/../g)?.join(':') ?? ''} (SHA-256)`;
}

const KEEP = `key.pem is a password: a person who has it is you, and an engine's user is as good as root on its host.
Keep this folder to yourself, and delete the archive that it came in.`;

const NO_KEY = `The key is not in here: copy the key.pem that you made with your request into this folder first.
A person who has it is you, and an engine's user is as good as root on its host.`;

function use({ hosts }: BundleFacts): string {
  return `Use it in one terminal
----------------------

  bash, zsh, sh:   . ./env.sh
  fish:            source env.fish
  PowerShell:      . .\\env.ps1
  cmd:             env.cmd

and "deactivate" (cmd: "env.cmd deactivate") puts everything back. The scripts choose ${hosts[0].url};
set DOCKER_HOST to another engine of the list above to use that one.`;
}

function check({ hosts }: BundleFacts): string {
  return `Check it
--------

  docker --host ${shellWord(hosts[0].url)} --tlsverify --tlscacert ca.pem --tlscert cert.pem --tlskey key.pem version`;
}

function contexts({ hosts }: BundleFacts, files: readonly string[]): string {
  const imports = hosts.map((host, i) => `  docker context import ${contextNameOf(host)} ${files[i] ?? ''}`);
  return `Keep it as a context
--------------------

${imports.join('\n')}

and then "docker --context ${contextNameOf(hosts[0])} …" for one command, "DOCKER_CONTEXT=${contextNameOf(hosts[0])}" for one
terminal, or "docker context use ${contextNameOf(hosts[0])}" for all of them.`;
}
