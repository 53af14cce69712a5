import type { Stage } from './stage.ts';

/** The Jenkinsfile that verifies, builds, tests, pushes, and deploys to these environments. */
export function renderJenkinsfile(stages: readonly Stage[]): string {
  const free = stages.filter(({ approval }) => !approval);
  const approved = stages.filter(({ approval }) => approval);
  return `// Verify the credentials, build, test, push, deploy. What each step does is in ci/scripts, so that it runs the same at
// your desk; this file contains only what Jenkins needs.
//
// Plugins: Pipeline, Credentials Binding, Plain Credentials, Git. Change APP, and the addresses of the engines if they move.

// Runs scripts against an engine. The credentials exist as files only during this call.
def withEngine(String environment, String engine, String scripts) {
  withCredentials([
${CREDENTIALS.map(({ file, variable }) => binding(stages, file, variable)).join(',\n')}
  ]) {
    withEnv(["DOCKER_ENGINE=\${engine}"]) {
      sh "sh ci/scripts/with-engine.sh \${environment} \${scripts}"
    }
  }
}

pipeline {
  agent none
  options {
    disableConcurrentBuilds()
    timeout(time: 3, unit: 'DAYS')
  }
  environment {
    APP = 'app'
    BUILD = "\${env.BUILD_NUMBER}"
    // Set REGISTRY in Jenkins, for this job or for all; without one, engines get the image as a file.
    REGISTRY = "\${env.REGISTRY ?: ''}"
${stages.map((stage) => `    ${variableOf(stage)} = '${stage.url}'\n`).join('')}  }
  stages {
    stage('Candidate') {
      agent any
      stages {
        stage('Verify') {
          steps {
${stages.map((stage) => `            ${call(stage, 'verify')}\n`).join('')}          }
        }
${['Build', 'Test', 'Push'].map(scriptStage).join('')}${free.map(freeStage).join('')}${approved.length === 0 ? '' : STASH}      }
    }
${approved.map(approvedStage).join('')}  }
}
`;
}

const CREDENTIALS = [
  { file: 'docker-ca.pem', variable: 'DOCKER_CA' },
  { file: 'docker-cert.pem', variable: 'DOCKER_CERT' },
  { file: 'docker-key.pem', variable: 'DOCKER_KEY' },
] as const;

/** Each environment has its own credentials, unless they were exported for none in particular. */
function binding([first]: readonly Stage[], file: string, variable: string): string {
  const id = first?.idPrefix === '' ? `'${file}'` : `"\${environment}-${file}"`;
  return `    file(credentialsId: ${id}, variable: '${variable}')`;
}

function variableOf({ environment }: Stage): string {
  return `${environment.toUpperCase().replaceAll('-', '_')}_ENGINE`;
}

function call(stage: Stage, scripts: string): string {
  return `withEngine('${stage.environment}', env.${variableOf(stage)}, '${scripts}')`;
}

function scriptStage(title: string): string {
  return stageText(title, `sh 'sh ci/scripts/${title.toLowerCase()}.sh'`);
}

function freeStage(stage: Stage): string {
  return stageText(`Deploy to ${stage.environment}`, call(stage, 'verify deploy'));
}

function stageText(title: string, step: string): string {
  return `        stage('${title}') {
          steps {
            ${step}
          }
        }
`;
}

/** Stages after an approval may run on another agent. */
const STASH = stageText('Keep the image', "stash(name: 'image', includes: 'build/image.tar')");

function approvedStage(stage: Stage): string {
  const { environment } = stage;
  return `    stage('Approve ${environment}') {
      // No agent is occupied while people decide.
      steps {
        input(message: "Deploy build \${env.BUILD} to ${environment}?", ok: 'Deploy')
      }
    }
    stage('Deploy to ${environment}') {
      agent any
      steps {
        unstash('image')
        ${call(stage, 'verify deploy')}
      }
    }
`;
}
