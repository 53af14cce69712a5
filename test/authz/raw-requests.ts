import { HIDDEN_BODIES } from './hidden-bodies.ts';
import {
  BAD,
  BAD_HOST,
  CREATE,
  chunked,
  FORM,
  GOOD,
  HEAD,
  JSON_TYPE,
  MEBIBYTE,
  post,
  rows,
  sized,
} from './raw-bytes.ts';
import type { RawRequest } from './raw-bytes.ts';

/** Forms: the engine reads parameters from them first, and shows none of it. */
const HIDDEN_FORMS = [
  ...rows('web', {
    'a new name in a form': post('/containers/web-1/rename?name=web-2', `${FORM}${sized('name=other')}`),
    'a new name in a form that is called plain text': post(
      '/containers/web-1/rename?name=web-2',
      `${FORM}Content-Type: text/plain\r\n${sized('name=other')}`,
    ),
    'a new name in a form in chunks': post(
      '/containers/web-1/rename?name=web-2',
      `${FORM}${chunked('name=other')}`,
    ),
    'a new name in a form in chunks that is called plain text': post(
      '/containers/web-1/rename?name=web-2',
      `${FORM}Content-Type: text/plain\r\n${chunked('name=other')}`,
    ),
    'a new name in a form in chunks that is called JSON': post(
      '/containers/web-1/rename?name=web-2',
      `${FORM}${JSON_TYPE}${chunked('name=other')}`,
    ),
    'a new name in a form in chunks without a type': post(
      '/containers/web-1/rename?name=web-2',
      `${FORM}Content-Type:\r\n${chunked('name=other')}`,
    ),
    'a tag in a form in chunks that is called plain text': post(
      '/images/alpine/tag?repo=alpine&tag=2',
      `${FORM}Content-Type: text/plain\r\n${chunked('repo=other&tag=3')}`,
    ),
    'a prune': post('/containers/prune', sized('')),
  }),
  ...rows('images-only', {
    'an image in a form in chunks that is called plain text': post(
      '/commit?container=web-1&repo=registry.example/web/a',
      `${FORM}Content-Type: text/plain\r\n${chunked('repo=other/evil')}`,
    ),
  }),
];

/** Engines before API 1.24 took settings at the start, which 20.10 still does. */
const START_BODIES = rows('operator', {
  'settings at the start': post(
    '/v1.23/containers/stopped/start',
    `${JSON_TYPE}${sized(JSON.stringify(BAD_HOST))}`,
  ),
  'settings at the start in chunks': post(
    '/v1.23/containers/stopped/start',
    `${JSON_TYPE}${chunked(JSON.stringify(BAD_HOST))}`,
  ),
  'settings above 1 MiB at the start in chunks': post(
    '/v1.23/containers/stopped/start',
    `${JSON_TYPE}${chunked(MEBIBYTE + JSON.stringify(BAD_HOST))}`,
  ),
  'settings at the start, then plain text, in chunks': post(
    '/v1.23/containers/stopped/start',
    `${JSON_TYPE}Content-Type: text/plain\r\n${chunked(MEBIBYTE + JSON.stringify(BAD_HOST))}`,
  ),
});

const SESSIONS = [
  ...rows('debugger', {
    'a privileged session of an administrator': post(
      '/exec/{execPrivileged}/start',
      `${JSON_TYPE}${sized('{"Detach":true}')}`,
    ),
    'a session as root of an administrator': post(
      '/exec/{execAsRoot}/start',
      `${JSON_TYPE}${sized('{"Detach":true}')}`,
    ),
    'a privileged session': post(
      '/containers/victim/exec',
      `${JSON_TYPE}${sized('{"Cmd":["sh"],"Privileged":true}')}`,
    ),
    'a session as root': post(
      '/containers/victim/exec',
      `${JSON_TYPE}${sized('{"Cmd":["sh"],"User":"00"}')}`,
    ),
    'a privileged session above 1 MiB in chunks': post(
      '/containers/victim/exec',
      `${JSON_TYPE}${chunked(`${MEBIBYTE}{"Cmd":["sh"],"Privileged":true}`)}`,
    ),
  }),
  ...rows(
    'viewer',
    {
      'a session of another': post('/exec/{execOfVictim}/start', `${JSON_TYPE}${sized('{"Detach":true}')}`),
      'an upgrade to BuildKit': post('/grpc', 'Connection: Upgrade\r\nUpgrade: h2c\r\n\r\n'),
      'an upgrade to a session': post('/session', 'Connection: Upgrade\r\nUpgrade: h2c\r\n\r\n'),
      'a way in by a websocket': `GET /containers/victim/attach/ws?stream=1&stdin=1 HTTP/1.1\r\nHost: e\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nOrigin: http://e\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`,
      'a way in': post(
        '/containers/victim/attach?stream=1&stdin=1',
        'Upgrade: tcp\r\nContent-Length: 0\r\n\r\n',
      ),
    },
    { isRead: true },
  ),
];

/** Another's container, by all names that the engine takes for it. */
const OTHERS = rows('web', {
  'by its name': post('/containers/victim/kill', sized('')),
  'by its id': post('/containers/{victimId}/kill', sized('')),
  'by the beginning of its id': post('/containers/{victimPrefix}/kill', sized('')),
  'by an escaped name': post('/containers/%76ictim/kill', sized('')),
  'by a name with a slash': post('/containers/%2Fvictim/kill', sized('')),
  'by a way out of its own': post('/containers/web-1/../victim/kill', sized('')),
  'by an escaped way out of its own': post('/containers/web-1%2F..%2Fvictim/kill', sized('')),
  'by a name with a question mark': post('/containers/victim%3Fweb-1/kill', sized('')),
  'by a name with a null byte': post('/containers/victim%00web-1/kill', sized('')),
  'by an absolute address': post('http://web-1/containers/victim/kill', sized('')),
  'by its id in capitals': post('/containers/{VICTIMID}/kill', sized('')),
  'to remove it': post('', '\r\n', 'DELETE /containers/victim?force=1 HTTP/1.1'),
  'to rename it': post('/containers/victim/rename?name=web-9', sized('')),
  'to rename its own': post('/containers/web-1/rename?name=victim-2', sized('')),
  'to limit it': post('/containers/victim/update', `${JSON_TYPE}${sized('{"Memory":10000000}')}`),
  'to stop it under two names': post('/containers/victim/stop?name=web-1', sized('')),
  'to make one with its name': post('/containers/create?name=victim', `${JSON_TYPE}${sized(GOOD)}`),
  'to make one with a volume of the host': post(
    '/containers/create?name=web-3',
    `${JSON_TYPE}${sized(JSON.stringify({ Image: 'alpine', Labels: { team: 'web' }, HostConfig: { Binds: ['hostvol:/x'] } }))}`,
  ),
});

const VOLUMES = rows('deployer', {
  'a volume of the host by its name': post(
    CREATE,
    `${JSON_TYPE}${sized(JSON.stringify({ Image: 'busybox:test', Cmd: ['sh'], HostConfig: { Binds: ['hostvol:/x'], NetworkMode: 'none' } }))}`,
  ),
  'a volume of the host as a mount': post(
    CREATE,
    `${JSON_TYPE}${sized(JSON.stringify({ Image: 'busybox:test', Cmd: ['sh'], HostConfig: { NetworkMode: 'none', Mounts: [{ Type: 'volume', Source: 'hostvol', Target: '/x' }] } }))}`,
  ),
  'a new volume of the host': post(
    '/volumes/create',
    `${JSON_TYPE}${sized(JSON.stringify({ Name: 'new', DriverOpts: { type: 'none', o: 'bind', device: '/' } }))}`,
  ),
  'a new volume of the host above 1 MiB in chunks': post(
    '/volumes/create',
    `${JSON_TYPE}${chunked(MEBIBYTE + JSON.stringify({ Name: 'new', DriverOpts: { type: 'none', o: 'bind', device: '/' } }))}`,
  ),
  "another container's volumes": post(
    CREATE,
    `${JSON_TYPE}${sized(JSON.stringify({ Image: 'busybox:test', Cmd: ['sh'], HostConfig: { VolumesFrom: ['victim'], NetworkMode: 'none' } }))}`,
  ),
});

const READS = rows(
  'viewer',
  {
    files: post('', '\r\n', 'GET /containers/victim/archive?path=/etc HTTP/1.1'),
    'files by an escaped path': post('', '\r\n', 'GET /containers/victim/%61rchive?path=/etc HTTP/1.1'),
    'all files': post('', '\r\n', 'GET /containers/victim/export HTTP/1.1'),
    'an image': post('', '\r\n', 'GET /images/busybox:test/get HTTP/1.1'),
    images: post('', '\r\n', 'GET /images/get?names=busybox:test HTTP/1.1'),
    'memory of the engine': post('', '\r\n', 'GET /debug/pprof/heap HTTP/1.1'),
    'variables of the engine': post('', '\r\n', 'GET /debug/vars HTTP/1.1'),
    'tokens of the cluster': post('', '\r\n', 'GET /swarm HTTP/1.1'),
    'files with a secret of the plugin': post(
      '',
      'X-Docker-Mtls-Lookup: 00\r\n\r\n',
      'GET /containers/victim/archive?path=/etc HTTP/1.1',
    ),
    'a log of another by a body with a path': post('', sized('x'), 'GET /containers/victim/export HTTP/1.1'),
  },
  { isRead: true },
);

const LINES = rows('viewer', {
  'a method in small letters': post('', `${JSON_TYPE}${sized(BAD)}`, `post ${CREATE} HTTP/1.1`),
  'a method with a body that is overridden': post(
    '',
    `X-HTTP-Method-Override: POST\r\n${JSON_TYPE}${sized(BAD)}`,
    `GET ${CREATE} HTTP/1.1`,
  ),
  'an absolute address': post('', `${JSON_TYPE}${sized(BAD)}`, `POST http://u:p@evil${CREATE} HTTP/1.1`),
  'an absolute address of another scheme': post(
    '',
    `${JSON_TYPE}${sized(BAD)}`,
    `POST unix://evil${CREATE} HTTP/1.1`,
  ),
  'two slashes': post('', `${JSON_TYPE}${sized(BAD)}`, `POST /${CREATE} HTTP/1.1`),
  'an escaped slash': post('', `${JSON_TYPE}${sized(BAD)}`, 'POST /containers%2Fcreate?name=bad HTTP/1.1'),
  'an escaped version': post(
    '',
    `${JSON_TYPE}${sized(BAD)}`,
    'POST /%76%31.40/containers/create?name=bad HTTP/1.1',
  ),
  'a double escape': post('', `${JSON_TYPE}${sized(BAD)}`, 'POST /containers/%2563reate?name=bad HTTP/1.1'),
  'an overlong slash': post(
    '',
    `${JSON_TYPE}${sized(BAD)}`,
    'POST /containers%c0%afcreate?name=bad HTTP/1.1',
  ),
  'a harmless query': post(
    '',
    `${JSON_TYPE}${sized(BAD)}`,
    'POST /containers/create?/containers/json HTTP/1.1',
  ),
  'a fragment': post('', `${JSON_TYPE}${sized(BAD)}`, 'POST /containers/create#/json HTTP/1.1'),
  'a tab in the line': post('', `${JSON_TYPE}${sized(BAD)}`, 'POST\t/containers/create HTTP/1.1'),
  'a second request behind a read': `GET /_ping HTTP/1.1\r\nHost: e\r\n\r\n${post('', `${JSON_TYPE}${sized(BAD)}`, `POST ${CREATE} HTTP/1.1`)}`,
  'a second request in the body of a read': `GET /_ping HTTP/1.1\r\nHost: e\r\nContent-Length: 0\r\n\r\n${post('', `${JSON_TYPE}${sized(BAD)}`, `POST ${CREATE} HTTP/1.1`)}`,
  CONNECT: `CONNECT e:80 HTTP/1.1\r\n${HEAD}\r\n`,
  PATCH: post('', `${JSON_TYPE}${sized(BAD)}`, `PATCH ${CREATE} HTTP/1.1`),
});

const WHOLE = [
  ...rows('deployer', {
    'a plugin': post('/plugins/pull?remote=127.0.0.1:1/x', `${JSON_TYPE}${sized('[]')}`),
    'the end of the policy': post('/plugins/docker-mtls/disable?force=1', sized('')),
    'a cluster': post(
      '/swarm/init',
      `${JSON_TYPE}${sized('{"ListenAddr":"127.0.0.1:2399","AdvertiseAddr":"127.0.0.1"}')}`,
    ),
    'a cluster above 1 MiB in chunks': post(
      '/swarm/init',
      `${JSON_TYPE}${chunked(`${MEBIBYTE}{"ListenAddr":"127.0.0.1:2399","AdvertiseAddr":"127.0.0.1"}`)}`,
    ),
    'a build': post(
      '/build?t=bad&remote=http://127.0.0.1:1/x',
      'Content-Type: application/x-tar\r\nContent-Length: 0\r\n\r\n',
    ),
    'an image from an address': post('/images/create?fromSrc=http://127.0.0.1:1/x&repo=bad', sized('')),
    'a network of the host': post(
      '/networks/create',
      `${JSON_TYPE}${sized('{"Name":"bad","Driver":"macvlan","Options":{"parent":"lo"}}')}`,
    ),
  }),
  ...rows('ci', {
    'files into a container as root of the host': post(
      '',
      'Content-Type: application/x-tar\r\nContent-Length: 1024\r\n\r\n' + '\0'.repeat(1024),
      'PUT /containers/victim/archive?path=/tmp HTTP/1.1',
    ),
  }),
  ...rows(
    'nobody',
    {
      'a list': post('', '\r\n', 'GET /containers/json HTTP/1.1'),
      'a version': post('', '\r\n', 'GET /version HTTP/1.1'),
      options: post('', '\r\n', 'OPTIONS /containers/json HTTP/1.1'),
    },
    { isRead: true },
  ),
];

export const RAW_REQUESTS: readonly RawRequest[] = [
  ...HIDDEN_BODIES,
  ...HIDDEN_FORMS,
  ...START_BODIES,
  ...SESSIONS,
  ...OTHERS,
  ...VOLUMES,
  ...READS,
  ...LINES,
  ...WHOLE,
];
