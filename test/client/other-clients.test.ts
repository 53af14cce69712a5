import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from '@jest/globals';
import { BUSYBOX, importBusybox } from '../support/busybox.ts';
import { cliJson } from '../support/cli.ts';
import { describeNeeding } from '../support/describe-needing.ts';
import { engineNeeds, type Need } from '../support/needs.ts';
import { eventually } from '../support/eventually.ts';
import { output, run, type Finished } from '../support/run.ts';
import { secureEngine, type SecuredEngine } from '../support/secured-engine.ts';
import { temporaryFolder } from '../support/temp.ts';

const PROGRAMS = fileURLToPath(new URL('programs/', import.meta.url));
/** Debian's own: another one that comes first on the PATH would not see its packages. */
const PYTHON = '/usr/bin/python3';
const UNKNOWN_AUTHORITY =
  /TLS handshake error from .*(?:signed by unknown authority|failed to verify certificate)/u;

type Client = {
  readonly name: string;
  /** Why it cannot run here. */
  readonly needs?: readonly Need[];
  /** What a shell runs that has sourced the bundle's env.sh. */
  readonly script: string;
  /** Of the engine, when it answers. */
  readonly answer: (version: string) => string;
};

const CLIENTS: readonly Client[] = [
  {
    name: 'dockerode',
    script: `${node('dockerode.mjs')}`,
    answer: (version) => `${version}\n`,
  },
  {
    name: 'testcontainers',
    // Its cleaner is an image that would have to be pulled.
    script: `TESTCONTAINERS_RYUK_DISABLED=true ${node('testcontainers.mjs')} ${BUSYBOX} echo hello`,
    answer: () => 'hello\n',
  },
  {
    name: "Docker's Python SDK",
    needs: ['docker for Python'],
    script: `${PYTHON} ${PROGRAMS}docker_sdk.py`,
    answer: (version) => `${version}\n`,
  },
  {
    name: 'curl',
    needs: ['curl'],
    script: [
      'curl --silent --show-error --cacert "$DOCKER_CERT_PATH/ca.pem" --cert "$DOCKER_CERT_PATH/cert.pem"',
      '--key "$DOCKER_CERT_PATH/key.pem" "https://${DOCKER_HOST#tcp://}/images/json?filters=%7B%7D"',
      '| grep -o busybox:test',
    ].join(' '),
    answer: () => `${BUSYBOX}\n`,
  },
  {
    // Skopeo reaches engines through github.com/docker/docker/client, Go's client.
    name: "Go's client, in skopeo",
    needs: ['skopeo'],
    script: `skopeo inspect --daemon-host "$DOCKER_HOST" --cert-dir "$DOCKER_CERT_PATH" --format '{{.Os}}' docker-daemon:${BUSYBOX}`,
    answer: () => 'linux\n',
  },
];

describeNeeding(
  [...engineNeeds('installed'), 'docker command', 'static busybox'],
  'with a bundle as it is',
  () => {
    let secured: SecuredEngine;
    let alice: string;
    let stranger: string;

    beforeAll(async () => {
      secured = await secureEngine('installed');
      await importBusybox(secured.engine);
      alice = await unpackedBundle(secured, secured.caDirectory);
      stranger = await strangersBundle(secured);
    });

    for (const { name, needs = [], script, answer } of CLIENTS) {
      describeNeeding(needs, name, () => {
        test('is served', async () => {
          const { code, stdout, stderr } = await inBundle(alice, script);
          expect({ code, stdout, stderr }).toMatchObject({ code: 0, stdout: answer(secured.engine.version) });
        });

        test("is refused with another CA's", async () => {
          const { engine } = secured;
          const before = engine.log().length;
          const { code, stdout } = await inBundle(stranger, script);
          expect(stdout).not.toContain(answer(engine.version).trim());
          expect(code).not.toBe(0);
          // What the client hears differs, down to a connection that just ends.
          await eventually(() => expect(engine.log().slice(before)).toMatch(UNKNOWN_AUTHORITY));
        });
      });
    }
  },
);

function node(program: string): string {
  return `${process.execPath} ${PROGRAMS}${program}`;
}

/** The folder that a new user has after `tar -xzf alice.tar.gz`. */
async function unpackedBundle({ port }: SecuredEngine, caDirectory: string): Promise<string> {
  const home = temporaryFolder();
  await cliJson(['bundle', 'alice', '--for', `localhost:${port}`], {
    home,
    env: { DOCKER_MTLS_CA_DIR: caDirectory },
  });
  await output('tar', ['-xzf', 'alice.tar.gz'], { cwd: home });
  return path.join(home, 'alice');
}

/** Another CA's bundle, but with the engine's own ca.pem: so it is the engine that refuses, and not the client. */
async function strangersBundle(secured: SecuredEngine): Promise<string> {
  const caDirectory = path.join(temporaryFolder(), 'ca');
  const options = { env: { DOCKER_MTLS_CA_DIR: caDirectory } };
  await cliJson(['init-ca'], options);
  await cliJson(['issue-client', 'alice'], options);
  const folder = await unpackedBundle(secured, caDirectory);
  fs.copyFileSync(path.join(secured.alice, 'ca.pem'), path.join(folder, 'ca.pem'));
  return folder;
}

function inBundle(folder: string, script: string): Promise<Finished> {
  const home = temporaryFolder();
  // Testcontainers leaves a lock among the temporary files.
  const env = { HOME: home, TMPDIR: home };
  return run('bash', ['-o', 'pipefail', '-c', `. ${folder}/env.sh && ${script}`], { env, cwd: '/' });
}
