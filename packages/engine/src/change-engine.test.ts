import fs from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import type { UnitProperties } from '@docker-mtls/daemon-config';
import { currentGeneration, generationsIn, publishGeneration } from '@docker-mtls/files';
import { freePort } from '../../../test/support/free-port.ts';
import { fakeEngine, saysLiveRestore } from '../testing/fake-engine.ts';
import type { FakeEngine } from '../testing/fake-engine.ts';
import { FINE, REFUSED, UNIT, fakeMachine } from '../testing/fake-systemd.ts';
import type { FakeMachine } from '../testing/fake-systemd.ts';
import { changeEngine } from './change-engine.ts';
import type { Changed, ChangeTools } from './change-engine.ts';
import { HostError } from './host-error.ts';
import { readHostUnit } from './host-unit.ts';
import type { HostUnit } from './host-unit.ts';
import { journalPath, readJournal } from './journal.ts';
import { pairFolder } from './kept-pair.ts';
import type { PairChange } from './kept-pair.ts';
import { recover } from './roll-back.ts';
import type { FileChange } from './write-host.ts';

const OLD = '{"debug": false}';
const NEW = '{"debug": true}';
const DROP_IN = '/nowhere/zz-docker-mtls.conf';
const RESTART = 'restart docker.service';

let machine: FakeMachine;
let engine: FakeEngine;
let notes: string[];
let reinstated: unknown[];

type BootOptions = { readonly state?: string; readonly port?: number };

async function boot({ port, ...options }: BootOptions = {}): Promise<void> {
  machine = fakeMachine(options);
  const socket = path.join(machine.folder, 's');
  const host = port === undefined ? `unix://${socket}` : `tcp://0.0.0.0:${port}`;
  fs.writeFileSync(path.join(machine.folder, 'docker.service'), UNIT.replace('-H fd://', `-H ${host}`));
  fs.mkdirSync(path.dirname(machine.config));
  fs.writeFileSync(machine.config, OLD, { mode: 0o640 });
  engine = await fakeEngine(port ?? socket);
  notes = [];
  reinstated = [];
}

beforeEach(() => boot());

function withInvocation(shown: UnitProperties): UnitProperties {
  return { ...shown, all: new Map([...shown.all, ['InvocationID', ['another']]]) };
}

async function unitOf(): Promise<HostUnit> {
  const unit = await readHostUnit(machine.run, { units: machine.units });
  if (unit === undefined) throw new Error('no unit');
  return unit;
}

type Told = Partial<Omit<ChangeTools, 'quorum' | 'swarmLock'>> &
  Partial<FileChange<string>> & { readonly isForced?: boolean; readonly isLockAllowed?: boolean };

async function change({ isForced = false, isLockAllowed = false, ...told }: Told = {}): Promise<
  Changed<string>
> {
  const { config } = machine;
  const write = async (): Promise<string> => {
    fs.writeFileSync(config, NEW);
    return 'written';
  };
  const tools: ChangeTools = {
    prove: async () => ({ ok: true, why: '' }),
    note: (line) => void notes.push(line),
    now: () => new Date('2026-01-01T00:00:00Z'),
    quorum: { flag: '--anyway', isGiven: isForced },
    swarmLock: { flag: '--lock', isGiven: isLockAllowed },
    reinstate: async (record) => void reinstated.push(record),
  };
  const files = {
    unit: await unitOf(),
    config,
    paths: [config],
    liveRestore: false,
    after: [NEW],
    isUndo: false,
    write,
  };
  return changeEngine({ ...files, ...told }, { ...tools, ...told });
}

const text = (): string => fs.readFileSync(machine.config, 'utf8');
const beside = (): readonly string[] => fs.readdirSync(path.dirname(machine.config)).toSorted();

describe('a change that works', () => {
  test('is written, restarted, proven, and leaves no journal', async () => {
    const seen: string[] = [];
    const prove: ChangeTools['prove'] = async () => {
      seen.push(...machine.asked, text(), readJournal(machine.config, DROP_IN)?.phase ?? 'no journal');
      return { ok: true, why: '' };
    };
    expect(await change({ prove })).toEqual({ written: 'written', stopped: [], isSwarmLocked: false });
    expect(seen).toEqual(['reset-failed docker.service', RESTART, NEW, 'restarting']);
    expect(beside()).toEqual(['daemon.json']);
    expect(notes).toEqual([]);
  });

  test('tells which containers stopped, and said before that they would', async () => {
    engine.containers.push({ Id: 'a1', Names: ['/web'] }, { Id: 'b2', Names: ['/db'] });
    machine.answers[RESTART] = () => {
      engine.containers.shift();
      return FINE;
    };
    expect((await change()).stopped).toEqual([{ id: 'a1', name: 'web' }]);
    expect(notes).toEqual([expect.stringMatching(/^2 containers stop with the engine .*--live-restore/)]);
  });

  test('says that they run on where live-restore is on', async () => {
    engine.liveRestore = true;
    engine.containers.push({ Id: 'a1', Names: ['/web'] });
    machine.answers['reload docker.service'] = () => {
      engine.liveRestore = saysLiveRestore(machine.config);
      return FINE;
    };
    await change();
    expect(notes).toEqual([expect.stringMatching(/^1 container run on /)]);
  });

  test('says that those of a rootless engine stop, whatever it says of live-restore', async () => {
    engine.liveRestore = true;
    engine.containers.push({ Id: 'a1', Names: ['/web'] });
    const unit = await unitOf();
    await change({ unit: { ...unit, scope: { ...unit.scope, isRootless: true } } });
    expect(notes).toEqual([expect.stringContaining('it is rootless')]);
    expect(machine.asked).not.toContain('reload docker.service');
  });

  test('switches live-restore on first, and the file says nothing of it before all is written', async () => {
    const reloads: (readonly [boolean, string])[] = [];
    machine.answers['reload docker.service'] = () => {
      engine.liveRestore = saysLiveRestore(machine.config);
      reloads.push([engine.liveRestore, text()]);
      return FINE;
    };
    let before = '';
    const write = async (): Promise<string> => {
      before = text();
      fs.writeFileSync(machine.config, '{"live-restore": true}');
      return 'x';
    };
    await change({ liveRestore: true, write });
    expect(reloads.map(([on]) => on)).toEqual([true]);
    expect(before).toBe(OLD);
  });
});

describe('an engine that listens on the network alone', () => {
  beforeEach(async () => boot({ port: await freePort() }));

  test('is asked there what would stop', async () => {
    engine.containers.push({ Id: 'a1', Names: ['/web'] });
    await change();
    expect(notes).toEqual([expect.stringContaining('1 container stop with the engine')]);
  });

  test('serves as before when it does so there', async () => {
    await expect(change({ prove: unproven })).rejects.toMatchObject({ code: 'HOST_ROLLED_BACK' });
    expect(beside()).toEqual(['daemon.json']);
  });
});

describe('an engine that runs and does not tell what would stop with it', () => {
  test.each<readonly [string, () => void]>([
    ['for a plugin forbids it', () => (engine.isForbidden = true)],
    ['for it does not answer', () => (engine.isUp = false)],
  ])('%s, is not touched', async (_why, make) => {
    make();
    await expect(change()).rejects.toMatchObject({
      code: 'HOST_ENGINE_SILENT',
      message: expect.stringContaining(`did not answer GET /info on ${machine.folder}/s`),
      hint: expect.stringContaining('--anyway'),
    });
    expect(machine.asked).toEqual([]);
    expect([text(), beside()]).toEqual([OLD, ['daemon.json']]);
  });

  test('is restarted all the same when told to, and is back when it forbids as before', async () => {
    engine.isForbidden = true;
    await expect(change({ isForced: true, prove: unproven })).rejects.toMatchObject({
      code: 'HOST_ROLLED_BACK',
    });
    expect(notes[0]).toContain('it is unknown which containers run');
    expect(beside()).toEqual(['daemon.json']);
    expect((await change({ isForced: true })).written).toBe('written');
  });
});

describe('a change that fails', () => {
  test.each<readonly [string, () => Told, RegExp]>([
    [
      'in the proof',
      () => ({ prove: async () => ({ ok: false, why: 'a stranger was served' }) }),
      /^a stranger was served; /,
    ],
    ['while it is written', () => ({ write: () => Promise.reject(new Error('no paper')) }), /^no paper; /],
  ])('%s is taken back, byte for byte, and says why', async (_where, told, why) => {
    const error = await change(told()).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'HOST_ROLLED_BACK', message: expect.stringMatching(why) });
    expect((error as Error).message).toContain('are as they were, and the engine serves as before');
    expect(text()).toBe(OLD);
    expect(fs.statSync(machine.config).mode & 0o777).toBe(0o640);
    expect(beside()).toEqual(['daemon.json']);
  });

  test('before the restart leaves the engine running', async () => {
    await expect(change({ write: () => Promise.reject(new Error('x')) })).rejects.toThrow('x; ');
    expect(machine.asked).toEqual(['daemon-reload']);
  });

  test('after it, restarts the engine with what was there, systemd having read it', async () => {
    const texts: string[] = [];
    machine.answers[RESTART] = () => {
      texts.push(text());
      return FINE;
    };
    await expect(change({ prove: unproven })).rejects.toThrow('no; ');
    expect(texts).toEqual([NEW, OLD]);
    expect(machine.asked.slice(2)).toEqual(['daemon-reload', 'reset-failed docker.service', RESTART]);
  });

  test("hands on the engine's own words, not systemd's", async () => {
    machine.journal.push(
      'Starting docker.service',
      'level=info msg="Starting up"',
      'failed to load listeners: no way',
      'docker.service: Failed with result exit-code',
    );
    machine.answers[RESTART] = () => (text() === NEW ? REFUSED : FINE);
    await expect(change()).rejects.toMatchObject({
      code: 'HOST_ROLLED_BACK',
      hint: 'the engine said: failed to load listeners: no way',
    });
    expect(notes).toContain('engine: failed to load listeners: no way');
    expect(notes.join('\n')).not.toContain('level=info');
  });

  test('omits what the engine says of connections that it was to reject, and keeps what it says of the client', async () => {
    const ofClient = 'http: TLS handshake error from 127.0.0.1:40001: tls: bad certificate';
    const denied = 'AuthZRequest for GET /_ping returned error: authorization denied by plugin authz: no';
    const ofProbe =
      'http: TLS handshake error from 127.0.0.1:4000: tls: client did not provide a certificate';
    machine.journal.push(ofClient, denied, ...Array<string>(20).fill(ofProbe));
    const verdict = { ok: false, why: 'no', probes: ['127.0.0.1:4000'] };
    await expect(change({ prove: () => Promise.resolve(verdict) })).rejects.toMatchObject({
      hint: `the engine said: ${denied}`,
    });
    expect(notes).toEqual(expect.arrayContaining([`engine: ${ofClient}`, `engine: ${denied}`]));
    expect(notes.join('\n')).not.toContain(ofProbe);
  });

  test("does not take a warning of the engine's for what it failed of", async () => {
    const warning = 'level=warning msg="unable to disable IPv6 router advertisement" error="open /proc/x"';
    machine.journal.push('failed to load listeners: no way', warning);
    await expect(change({ prove: unproven })).rejects.toMatchObject({
      hint: 'the engine said: failed to load listeners: no way',
    });
    expect(notes).toContain(`engine: ${warning}`);
    machine.journal.splice(0, 1);
    await expect(change({ prove: unproven })).rejects.toMatchObject({
      hint: 'correct what is named, then run the command again',
    });
  });

  test("hands on the reason of a rootless engine, not rootlesskit's word that it ended", async () => {
    machine.journal.push(
      'failed to load listeners: no way',
      '[rootlesskit:child ] error: command [dockerd-rootless.sh] exited: exit status 1',
      '[rootlesskit:parent] error: child exited: exit status 1',
    );
    await expect(change({ prove: unproven })).rejects.toMatchObject({
      hint: 'the engine said: failed to load listeners: no way',
    });
  });

  test('hands on the hint of the failure itself', async () => {
    machine.journal.push('failed to load listeners: no way');
    const error = new HostError('HOST_SWARM', 'x', { hint: 'go on foot' });
    await expect(change({ write: () => Promise.reject(error) })).rejects.toMatchObject({
      hint: 'go on foot',
    });
  });

  test('of an engine that was down leaves it down', async () => {
    await boot({ state: 'ActiveState=failed' });
    await expect(change({ prove: unproven })).rejects.toMatchObject({
      message: expect.stringContaining('the engine did not run before either'),
    });
    expect(machine.asked.slice(-2)).toEqual(['stop docker.service', 'reset-failed docker.service']);
  });

  test('on the way back too keeps the journal, and the next run goes on', async () => {
    machine.answers[RESTART] = REFUSED;
    const error = await change().catch((caught: unknown) => caught);
    const journal = journalPath(machine.config);
    expect(error).toMatchObject({ code: 'HOST_BROKEN', hint: expect.stringContaining(journal) });
    expect(fs.existsSync(journal)).toBe(true);
    machine.answers[RESTART] = FINE;
    const tools = {
      note: (line: string): void => void notes.push(line),
      reinstate: async (): Promise<void> => undefined,
    };
    expect(await recover(await unitOf(), machine.config, tools)).toEqual({
      message: `took back a change of ${machine.config} that was interrupted`,
      wasUndo: false,
    });
    expect(notes.at(-1)).toContain('was interrupted');
    expect(beside()).toEqual(['daemon.json']);
    expect(await recover(await unitOf(), machine.config, tools)).toBeUndefined();
  });

  test('tells an undo that was interrupted from another change', async () => {
    machine.answers[RESTART] = REFUSED;
    await expect(change({ isUndo: true })).rejects.toMatchObject({ code: 'HOST_BROKEN' });
    machine.answers[RESTART] = FINE;
    const tools = { note: (): void => undefined, reinstate: async (): Promise<void> => undefined };
    expect(await recover(await unitOf(), machine.config, tools)).toMatchObject({ wasUndo: true });
  });

  test('and then on the way back leaves a file that somebody has repaired since', async () => {
    machine.answers[RESTART] = REFUSED;
    await expect(change()).rejects.toMatchObject({ code: 'HOST_BROKEN' });
    const journal = journalPath(machine.config);
    const repaired = '{"debug": false, "labels": ["repaired=yes"]}';
    fs.writeFileSync(machine.config, repaired);
    machine.answers[RESTART] = FINE;
    const asked = machine.asked.length;
    const tools = { note: (): void => undefined, reinstate: async (): Promise<void> => undefined };
    await expect(recover(await unitOf(), machine.config, tools)).rejects.toMatchObject({
      code: 'HOST_CHANGED_SINCE',
      message: expect.stringContaining(machine.config),
      hint: expect.stringContaining(journal),
    });
    expect(text()).toBe(repaired);
    expect(machine.asked.length).toBe(asked);
    expect(fs.existsSync(journal)).toBe(true);

    const force = { now: new Date('2026-01-02T00:00:00Z') };
    expect(await recover(await unitOf(), machine.config, { ...tools, force })).toBeDefined();
    expect(text()).toBe(OLD);
    expect(beside()).toEqual(['daemon.json', 'daemon.json.20260102T000000Z.undone']);
    expect(fs.readFileSync(`${machine.config}.20260102T000000Z.undone`, 'utf8')).toBe(repaired);
  });

  test('with live-restore switched on switches it off again', async () => {
    machine.answers['reload docker.service'] = () => {
      engine.liveRestore = saysLiveRestore(machine.config);
      return FINE;
    };
    await expect(
      change({ liveRestore: true, write: () => Promise.reject(new Error('x')) }),
    ).rejects.toMatchObject({ code: 'HOST_ROLLED_BACK' });
    expect(engine.liveRestore).toBe(false);
    expect(text()).toBe(OLD);
  });

  test('after a restart, restarts with live-restore once more, so that containers run on there and back', async () => {
    const kept: boolean[] = [];
    // systemd may start the engine by itself as soon as it has read the unit again.
    const meanwhile: boolean[] = [];
    machine.answers['daemon-reload'] = () => {
      meanwhile.push(saysLiveRestore(machine.config));
      return FINE;
    };
    machine.answers['reload docker.service'] = () => {
      engine.liveRestore = saysLiveRestore(machine.config);
      return FINE;
    };
    machine.answers[RESTART] = () => {
      engine.liveRestore = saysLiveRestore(machine.config);
      kept.push(engine.liveRestore);
      return FINE;
    };
    const write = async (): Promise<string> => {
      fs.writeFileSync(machine.config, '{"live-restore": true}');
      return 'x';
    };
    await expect(change({ liveRestore: true, write, prove: unproven })).rejects.toThrow('no; ');
    expect(kept).toEqual([true, true]);
    expect(meanwhile).toEqual([true]);
    expect(engine.liveRestore).toBe(false);
    expect(text()).toBe(OLD);
  });
});

test('an engine that was started since an interrupted change is restarted with what was there', async () => {
  const started: string[] = [];
  machine.answers[RESTART] = () => {
    started.push(text());
    return FINE;
  };
  const { config } = machine;
  const unit = await unitOf();
  const broken = {
    ...unit,
    systemd: { ...unit.systemd, daemonReload: () => Promise.reject(new Error('cut')) },
  };
  const write = async (): Promise<string> => {
    fs.writeFileSync(config, NEW);
    throw new Error('cut');
  };
  await expect(change({ unit: broken, write })).rejects.toMatchObject({ code: 'HOST_BROKEN' });
  const tools = { note: (): void => undefined, reinstate: async (): Promise<void> => undefined };
  const other = {
    ...unit.systemd,
    show: async (name: string) => withInvocation(await unit.systemd.show(name)),
  };
  await recover({ ...unit, systemd: other }, config, tools);
  expect(started).toEqual([OLD]);
});

test('a journal is found behind a link to daemon.json', async () => {
  machine.answers[RESTART] = REFUSED;
  await expect(change()).rejects.toMatchObject({ code: 'HOST_BROKEN' });
  const link = path.join(machine.folder, 'link.json');
  fs.symlinkSync(machine.config, link);
  machine.answers[RESTART] = FINE;
  const tools = { note: (): void => undefined, reinstate: async (): Promise<void> => undefined };
  expect(await recover(await unitOf(), link, tools)).toMatchObject({ wasUndo: false });
});

const manager = (Reachability: string): unknown => ({ ManagerStatus: { Reachability } });

describe('a swarm', () => {
  beforeEach(() => {
    engine.swarm = { LocalNodeState: 'active', ControlAvailable: true };
    engine.nodes = [manager('reachable'), { Spec: {} }];
  });

  test('keeps its only manager, and nothing is written', async () => {
    await expect(change()).rejects.toMatchObject({
      code: 'HOST_SWARM',
      hint: expect.stringContaining('add --anyway'),
    });
    expect(text()).toBe(OLD);
    expect(beside()).toEqual(['daemon.json']);
    expect(machine.asked).toEqual([]);
  });

  test('counts the managers that answer', async () => {
    engine.nodes = [manager('reachable'), manager('reachable'), manager('unreachable')];
    await expect(change()).rejects.toMatchObject({ message: expect.stringContaining('1 of 3 managers') });
    engine.nodes = [manager('reachable'), manager('reachable'), manager('reachable')];
    expect((await change()).written).toBe('written');
  });

  test('lets it go when told to', async () => {
    expect((await change({ isForced: true })).written).toBe('written');
  });

  test.each([
    ['tells it with /info', true],
    ['tells it with /swarm alone', false],
  ])('keeps a manager that a restart would lock, when it %s', async (_, isInInfo) => {
    const cluster = { Spec: { EncryptionConfig: { AutoLockManagers: true } } };
    engine.swarm = { ...engine.swarm, ...(isInInfo && { Cluster: cluster }) };
    engine.cluster = cluster;
    await expect(change({ isForced: true })).rejects.toMatchObject({
      code: 'HOST_SWARM_LOCK',
      hint: expect.stringContaining('docker swarm unlock'),
    });
    expect(text()).toBe(OLD);
    expect(machine.asked).toEqual([]);
  });

  test('keeps a manager that finds no leader to tell whether a restart would lock it', async () => {
    engine.swarm = {
      ...engine.swarm,
      Cluster: { ID: '', Spec: { EncryptionConfig: { AutoLockManagers: false } } },
    };
    await expect(change()).rejects.toMatchObject({ code: 'HOST_SWARM_LOCK' });
    await expect(change({ isForced: true })).rejects.toMatchObject({ code: 'HOST_SWARM_LOCK' });
    await expect(change({ isLockAllowed: true })).rejects.toMatchObject({
      code: 'HOST_SWARM',
      message: expect.stringContaining('has no leader'),
    });
    expect((await change({ isForced: true, isLockAllowed: true })).written).toBe('written');
  });

  test('is told that its manager is locked, where that was allowed', async () => {
    engine.cluster = { Spec: { EncryptionConfig: { AutoLockManagers: true } } };
    machine.answers[RESTART] = () => {
      engine.swarm = { LocalNodeState: 'locked' };
      return FINE;
    };
    expect(await change({ isForced: true, isLockAllowed: true })).toMatchObject({ isSwarmLocked: true });
    expect(notes).toEqual([expect.stringContaining('docker swarm unlock')]);
  });

  test.each(['active', 'locked'])('that is %s does not go together with live-restore', async (state) => {
    engine.swarm = { LocalNodeState: state };
    await expect(change({ isForced: true, liveRestore: true })).rejects.toMatchObject({
      message: expect.stringContaining('swarm mode'),
    });
    expect(text()).toBe(OLD);
  });
});

const reads = (role: 'tlscert' | 'tlskey'): string =>
  fs.readFileSync((JSON.parse(text()) as Record<string, string>)[role] ?? '', 'utf8');
const engineKey = (): string => (JSON.parse(text()) as { readonly tlskey: string }).tlskey;
const unproven: ChangeTools['prove'] = async () => ({ ok: false, why: 'no' });
const nothingElse = async (): Promise<string> => 'nothing else';
const fullRegistry = async (): Promise<void> => {
  throw new Error('the registry is full');
};

describe('a new pair', () => {
  const NAMES = ['ca.pem', 'server-cert.pem', 'server-key.pem'] as const;
  let tls: string;
  let pair: PairChange;
  /** What a start of the engine finds while the new pair is put in place. */
  let meanwhile: readonly string[];
  const entries = (): readonly string[] => fs.readdirSync(tls).toSorted();

  beforeEach(() => {
    tls = path.join(machine.folder, 'tls');
    fs.mkdirSync(tls);
    for (const name of NAMES) fs.writeFileSync(path.join(tls, name), `old ${name}`, { mode: 0o640 });
    const [ca, certificate, key] = NAMES.map((name) => path.join(tls, name)) as [string, string, string];
    fs.writeFileSync(
      machine.config,
      JSON.stringify({ tlsverify: true, tlscacert: ca, tlscert: certificate, tlskey: key }),
    );
    pair = {
      engine: { ca, certificate, key },
      copies: [path.join(machine.folder, 'out', 'server-cert.pem')],
      record: { directory: '/srv/ca', name: 'node1', serial: 'ab' },
      publish: async () => {
        meanwhile = [reads('tlscert'), reads('tlskey'), path.dirname(engineKey())];
        for (const name of NAMES.slice(1)) fs.writeFileSync(path.join(tls, name), `new ${name}`);
        fs.chmodSync(path.join(tls, 'ca.pem'), 0o600);
        fs.writeFileSync(path.join(tls, 'server-key.pem.20260101T000000Z.bak'), 'old server-key.pem');
        fs.mkdirSync(path.join(machine.folder, 'out'));
        fs.writeFileSync(path.join(machine.folder, 'out', 'server-cert.pem'), 'new');
      },
    };
  });

  test('is what the engine restarts with', async () => {
    const seen: string[] = [];
    machine.answers[RESTART] = () => {
      seen.push(reads('tlscert'), reads('tlskey'));
      return FINE;
    };
    const before = text();
    await change({ pair, write: nothingElse });
    expect(meanwhile).toEqual(['old server-cert.pem', 'old server-key.pem', pairFolder(machine.config)]);
    expect(seen).toEqual(['new server-cert.pem', 'new server-key.pem']);
    expect(text()).toBe(before);
    expect(beside()).toEqual(['daemon.json']);
    expect(reinstated).toEqual([]);
  });

  test('is kept by itself meanwhile, for its owner alone', async () => {
    let modes: readonly number[] = [];
    const prove: ChangeTools['prove'] = async () => {
      const folder = pairFolder(machine.config);
      const files = fs.readdirSync(folder).map((name) => path.join(folder, name));
      modes = [folder, ...files].map((file) => fs.statSync(file).mode & 0o777);
      expect(fs.readFileSync(journalPath(machine.config), 'utf8')).not.toContain(
        Buffer.from('old server-key.pem').toString('base64').slice(0, 20),
      );
      return { ok: true, why: '' };
    };
    await change({ pair, write: nothingElse, prove });
    expect(modes).toEqual([0o700, 0o600, 0o600, 0o600]);
  });

  test('that is not proven goes, with all that came with it', async () => {
    const seen: string[] = [];
    machine.answers[RESTART] = () => {
      seen.push(reads('tlscert'));
      return FINE;
    };
    const before = text();
    await expect(change({ pair, write: nothingElse, prove: unproven })).rejects.toMatchObject({
      message: expect.stringContaining("the engine's pair are as they were"),
    });
    expect(seen).toEqual(['new server-cert.pem', 'old server-cert.pem']);
    expect(text()).toBe(before);
    expect(reinstated).toEqual([pair.record]);
    expect(fs.readdirSync(tls).toSorted()).toEqual(NAMES.toSorted());
    for (const name of NAMES) {
      expect(fs.readFileSync(path.join(tls, name), 'utf8')).toBe(`old ${name}`);
      expect(fs.statSync(path.join(tls, name)).mode & 0o777).toBe(0o640);
    }
    expect(fs.existsSync(path.join(machine.folder, 'out'))).toBe(false);
    expect(beside()).toEqual(['daemon.json']);
  });

  describe('that is published as a generation, and is not proven', () => {
    const publish = async (word: string): Promise<void> =>
      publishGeneration(
        tls,
        NAMES,
        NAMES.map((name) => ({ name, data: `${word} ${name}`, mode: 0o640 })),
      );
    const contents = (): readonly string[] =>
      NAMES.map((name) => fs.readFileSync(path.join(tls, name), 'utf8'));
    const old = NAMES.map((name) => `old ${name}`);
    const fail = async (): Promise<unknown> =>
      expect(
        change({ pair: { ...pair, publish: () => publish('new') }, write: nothingElse, prove: unproven }),
      ).rejects.toMatchObject({ code: 'HOST_ROLLED_BACK' });

    test('leaves the generation that was in force, and no other', async () => {
      await publish('old');
      fs.rmSync(
        path.join(tls, generationsIn(tls).find((name) => name !== currentGeneration(tls)) ?? 'none'),
        {
          recursive: true,
          force: true,
        },
      );
      const [before, current] = [entries(), currentGeneration(tls)];
      await fail();
      expect(contents()).toEqual(old);
      expect([entries(), currentGeneration(tls)]).toEqual([before, current]);
    });

    test('leaves plain files where there were plain files', async () => {
      await fail();
      expect(contents()).toEqual(old);
      expect(entries()).toEqual(NAMES.toSorted());
    });

    test('leaves the old content even where its generation was removed', async () => {
      await publish('old');
      const former = currentGeneration(tls) ?? '';
      const twice = async (): Promise<void> => {
        for (const word of ['new', 'newer']) await publish(word);
      };
      const told = { pair: { ...pair, publish: twice }, write: nothingElse, prove: unproven };
      await expect(change(told)).rejects.toMatchObject({ code: 'HOST_ROLLED_BACK' });
      expect(contents()).toEqual(old);
      expect(generationsIn(tls)).toEqual([currentGeneration(tls)]);
      expect(generationsIn(tls)).not.toContain(former);
    });
  });

  test('is not touched when the old one could not be kept', async () => {
    const { key } = pair.engine;
    fs.rmSync(key);
    fs.mkdirSync(key);
    const before = text();
    await expect(change({ pair, write: nothingElse })).rejects.toMatchObject({ code: 'HOST_ROLLED_BACK' });
    expect(text()).toBe(before);
    expect(reinstated).toEqual([]);
    expect(fs.readFileSync(pair.engine.certificate, 'utf8')).toBe('old server-cert.pem');
  });

  test('whose record cannot be set right waits for the next run, and the engine can be started meanwhile', async () => {
    const told = { pair, write: nothingElse, prove: unproven, reinstate: fullRegistry };
    await expect(change(told)).rejects.toMatchObject({ code: 'HOST_BROKEN' });
    expect([reads('tlscert'), reads('tlskey')]).toEqual(['old server-cert.pem', 'old server-key.pem']);
    const tools = {
      note: (): void => undefined,
      reinstate: async (record: unknown): Promise<void> => void reinstated.push(record),
    };
    await recover(await unitOf(), machine.config, tools);
    expect(reinstated).toEqual([pair.record]);
    expect(beside()).toEqual(['daemon.json']);
  });

  test('that was proven leaves nothing on the disk, even where it was killed while it cleaned up', async () => {
    fs.mkdirSync(pairFolder(machine.config));
    const left = `.docker-mtls.change.json.${'0'.repeat(32)}.0-7-1.partial`;
    fs.writeFileSync(path.join(path.dirname(machine.config), left), '');
    const tools = { note: (): void => undefined, reinstate: async (): Promise<void> => undefined };
    expect(await recover(await unitOf(), machine.config, tools)).toBeUndefined();
    expect(beside()).toEqual(['daemon.json']);
  });
});
