import type { Found, FoundObject, PolicyRequest, Subject } from '@docker-mtls/policy';
import { ROUTES } from '../../packages/policy/src/operations/table.ts';
import { BODY_OF, MEMBERS, REPEATED_IN } from './members.ts';
import type { Random } from './random.ts';

const REFERENCES = [
  'web-1',
  'data',
  'db-1',
  'rootfs',
  'abc',
  'alpine',
  'registry.example/web/app:1',
  'a/b',
  'unasked',
] as const;
const IMAGES =
  `alpine alpine:3 web/app evil registry.example/web/app registry.example/web/app:1 registry.example/a/b/c abc123
  docker.io/library/alpine localhost/x Evil sha256:${'0'.repeat(64)} alpine@sha256:${'0'.repeat(64)}`.split(
    /\s+/,
  );

/** Values worth trying, by the names of members; others are made from the type. */
const VALUES: Readonly<Record<string, readonly unknown[]>> = {
  Image: IMAGES,
  Name: ['web-1', 'data', 'db-1', '', 'syslog', 'local', 'sshfs', 'json-file'],
  Labels: [{ team: 'web' }, { team: 'db' }, { Team: 'web' }, {}, null],
  Privileged: [true, false, false],
  Binds: [
    ['/:/h'],
    ['data:/x'],
    ['rootfs:/x:ro'],
    ['/anonymous'],
    ['c:/x'],
    ['data:/x:shared'],
    ['unasked:/x'],
    [],
  ],
  Type: ['bind', 'volume', 'volume', 'tmpfs', 'Volume', '', 'syslog', 'json-file', 'local'],
  Source: ['data', 'rootfs', '/', '', 'web-1'],
  Subpath: ['a/b', '../x', '/x'],
  Options: [
    {},
    { o: 'bind' },
    { type: 'tmpfs', device: 'tmpfs', o: 'size=1g' },
    { 'max-size': '1m' },
    { parent: 'eth0' },
    { encrypted: '' },
  ],
  DriverOpts: [
    {},
    { o: 'bind', device: '/' },
    { type: 'tmpfs', device: 'tmpfs' },
    { 'com.docker.network.endpoint.sysctls': 'x' },
    { 'com.docker.network.endpoint.ifname': 'x' },
  ],
  Driver: ['local', 'bridge', 'overlay', 'macvlan', 'sshfs', '', { Name: 'x' }],
  NetworkMode: ['host', 'bridge', 'container:abc', 'web', 'ns:/x', ''],
  PidMode: ['host', 'container:abc', ''],
  IpcMode: ['host', 'private', 'shareable', 'container:abc'],
  UTSMode: ['host', ''],
  UsernsMode: ['host', ''],
  CgroupnsMode: ['host', 'private'],
  Target: ['host', 'net1', 'hostnet', 'unasked', '/x'],
  EndpointsConfig: [{ host: {} }, { web: null }, { web: { DriverOpts: { x: 'y' } } }],
  CapAdd: [['ALL'], ['NET_BIND_SERVICE'], ['cap_chown'], ['SYS_ADMIN'], []],
  CapabilityAdd: [['CAP_SYS_ADMIN'], ['CAP_NET_BIND_SERVICE'], ['CHOWN']],
  SecurityOpt: [['no-new-privileges'], ['seccomp=unconfined'], []],
  Runtime: ['', 'runc', 'plugin', 'container', null],
  Isolation: ['', 'default', 'process'],
  CgroupParent: ['', '/x'],
  Cgroup: ['', 'container:x'],
  Sysctls: [{ 'kernel.shmmax': '1' }, { 'net.ipv4.tcp_syncookies': '1' }, {}],
  OomScoreAdj: [0, -1, 10],
  Mode: ['default', 'unconfined', 'disabled', ''],
  User: ['', 'root', '1000'],
  Scope: ['', 'local', 'other'],
  Container: ['web-1', 'db-1', 'a/b', ''],
  NetworkID: ['web-1', 'net1', ''],
  SecretID: ['web-1', 'db-1', ''],
  ConfigID: ['web-1', 'db-1', ''],
  Links: [['web-1:a'], ['/db-1:/a'], ['web-1'], []],
  Network: ['', 'other'],
  Config: [{}, { 'max-size': '1m' }, { 'syslog-address': 'x' }, [], [{ Subnet: '10.0.0.0/8' }]],
};

/** What lives on the engine. `unasked` is never answered. */
const FOUND: readonly Found[] = [
  ...['web-1', 'abc'].map((reference) => container(reference, 'web-1', 'web')),
  ...['db-1', 'data', 'rootfs'].map((reference) => container(reference, 'db-1', 'db')),
  {
    kind: 'volume',
    reference: 'data',
    object: { name: 'data', labels: { team: 'web' }, driver: 'local', options: {} },
  },
  {
    kind: 'volume',
    reference: 'rootfs',
    object: { name: 'rootfs', labels: {}, driver: 'local', options: { o: 'bind', device: '/' } },
  },
  { kind: 'volume', reference: 'web-1' },
  { kind: 'network', reference: 'net1', object: { name: 'web-net', labels: {}, driver: 'overlay' } },
  { kind: 'network', reference: 'hostnet', object: { name: 'host', labels: {}, driver: 'host' } },
  {
    kind: 'network',
    reference: 'web-1',
    object: { name: 'web-1', labels: { team: 'web' }, driver: 'bridge' },
  },
  { kind: 'exec', reference: 'abc', object: session(false, '', 'abc') },
  { kind: 'exec', reference: 'web-1', object: session(true, '', 'web-1') },
  { kind: 'exec', reference: 'db-1', object: session(false, 'root', 'db-1') },
  { kind: 'service', reference: 'web-1', object: { name: 'web-1', labels: { team: 'web' } } },
  { kind: 'secret', reference: 'web-1', object: { name: 'web-1', labels: {} } },
  { kind: 'secret', reference: 'db-1', object: { name: 'db-1', labels: { team: 'db' } } },
  { kind: 'config', reference: 'web-1', object: { name: 'web-1', labels: { team: 'web' } } },
  { kind: 'config', reference: 'db-1', object: { name: 'db-1', labels: {} } },
];

function container(reference: string, name: string, team: string): Found {
  return { kind: 'container', reference, object: { name, labels: { team } } };
}

function session(privileged: boolean, user: string, owner: string): FoundObject {
  return { name: '', labels: {}, container: owner, privileged, user };
}

/** Operations with the most rules. */
const FAVOURITE_BODIES = /^(ContainerCreate|ServiceCreate|NetworkCreate)$/;
const FAVOURITES =
  /^(PutContainerArchive|ImageCreate|ImageBuild|ContainerTop|ContainerStart|Plugin.*|Swarm.*|ImageTag)$/;

export function randomRequest(random: Random): PolicyRequest {
  const isBody = random.chance(65);
  const rows = isBody ? ROUTES.filter(([operation]) => BODY_OF[operation] !== undefined) : ROUTES;
  const favourites = isBody ? FAVOURITE_BODIES : FAVOURITES;
  const weighted = random.chance(50) ? rows.filter(([operation]) => favourites.test(operation)) : rows;
  const [operation, method, template] = weighted[random.below(weighted.length)] ?? ROUTES[0];
  const kind = BODY_OF[operation];
  const hasBody = kind === undefined ? random.chance(5) : random.chance(97);
  const body = hasBody
    ? Buffer.from(bodyText(kind ?? REPEATED_IN[operation] ?? 'Nothing', random))
    : undefined;
  return {
    subject: subject(random),
    method: random.chance(1) ? 'PUT' : method,
    uri: uriOf(template, random),
    headers: headers(body, random),
    body,
    now: Date.UTC(2026, 5, 1),
    engine: { unpacksSafely: random.chance(50) },
    found: FOUND,
  };
}

function subject(random: Random): Subject {
  if (random.chance(10)) return { kind: 'local' };
  return {
    kind: 'certificate',
    commonName: random.pick(['ann', 'ann', 'ann', 'andy', 'bob', 'root']),
    organizationalUnits: random.chance(50) ? ['dev', 'ops'] : [],
    uris: random.chance(30) ? ['spiffe://x/a'] : [],
    issuer: random.pick(['0011223344556677', '8899aabbccddeeff']),
    fingerprint: (random.chance(10) ? 'ab' : 'cd').repeat(32),
  };
}

function uriOf(template: string, random: Random): string {
  const plain = template.replaceAll(/\{\w+\}/g, () => random.pick([...REFERENCES, 'web-1', 'web-1', 'abc']));
  const versioned = random.chance(50)
    ? `${random.pick(['/v1.41', '/v1.51', '/v0001.', '/v9', '/v1.x'])}${plain}`
    : plain;
  const escaped = random.chance(10)
    ? versioned.replaceAll(/[aeo]/g, (letter) => `%${letter.charCodeAt(0).toString(16)}`)
    : versioned;
  const odd: [string, ...string[]] = [
    `${escaped}/`,
    `/${escaped}`,
    `${escaped}#x`,
    `http://h${escaped}`,
    `${escaped}/../x`,
    `${escaped}%zz`,
    escaped.toUpperCase(),
  ];
  return (random.chance(5) ? random.pick(odd) : escaped) + queryText(template, random);
}

/** Parameters that a rule speaks of, and the paths that they are for. */
const OWN_PARAMETERS: Readonly<Record<string, string>> = {
  '/images/create': 'fromSrc=http://x',
  '/services/{id}/update': 'rollback=previous',
  '/containers/{id}/start': 'checkpoint=x',
  '/containers/{id}/top': 'ps_args=axe',
};

function queryText(template: string, random: Random): string {
  const parameters = [
    'name=web-1',
    'name=db-1',
    'name=%2Fweb-1',
    `fromImage=${IMAGES[random.below(IMAGES.length)] ?? ''}`,
    'fromImage=registry.example%2fweb%2fapp',
    'tag=3',
    'repo=alpine',
    'repo=evil',
    'fromSrc=-',
    'fromSrc=http://x',
    'ps_args=aux',
    'ps_args=-o+x',
    'checkpoint=x',
    'rollback=previous',
    'container=web-1',
    'container=db-1',
    'a=%zz',
    'a;b',
    '',
  ];
  const own = OWN_PARAMETERS[template];
  const chosen = own !== undefined && random.chance(40) ? [own] : random.some(parameters, 3);
  return chosen.length === 0 ? '' : `?${chosen.join('&')}`;
}

function headers(body: Uint8Array | undefined, random: Random): Record<string, string> {
  const odd: [string, ...string[]] = [
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/json5',
    '',
  ];
  const type = random.chance(4)
    ? { 'Content-Type': random.pick(odd) }
    : body === undefined
      ? {}
      : { 'Content-Type': 'application/json' };
  const isRight = random.chance(97);
  const length = random.chance(20) ? {} : { 'Content-Length': isRight ? String(body?.length ?? 0) : '77' };
  return { ...type, ...length };
}

/** JSON as text, since two members of one name cannot be in a value. */
function bodyText(kind: string, random: Random): string {
  if (random.chance(1)) return random.pick(['null', '[]', '{', '{}x', '1', '"a"', '\ufeff{}', '']);
  return structText(kind, random, 0);
}

function structText(kind: string, random: Random, depth: number): string {
  const members = [...(MEMBERS.get(kind) ?? [])];
  const most = depth === 0 ? 4 : 2;
  const wanted = [
    'HostConfig',
    'TaskTemplate',
    'ContainerSpec',
    'Image',
    'Labels',
    'Name',
    'Type',
    'Mounts',
    'VolumeOptions',
    'DriverConfig',
    'Container',
    'IPAM',
  ];
  const likely = members.filter(([name]) => wanted.includes(name) && random.chance(60));
  const risky = members.filter(([name]) => VALUES[name] !== undefined);
  const chosen = new Map([...likely, ...random.some(random.chance(60) ? risky : members, most)]);
  const texts = [...chosen].map(
    ([name, type]) => `${JSON.stringify(written(name, random))}:${valueText(name, type, random, depth + 1)}`,
  );
  const [first] = chosen.keys();
  if (first !== undefined && random.chance(1)) texts.push(`${JSON.stringify(written(first, random))}:null`);
  if (random.chance(1)) texts.push(random.pick(['"NewSetting":1', '"Other":null', '"newsetting":{"a":1}']));
  return `{${texts.join(',')}}`;
}

function written(name: string, random: Random): string {
  if (random.chance(94)) return name;
  return random.pick([
    name.toLowerCase(),
    name.toUpperCase(),
    name.replace('s', '\u017f').replace('k', '\u212a'),
  ]);
}

function valueText(name: string, type: string, random: Random, depth: number): string {
  if (random.chance(3)) return 'null';
  if (random.chance(0.5)) return random.pick(['1', '"x"', 'true', '[]', '{}', '1.5']);
  const values = VALUES[name];
  const isNested =
    type !== '?' && !/^[sbinc]$/.test(type) && random.chance(name === 'Config' || name === 'Mode' ? 50 : 0);
  if (values !== undefined && !isNested) return JSON.stringify(values[random.below(values.length)]);
  if (type.startsWith('['))
    return `[${Array.from({ length: random.below(3) }, () => valueText('', type.slice(1, -1), random, depth)).join(',')}]`;
  if (type.startsWith('{'))
    return random.chance(50) ? '{}' : `{"a":${valueText('', type.slice(1, -1), random, depth)}}`;
  if (MEMBERS.has(type)) return structText(type, random, depth);
  const plain: Record<string, readonly [string, ...string[]]> = {
    s: ['""', '"x"', '"host"'],
    b: ['false', 'false', 'true'],
    i: ['0', '1', '-1', '512'],
    n: ['0', '0.5'],
    c: ['"sh"', '["sh","-c"]', 'null'],
    '?': ['null', '[]', '{}', '["x"]', '{"a":1}', '""'],
  };
  return random.pick(plain[type] ?? ['null']);
}
