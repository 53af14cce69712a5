import { yamlString } from './stage.ts';
import type { Stage } from './stage.ts';

const CHECKOUT = 'actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8 # v5.0.0';
const UPLOAD = 'actions/upload-artifact@ea165f8d65b6e75b540449e92b4886f43607fa02 # v4.6.2';
const DOWNLOAD = 'actions/download-artifact@d3f86a106a0bac45b974a628896c90dbdf5c8093 # v4.3.0';

/** The workflow that verifies, builds, tests, pushes, and deploys to these environments. */
export function renderWorkflow(stages: readonly Stage[]): string {
  const verified = stages.filter(({ approval }) => !approval);
  return `# Verify the credentials, build, test, push, deploy. What each step does is in ci/scripts, so that it runs the same at your
# desk; this file contains only what GitHub needs.
#
# In the repository's settings, make ${counted(stages)}, each with the secret DOCKER_MTLS_BUNDLE
# and the variable DOCKER_ENGINE.${approvalNote(stages)} Runners must reach the engines.
name: Deploy

on:
  push:
    branches: [main]

permissions:
  contents: read

concurrency:
  group: deploy
  cancel-in-progress: false

env:
  APP: app
  BUILD: \${{ github.run_number }}
  # Without one, engines get the image as a file.
  REGISTRY: \${{ vars.REGISTRY }}

jobs:
${verified.map(verifyJob).join('')}${candidateJob(verified)}${stages.map((stage, index) => deployJob(stage, stages[index - 1])).join('\n')}`;
}

function counted(stages: readonly Stage[]): string {
  const names = stages.map(({ environment }) => `"${environment}"`);
  return names.length === 1 ? `the environment ${names.join('')}` : `the environments ${names.join(', ')}`;
}

function approvalNote(stages: readonly Stage[]): string {
  const names = stages.filter(({ approval }) => approval).map(({ environment }) => `"${environment}"`);
  if (names.length === 0) return '';
  return ` Give ${names.join(' and ')} required reviewers: that is the
# approval. GitHub hands out such a secret only then, so those credentials are verified after it.`;
}

function verifyJob({ environment }: Stage): string {
  return `  verify-${environment}:
    name: ${yamlString(`Verify ${environment}`)}
    runs-on: ubuntu-latest
    environment: ${yamlString(environment)}
    steps:
      - uses: ${CHECKOUT}
      - name: Verify the credentials
        run: sh ci/scripts/with-engine.sh ${environment} verify
        env:
          DOCKER_ENGINE: \${{ vars.DOCKER_ENGINE }}
          DOCKER_MTLS_BUNDLE: \${{ secrets.DOCKER_MTLS_BUNDLE }}

`;
}

function candidateJob(verified: readonly Stage[]): string {
  const needs = verified.map(({ environment }) => `verify-${environment}`).join(', ');
  return `  candidate:
    name: Build, test, push
${needs === '' ? '' : `    needs: [${needs}]\n`}    runs-on: ubuntu-latest
    steps:
      - uses: ${CHECKOUT}
      - name: Build
        run: sh ci/scripts/build.sh
      - name: Test
        run: sh ci/scripts/test.sh
      - name: Push
        run: sh ci/scripts/push.sh
        env:
          REGISTRY_USER: \${{ vars.REGISTRY_USER }}
          REGISTRY_PASSWORD: \${{ secrets.REGISTRY_PASSWORD }}
      - uses: ${UPLOAD}
        with:
          name: image
          path: build/image.tar
          retention-days: 3

`;
}

function deployJob({ environment }: Stage, before: Stage | undefined): string {
  return `  deploy-${environment}:
    name: ${yamlString(`Deploy to ${environment}`)}
    needs: ${before === undefined ? 'candidate' : `deploy-${before.environment}`}
    runs-on: ubuntu-latest
    environment: ${yamlString(environment)}
    steps:
      - uses: ${CHECKOUT}
      - uses: ${DOWNLOAD}
        with:
          name: image
          path: build
      # The credentials are unpacked into a folder of mode 0700 and removed when the step ends.
      - name: Deploy
        run: sh ci/scripts/with-engine.sh ${environment} verify deploy
        env:
          DOCKER_ENGINE: \${{ vars.DOCKER_ENGINE }}
          DOCKER_MTLS_BUNDLE: \${{ secrets.DOCKER_MTLS_BUNDLE }}
          REGISTRY_USER: \${{ vars.REGISTRY_USER }}
          REGISTRY_PASSWORD: \${{ secrets.REGISTRY_PASSWORD }}
`;
}
