import { shellWord } from '@docker-mtls/errors';
import type { CiCredentials } from './ci-credentials.ts';

/** What is in a folder of credentials for Jenkins, and where it goes. */
export function jenkinsReadme(credentials: CiCredentials, ids: readonly string[]): string {
  const { engine } = credentials;
  const variable =
    engine === undefined ? 'the engine' : `${engine.environment.toUpperCase().replaceAll('-', '_')}_ENGINE`;
  return `${heading(credentials, 'Jenkins')}
Jenkins keeps three **secret files**, with these ids:

${ids.map((id) => `- \`${id}\`\n`).join('')}
In the credentials of a **folder** that holds the deploying job alone: Folder, Credentials, Add, kind "Secret file", the
id as above. Only jobs in that folder can then use them.

Or with Configuration as Code, for every job of the controller: \`jenkins.yaml\`.
${engine === undefined ? '' : `\nIn the Jenkinsfile, set ${variable} to \`${engine.url}\`.\n`}${closing(credentials, 'jenkins')}`;
}

/** The same for GitHub Actions. */
export function githubReadme(credentials: CiCredentials, secret: string): string {
  const { engine } = credentials;
  const scope = engine === undefined ? '' : ` --env ${engine.environment}`;
  const engineUrl = shellWord(engine?.url ?? 'tcp://HOST:2376');
  const where = engine === undefined ? 'the repository' : `the environment \`${engine.environment}\``;
  return `${heading(credentials, 'GitHub Actions')}
GitHub keeps one **secret**, \`${secret}\`, in ${where}: the base64 of an archive with CA, certificate and key.

    gh secret set ${secret}${scope} < ${secret}
    gh variable set DOCKER_ENGINE${scope} --body ${engineUrl}

Give the environment of production required reviewers: GitHub hands its secret to nothing that was not approved.
${closing(credentials, 'github')}`;
}

/** The same for GitLab. */
export function gitlabReadme(credentials: CiCredentials, variables: readonly string[]): string {
  const { engine } = credentials;
  const scope = engine === undefined ? '' : ` --scope ${engine.environment}`;
  const engineUrl = shellWord(engine?.url ?? 'tcp://HOST:2376');
  const commands = variables.map(
    (name) => `    glab variable set ${name} --type file --protected${scope} < ${name}\n`,
  );
  return `${heading(credentials, 'GitLab')}
GitLab keeps three **variables of type file**${engine === undefined ? '' : `, with the environment scope \`${engine.environment}\``}, for protected branches only:

${commands.join('')}    glab variable set DOCKER_ENGINE${scope} ${engineUrl}

(\`glab variable update\` where they exist.) GitLab cannot mask values of several lines: no job may print the files.
Protect the environment of production, so that only those who may deploy can start that job.
${closing(credentials, 'gitlab')}`;
}

function heading({ client, engine, notAfter, fingerprint }: CiCredentials, server: string): string {
  const use = engine === undefined ? '' : `, for ${engine.environment} (${engine.url})`;
  return `# ${client}${use}: credentials for ${server}

Good until ${notAfter.toISOString().slice(0, 16).replace('T', ' ')} UTC. SHA-256 of the certificate: ${fingerprint}.

The key makes its holder root on the engines that trust it. Store it in the server, then remove this folder.
`;
}

function closing({ client, engine }: CiCredentials, target: string): string {
  const option = engine === undefined ? '' : ` --engine ${shellWord(`${engine.environment}=${engine.url}`)}`;
  return `
Before the end, make and store new ones; the old stay good until theirs:

    docker-mtls ci export ${client} --for ${target}${option}
`;
}
