import fs from 'node:fs';
import path from 'node:path';
import { run } from '../../support/run.ts';
import { temporaryFolder } from '../../support/temp.ts';
import { checkOut, type Ended, type Job } from './server.ts';

const STAND_IN = path.join(import.meta.dirname, 'jenkins.groovy');

/** Runs the Jenkinsfile by the compiler that Jenkins has, with a stand-in for its steps: see `jenkins.groovy`. */
export async function jenkins(job: Job): Promise<Ended> {
  const workspace = checkOut(job.project);
  const jenkinsfile = path.join(workspace, 'Jenkinsfile');
  const answer = job.approve ? 'approve' : 'reject';
  const { code, stdout, stderr } = await run(
    'groovy',
    [STAND_IN, jenkinsfile, workspace, secretFiles(job), answer],
    {
      env: { ...job.agent, ...javaHome(), BUILD_NUMBER: job.build, REGISTRY: job.registry },
      timeout: 180_000,
    },
  );
  return { ok: code === 0, output: stdout + stderr };
}

/** The store of credentials: the exported secret files of both environments, by their ids. */
function secretFiles({ credentials }: Job): string {
  const store = temporaryFolder();
  for (const folder of Object.values(credentials)) {
    const names = fs.readdirSync(folder).filter((name) => name.endsWith('.pem'));
    for (const name of names) fs.copyFileSync(path.join(folder, name), path.join(store, name));
  }
  return store;
}

/** Debian's `groovy` looks where no Java is, unless `default-jre` brought it. */
export function javaHome(): Readonly<Record<string, string>> {
  const java = '/usr/bin/java';
  return fs.existsSync(java) ? { JAVA_HOME: path.dirname(path.dirname(fs.realpathSync(java))) } : {};
}
