import { packBundle } from '@docker-mtls/bundle';
import type { CiCredentials } from './ci-credentials.ts';
import type { CiEngine } from './ci-engine.ts';
import { githubReadme, gitlabReadme, jenkinsReadme } from './readme.ts';
import { renderJcasc } from './jcasc.ts';
import type { CiTarget } from './target.ts';

/** A file to write; `secret` ones hold a private key. */
export type CiFile = { readonly name: string; readonly data: string; readonly secret: boolean };

/** The three files of an identity, by the names under which the book's Jenkins keeps them. */
const JENKINS_IDS = { ca: 'docker-ca.pem', certificate: 'docker-cert.pem', key: 'docker-key.pem' } as const;

/** The names of the variables whose files the pipeline's scripts read. */
const GITLAB_VARIABLES = { ca: 'DOCKER_CA', certificate: 'DOCKER_CERT', key: 'DOCKER_KEY' } as const;

/** The one secret of a GitHub environment: the base64 of a tar.gz with all three. */
const GITHUB_SECRET = 'DOCKER_MTLS_BUNDLE';

/** What goes into the server's keeping, with a README that says how, in the order in which it is best written. */
export function renderCredentials(target: CiTarget, credentials: CiCredentials): readonly CiFile[] {
  return RENDERERS[target](credentials);
}

const RENDERERS: Readonly<Record<CiTarget, (credentials: CiCredentials) => readonly CiFile[]>> = {
  jenkins: (credentials) => {
    const files = pemFiles(credentials, jenkinsIds(credentials.engine));
    const ids = files.map(({ name }) => name);
    return [
      ...files,
      publicFile('jenkins.yaml', renderJcasc(credentials, ids)),
      publicFile('README.md', jenkinsReadme(credentials, ids)),
    ];
  },
  github: (credentials) => [
    { name: GITHUB_SECRET, data: githubSecret(credentials), secret: true },
    publicFile('README.md', githubReadme(credentials, GITHUB_SECRET)),
  ],
  gitlab: (credentials) => {
    const files = pemFiles(credentials, GITLAB_VARIABLES);
    const variables = files.map(({ name }) => name);
    return [...files, publicFile('README.md', gitlabReadme(credentials, variables))];
  },
};

/** The file of `renderCredentials` that says whose they are; it is the last but for texts. */
export function certificateFile(target: CiTarget, engine: CiEngine | undefined): string {
  if (target === 'github') return GITHUB_SECRET;
  return target === 'gitlab' ? GITLAB_VARIABLES.certificate : jenkinsIds(engine).certificate;
}

type Names = Readonly<Record<'ca' | 'certificate' | 'key', string>>;

/** Jenkins has no environments: the id tells them apart. Without one it is the book's own id. */
function jenkinsIds(engine: CiEngine | undefined): Names {
  const prefix = engine === undefined ? '' : `${engine.environment}-`;
  return {
    ca: prefix + JENKINS_IDS.ca,
    certificate: prefix + JENKINS_IDS.certificate,
    key: prefix + JENKINS_IDS.key,
  };
}

/** The certificate comes last: where it is new, the key is too. */
function pemFiles({ ca, certificate, key }: CiCredentials, names: Names): readonly CiFile[] {
  return [
    { name: names.key, data: key, secret: true },
    publicFile(names.ca, ca),
    publicFile(names.certificate, certificate),
  ];
}

/** One line of base64, with no newline at its end: secrets are stored byte for byte. */
export function githubSecret({
  ca,
  certificate,
  key,
}: Pick<CiCredentials, 'ca' | 'certificate' | 'key'>): string {
  return packBundle({ ca, certificate, key }, { layout: 'flat' }).toString('base64');
}

function publicFile(name: string, data: string): CiFile {
  return { name, data, secret: false };
}
