import { yamlString } from './stage.ts';
import type { Stage } from './stage.ts';

/** The GitLab pipeline that verifies, builds, tests, pushes, and deploys to these environments. */
export function renderGitlabPipeline(stages: readonly Stage[]): string {
  const deployments = stages.map(({ environment }) => yamlString(`deploy ${environment}`)).join(', ');
  return `# Verify the credentials, build, test, push, deploy. What each step does is in ci/scripts, so that it runs the same at your
# desk; this file contains only what GitLab needs.
#
# In the project's CI/CD settings, make the variables DOCKER_CA, DOCKER_CERT and DOCKER_KEY (type: file, protected) and
# DOCKER_ENGINE, once for each environment scope: ${stages.map(({ environment }) => environment).join(', ')}.${protection(stages)}
# Runners must reach the engines; those that build need an engine of their own (here the docker:dind service).
stages: [verify, build, test, push, ${deployments}]

workflow:
  rules:
    - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH

default:
  image: docker:28-cli
  before_script:
    # verify.sh reads dates and keys with it.
    - command -v openssl >/dev/null || apk add --no-cache openssl

variables:
  APP: app
  BUILD: $CI_PIPELINE_IID
  # Without one, engines get the image as a file. (Set it in the settings, or here.)
  REGISTRY: ''

# A builder's engine is its own, over TLS, by the names that docker:dind gives its files.
.builder:
  services: ['docker:28-dind']
  variables:
    DOCKER_HOST: tcp://docker:2376
    DOCKER_TLS_CERTDIR: /certs
    DOCKER_TLS_VERIFY: '1'
    DOCKER_CERT_PATH: /certs/client

${stages.map(verifyJob).join('')}build:
  extends: .builder
  stage: build
  script:
    - sh ci/scripts/build.sh
  artifacts:
    paths: [build/image.tar]
    expire_in: 3 days

test:
  extends: .builder
  stage: test
  script:
    - sh ci/scripts/test.sh

push:
  extends: .builder
  stage: push
  script:
    - sh ci/scripts/push.sh

${stages.map(deployJob).join('\n')}`;
}

function protection(stages: readonly Stage[]): string {
  const names = stages.filter(({ approval }) => approval).map(({ environment }) => environment);
  return names.length === 0 ? '' : `\n# Protect the environment ${names.join(' and ')}.`;
}

function verifyJob({ environment }: Stage): string {
  return `${yamlString(`verify ${environment}`)}:
  stage: verify
  environment: { name: ${yamlString(environment)}, action: verify }
  script:
    - sh ci/scripts/with-engine.sh ${environment} verify

`;
}

function deployJob({ environment, approval }: Stage): string {
  const job = `${yamlString(`deploy ${environment}`)}:
  stage: ${yamlString(`deploy ${environment}`)}
  environment: ${yamlString(environment)}
  resource_group: ${yamlString(environment)}
${approval ? MANUAL : ''}  script:
    - sh ci/scripts/with-engine.sh ${environment} verify deploy
`;
  return approval
    ? `# The approval: somebody who may deploy to ${environment} starts this job.\n${job}`
    : job;
}

const MANUAL = '  when: manual\n  allow_failure: false\n';
