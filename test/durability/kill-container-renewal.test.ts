import { createPrivateKey, X509Certificate } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { withMounts } from '../hostile/with-mounts.ts';
import { cli, type CliOptions } from '../support/cli.ts';
import { describeNeeding } from '../support/describe-needing.ts';
import { TRACING } from '../support/needs.ts';
import { killAt } from '../support/strace.ts';
import { temporaryFolder } from '../support/temp.ts';
import { KILLS_TIMEOUT } from './describe-kills.ts';

const MOUNTS = 'mount --bind "$work/certs" /certs; mount --bind "$work/docker" /docker';
const SERVER = ['container', 'server'];
const NEW_NAME = 'node2.example.com';

/** The switch in the CA directory, and that of the copy which the engine reads. */
const AT_LEAST = 2;

let folder: string;

const inWork = (...parts: readonly string[]): string => path.join(folder, 'work', ...parts);
const config = (): string => fs.readFileSync(inWork('docker/daemon.json'), 'utf8');
const certs = (): readonly string[] => fs.readdirSync(inWork('certs')).toSorted();

/** With the paths that the host has, so that daemon.json can be followed. */
function options(names: string): CliOptions {
  const env = { HOST_CERTS_DIR: inWork('certs'), SAN: names };
  return { home: folder, prefix: withMounts(inWork(), MOUNTS), env };
}

/** A pair that the engine serves with, and that is to be renewed for one more name. */
async function makeStart(): Promise<void> {
  folder = temporaryFolder();
  for (const name of ['certs', 'docker']) fs.mkdirSync(inWork(name), { recursive: true });
  const { code, stdout, stderr } = await cli(SERVER, options(''));
  if (code !== 0) throw new Error(stdout + stderr);
  fs.cpSync(inWork(), path.join(folder, 'start'), { recursive: true, verbatimSymlinks: true });
}

function backToStart(): void {
  fs.rmSync(inWork(), { recursive: true });
  fs.cpSync(path.join(folder, 'start'), inWork(), { recursive: true, verbatimSymlinks: true });
}

/** Killed at that rename. Did it come to it? */
async function renewAndKill(nth: number): Promise<boolean> {
  const { signal, code } = await killAt({ name: 'rename', nth, text: '' }, SERVER, options(NEW_NAME));
  // The first process of a name space ends as its program did, and says so by number.
  return signal === 'SIGKILL' || code === 137;
}

/** The names of the certificate that an engine would show which is started now: with another's key it would not start. */
function served(): string {
  const { tlscacert, tlscert, tlskey } = JSON.parse(config());
  const certificate = new X509Certificate(fs.readFileSync(tlscert));
  if (!certificate.checkPrivateKey(createPrivateKey(fs.readFileSync(tlskey)))) return 'not its key';
  const isOfCa = certificate.verify(new X509Certificate(fs.readFileSync(tlscacert)).publicKey);
  return isOfCa ? String(certificate.subjectAltName) : 'not its CA';
}

describeNeeding(['root', ...TRACING, 'mounts'], 'a renewal by the container of the server', () => {
  test(
    'killed at any rename, leaves a pair with which an engine comes up, and is finished by the next run',
    async () => {
      await makeStart();
      const before = { config: config(), certs: certs().filter((name) => !name.startsWith('.gen-')) };
      let nth = 1;
      for (; await renewAndKill(nth); nth += 1) {
        expect(served()).toContain('localhost');
        expect(await cli(SERVER, options(NEW_NAME))).toMatchObject({ code: 0 });
        expect(served()).toContain(NEW_NAME);
        expect(config()).toBe(before.config);
        const generations = certs().filter((name) => name.startsWith('.gen-'));
        expect(generations.length).toBeLessThanOrEqual(2);
        expect(certs().filter((name) => !name.startsWith('.gen-'))).toEqual(before.certs);
        backToStart();
      }
      expect(nth - 1).toBeGreaterThanOrEqual(AT_LEAST);
    },
    KILLS_TIMEOUT,
  );
});
