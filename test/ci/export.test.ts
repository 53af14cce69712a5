import fs from 'node:fs';
import path from 'node:path';
import { readArchive } from '@docker-mtls/bundle';
import { readCertificate } from '@docker-mtls/ca';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { describeNeeding } from '../support/describe-needing.ts';
import { cli, cliJson, type CliOptions } from '../support/cli.ts';
import { output, run, type Finished } from '../support/run.ts';
import { temporaryFolder } from '../support/temp.ts';

const UAT = ['--engine', 'uat=tcp://uat.example.com:2376'];

let home: string;
let options: CliOptions;

beforeEach(async () => {
  home = temporaryFolder();
  options = { home, env: { DOCKER_MTLS_CA_DIR: path.join(home, 'ca') } };
  await cliJson(['init-ca'], options);
});

function ci(...words: readonly string[]): Promise<Finished> {
  return cli(['ci', 'export', ...words], options);
}

function read(name: string): string {
  return fs.readFileSync(path.join(home, name), 'utf8');
}

/** Modes of all below a folder, by path. */
function modes(folder: string): Readonly<Record<string, string>> {
  const names = fs.readdirSync(path.join(home, folder), { recursive: true }).map(String);
  return Object.fromEntries(
    names.toSorted().map((name) => {
      const { mode } = fs.statSync(path.join(home, folder, name));
      return [name, (mode & 0o777).toString(8)];
    }),
  );
}

describe('what each server gets', () => {
  test('Jenkins: three secret files with ids by environment, and a snippet that names them', async () => {
    await ci('ci-uat', '--for', 'jenkins', ...UAT);
    expect(modes('docker-mtls-ci/credentials')).toEqual({
      '.gitignore': '644',
      uat: '700',
      'uat/README.md': '644',
      'uat/jenkins.yaml': '644',
      'uat/uat-docker-ca.pem': '644',
      'uat/uat-docker-cert.pem': '644',
      'uat/uat-docker-key.pem': '600',
    });
    const snippet = read('docker-mtls-ci/credentials/uat/jenkins.yaml');
    expect(snippet).not.toContain('BEGIN');
    const ids = ['uat-docker-key.pem', 'uat-docker-ca.pem', 'uat-docker-cert.pem'];
    const files = ids.map((id) => ({
      file: {
        scope: 'GLOBAL',
        id,
        fileName: id,
        description: 'Docker client ci-uat for uat',
        secretBytes: `\${readFileBase64:/run/secrets/${id}}`,
      },
    }));
    expect(parse(snippet)).toEqual({
      credentials: { system: { domainCredentials: [{ credentials: files }] } },
    });
  });

  test('Jenkins, for no environment: the ids of the book', async () => {
    await ci('ci', '--for', 'jenkins');
    expect(Object.keys(modes('docker-mtls-ci/credentials/ci'))).toEqual([
      'README.md',
      'docker-ca.pem',
      'docker-cert.pem',
      'docker-key.pem',
      'jenkins.yaml',
    ]);
  });

  test('GitHub: one secret, the base64 of an archive', async () => {
    await ci('ci-uat', '--for', 'github', ...UAT);
    expect(modes('docker-mtls-ci/credentials/uat')).toEqual({
      DOCKER_MTLS_BUNDLE: '600',
      'README.md': '644',
    });
    const secret = read('docker-mtls-ci/credentials/uat/DOCKER_MTLS_BUNDLE');
    expect(secret).toMatch(/^[A-Za-z0-9+/]+=*$/u);
    const { files } = readArchive(Buffer.from(secret, 'base64'));
    expect(files.map(({ path: name }) => name)).toEqual(['ca.pem', 'cert.pem', 'key.pem']);
    expect(files[2]?.data.toString()).toBe(read('ca/clients/ci-uat/key.pem'));

    const printed = await ci('ci-uat', '--for', 'github', ...UAT, '--out', '-');
    expect(printed).toEqual({ code: 0, signal: undefined, stdout: secret, stderr: '' });
  });

  test('GitLab: three files with the names of their variables', async () => {
    await ci('ci-uat', '--for', 'gitlab', ...UAT);
    expect(modes('docker-mtls-ci/credentials/uat')).toEqual({
      DOCKER_CA: '644',
      DOCKER_CERT: '644',
      DOCKER_KEY: '600',
      'README.md': '644',
    });
    expect(read('docker-mtls-ci/credentials/uat/README.md')).toContain(
      'glab variable set DOCKER_KEY --type file --protected --scope uat < DOCKER_KEY',
    );
  });

  test.each(['jenkins', 'github', 'gitlab'])(
    '%s: no key on stdout, and folders of its owner alone',
    async (target) => {
      const { stdout, stderr } = await ci('ci-uat', '--for', target, ...UAT, '--out', 'new/out');
      expect(stdout + stderr).not.toMatch(/PRIVATE|H4sI/u);
      for (const folder of ['new/out', 'new/out/credentials', 'new/out/credentials/uat'])
        expect(fs.statSync(path.join(home, folder)).mode & 0o777).toBe(0o700);
      expect(modes('new/out/pipeline')).toHaveProperty(['ci/scripts/with-engine.sh'], '644');
    },
  );
});

function git(...words: readonly string[]): Promise<string> {
  return output('git', ['-C', home, ...words]);
}

describe('in a repository', () => {
  test('a key that is exported is not committed with all else', async () => {
    await git('init', '--quiet');
    await ci('ci-uat', '--for', 'jenkins', ...UAT);
    await git('add', '--all', 'docker-mtls-ci');
    const added = await git('ls-files');
    expect(added).toContain('docker-mtls-ci/pipeline/');
    expect(added).not.toMatch(/credentials|key/u);
  });
});

function hoursLeft(report: Readonly<Record<string, unknown>>): number {
  return (Date.parse(String(report['notAfter'])) - Date.now()) / 3_600_000;
}

describe('the pair', () => {
  test('is issued for 30 days, or as --ttl says', async () => {
    const month = await cliJson(['ci', 'export', 'a', '--for', 'gitlab'], options);
    const day = await cliJson(
      ['ci', 'export', 'b', '--for', 'gitlab', '--ttl', '24h', '--group', 'robots'],
      options,
    );
    expect([month['issued'], day['issued']]).toEqual([true, true]);
    expect(hoursLeft(month)).toBeCloseTo(720, 0);
    expect(hoursLeft(day)).toBeCloseTo(24, 0);
  });

  test('stays while most of its life is left', async () => {
    const first = await cliJson(['ci', 'export', 'ci-uat', '--for', 'gitlab'], options);
    const again = await cliJson(['ci', 'export', 'ci-uat', '--for', 'github', '--out', 'other'], options);
    expect(again).toMatchObject({ serial: first['serial'], issued: false });
  });

  test('is renewed near its end, in its groups, and takes the place of the earlier export', async () => {
    const words = ['ci', 'export', 'ci-uat', '--for', 'github', ...UAT, '--ttl', '60s'];
    const first = await cliJson([...words, '--group', 'robots'], options);
    // Of its 6 minutes, 5 were over when it was issued.
    const second = await cliJson(words, options);
    expect(second).toMatchObject({ issued: true });
    expect(second['serial']).not.toBe(first['serial']);
    const secret = Buffer.from(read('docker-mtls-ci/credentials/uat/DOCKER_MTLS_BUNDLE'), 'base64');
    const { info } = readCertificate(readArchive(secret).files[1]?.data ?? '');
    expect(info.serial).toBe(second['serial']);
    expect(info.subject.organizationalUnits).toEqual(['robots']);
  });

  test("is no person's, which lives for longer, unless that is asked for", async () => {
    await cliJson(['issue-client', 'alice'], options);
    const { code, stderr } = await ci('alice', '--for', 'gitlab');
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringMatching(/pair of "alice" was issued for 365 days.*\nhint: .*--ttl 365d/u),
    });
    expect(fs.existsSync(path.join(home, 'docker-mtls-ci'))).toBe(false);
    expect(await ci('alice', '--for', 'gitlab', '--ttl', '365d')).toMatchObject({ code: 0 });
  });

  describeNeeding(['openssl'], "of somebody else's key", () => {
    test('is not exported without its key', async () => {
      const request = path.join(home, 'ci.csr');
      const openssl = ['req', '-new', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
      await run('openssl', [
        ...openssl,
        '-subj',
        '/CN=ci-uat',
        '-keyout',
        path.join(home, 'k'),
        '-out',
        request,
      ]);
      await cliJson(['issue-client', 'ci-uat', '--csr', request], options);
      const { code, stderr } = await ci('ci-uat', '--for', 'gitlab');
      expect(code).toBe(1);
      expect(stderr).toContain('docker-mtls: error: the key of "ci-uat" is not here\n');
      expect(fs.existsSync(path.join(home, 'docker-mtls-ci'))).toBe(false);
    });
  });
});

describe('what stands there already', () => {
  test("another CA's credentials for the same name are in the way", async () => {
    await ci('ci-uat', '--for', 'jenkins', ...UAT);
    const other = { home, env: { DOCKER_MTLS_CA_DIR: path.join(home, 'other') } };
    await cliJson(['init-ca'], other);
    const { code, stderr } = await cli(['ci', 'export', 'ci-uat', '--for', 'jenkins', ...UAT], other);
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('something else') });
  });

  test('an earlier export is brought up to date; what somebody changed in the pipeline stays', async () => {
    await ci('ci-uat', '--for', 'jenkins', ...UAT);
    fs.writeFileSync(path.join(home, 'docker-mtls-ci/pipeline/Jenkinsfile'), 'mine\n');
    fs.rmSync(path.join(home, 'docker-mtls-ci/pipeline/compose.yaml'));
    const again = await cliJson(['ci', 'export', 'ci-uat', '--for', 'jenkins', ...UAT], options);
    expect(again['pipeline']).toMatchObject({ written: ['compose.yaml'], kept: ['Jenkinsfile'] });
    expect(read('docker-mtls-ci/pipeline/Jenkinsfile')).toBe('mine\n');

    const forced = await cliJson(['ci', 'export', 'ci-uat', '--for', 'jenkins', ...UAT, '--force'], options);
    expect(forced['pipeline']).toMatchObject({ written: ['Jenkinsfile'], kept: [] });
  });

  test.each([
    { name: "another client's credentials", prepare: () => ci('ci-prod', '--for', 'gitlab', ...UAT) },
    {
      name: 'files that are not ours',
      prepare: async () => {
        fs.mkdirSync(path.join(home, 'docker-mtls-ci/credentials/uat'), { recursive: true });
        fs.writeFileSync(path.join(home, 'docker-mtls-ci/credentials/uat/DOCKER_CERT'), 'precious');
      },
    },
  ])('$name are refused before anything is issued', async ({ prepare }) => {
    await prepare();
    const before = modes('docker-mtls-ci');
    const { code, stderr } = await ci('ci-uat', '--for', 'gitlab', ...UAT);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /error: \S+\/credentials\/uat exists already, and holds something else\nhint: use --force/u,
    );
    expect(modes('docker-mtls-ci')).toEqual(before);
    expect(fs.existsSync(path.join(home, 'ca/clients/ci-uat'))).toBe(false);

    expect(await ci('ci-uat', '--for', 'gitlab', ...UAT, '--force')).toMatchObject({ code: 0 });
  });
});

test.each([
  { name: 'no server', words: ['ci'], code: 2, says: '--for is missing' },
  { name: 'an unknown server', words: ['ci', '--for', 'teamcity'], code: 2, says: '--for cannot be' },
  {
    name: 'an environment twice',
    words: ['ci', '--for', 'github', ...UAT, ...UAT],
    code: 2,
    says: 'two engines are called "uat"',
  },
  {
    name: 'stdout for several files',
    words: ['ci', '--for', 'gitlab', '--out', '-'],
    code: 2,
    says: '--out - is for github alone',
  },
  {
    name: 'stdout for two things',
    words: ['ci', '--for', 'github', '--out', '-', '--json'],
    code: 2,
    says: 'both want stdout',
  },
  {
    name: 'an engine without TLS',
    words: ['ci', '--for', 'github', '--engine', 'uat=unix:///x'],
    code: 1,
    says: 'has no address of an engine',
  },
  { name: 'a name that leads elsewhere', words: ['../ci', '--for', 'github'], code: 1, says: '"../ci"' },
])('refuses $name', async ({ words, code, says }) => {
  const finished = await ci(...words);
  expect(finished.code).toBe(code);
  expect(finished.stdout + finished.stderr).toContain(says);
  expect(fs.readdirSync(path.join(home, 'ca/clients'))).toEqual([]);
});

test('two environments may share an identity, and the report says what that means', async () => {
  const { stdout } = await ci('ci', '--for', 'github', ...UAT, '--engine', 'prod=prod.example.com');
  expect(stdout).toContain(
    'Several environments share this identity: one client for each keeps production apart.\n',
  );
  expect(read('docker-mtls-ci/credentials/prod/README.md')).toContain(
    '--env prod --body tcp://prod.example.com:2376',
  );
});

function jenkinsfile(): string {
  return read('docker-mtls-ci/pipeline/Jenkinsfile');
}

describe('the pipeline of several exports into one folder', () => {
  const STAGING = ['--engine', 'staging=tcp://staging.example.com:2376'];
  const PROD = ['--engine', 'prod=tcp://prod.example.com:2376'];

  test('names the environment that was exported, and no other', async () => {
    await ci('robot', '--for', 'jenkins', ...STAGING);
    expect(jenkinsfile()).toContain("STAGING_ENGINE = 'tcp://staging.example.com:2376'");
    expect(jenkinsfile()).not.toMatch(/\b(uat|prod)\b/iu);
  });

  test('follows with the next environment, and where an engine moved', async () => {
    await ci('robot', '--for', 'jenkins', ...PROD);
    await ci('robot2', '--for', 'jenkins', ...STAGING);
    const moved = await ci('robot', '--for', 'jenkins', '--engine', 'prod=new.example.com');
    expect(moved.code).toBe(0);
    const engines = [...jenkinsfile().matchAll(/_ENGINE = '([^']+)'/gu)].map(([, url]) => url);
    expect(engines).toEqual(['tcp://staging.example.com:2376', 'tcp://new.example.com:2376']);
  });

  test('leaves a file as it is that was edited', async () => {
    await ci('robot', '--for', 'jenkins', ...STAGING);
    fs.appendFileSync(path.join(home, 'docker-mtls-ci/pipeline/Jenkinsfile'), '// edited\n');
    const { stdout } = await ci('robot2', '--for', 'jenkins', ...PROD);
    expect(stdout).toMatch(/kept as it is +Jenkinsfile/u);
    expect(jenkinsfile()).not.toContain('PROD_ENGINE');
  });

  test('changes nothing where the list of environments cannot be read', async () => {
    await ci('robot', '--for', 'jenkins', ...STAGING);
    fs.writeFileSync(path.join(home, 'docker-mtls-ci/environments.json'), '{"Staging": 1}');
    const { code, stderr } = await ci('robot2', '--for', 'jenkins', ...PROD);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringMatching(/environments\.json does not list environments: .*\nhint: fix it/u),
    });
    expect(fs.existsSync(path.join(home, 'ca/clients/robot2'))).toBe(false);
  });
});
