import type { CiCredentials } from './ci-credentials.ts';

/**
 * Secret files for Jenkins' Configuration as Code plugin. The snippet reads them from where Jenkins' controller finds
 * them; no key is in it.
 */
export function renderJcasc({ client, engine, notAfter }: CiCredentials, ids: readonly string[]): string {
  const use = engine === undefined ? '' : ` for ${engine.environment}`;
  const until = notAfter.toISOString().slice(0, 10);
  return `# Docker client ${client}${use}, good until ${until}. Configuration as Code, with the plugin Plain Credentials.
#
# The controller reads the files from /run/secrets when it starts, or when the configuration is reloaded: put them there
# (a Docker or Kubernetes secret), readable by Jenkins alone, and change the paths if yours are elsewhere.
#
# Scope GLOBAL of the system's store means: every job of this controller may use them. Configuration as Code knows no
# narrower store. Where not every job is trusted, leave this file out, and add the three as secret files with the same
# ids in the credentials of a folder that holds the deploying job alone.
credentials:
  system:
    domainCredentials:
      - credentials:
${ids.map((id) => secretFile(id, `Docker client ${client}${use}`)).join('')}`;
}

function secretFile(id: string, description: string): string {
  return `          - file:
              scope: GLOBAL
              id: '${id}'
              fileName: '${id}'
              description: '${description}'
              secretBytes: '\${readFileBase64:/run/secrets/${id}}'
`;
}
