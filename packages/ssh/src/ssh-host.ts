import { isIPv6 } from 'node:net';
import { quote } from '@docker-mtls/errors';
import { SshError } from './ssh-error.ts';

/** A host that ssh is told to log in to; its parts are harmless words for ssh and for every shell. */
export type SshHost = {
  /** Without one, ssh's configuration decides, or the local user's name. */
  readonly user: string | undefined;
  /** A name, an alias of ssh's configuration, or an address without brackets. */
  readonly name: string;
  readonly port: number | undefined;
  /** The engine's socket on that host, where it is not the usual one. */
  readonly socket: string | undefined;
  /** `ssh://user@name:port/socket`: what DOCKER_HOST and a context take. */
  readonly url: string;
};

const LONGEST = 255;
const PARTS = /^(?:ssh:\/\/)?(?:([^/]*)@)?(\[[^[\]]*\]|[^:/@[\]]*)(?::([^:/@]*))?(\/.*)?$/;

// Neither first letter may be a minus, which ssh would read as an option, and no letter may mean anything to a shell:
// ssh's configuration may hand both on to one (ProxyCommand, Match exec).
const USER = /^[A-Za-z0-9_][A-Za-z0-9._@+-]*$/;
const NAME = /^[A-Za-z0-9_][A-Za-z0-9._-]*$/;
const SOCKET = /^(?:\/[A-Za-z0-9_+@,-][A-Za-z0-9._+@,-]*)+$/;

/**
 * `host`, `user@host`, `user@host:2222`, `::1`, `user@[::1]:22`, each also behind `ssh://`, there also with the path of a
 * socket. docker/cli cli/connhelper/ssh: no password, no query, no fragment. Code: `SSH_HOST_INVALID`.
 */
export function parseSshHost(text: string): SshHost {
  if (/^[^@]*:.*@/s.test(text.replace('ssh://', ''))) throw withPassword();
  if (text.length > LONGEST) throw refused(text, 'it is too long');
  const bare = /^(?:([^@]*)@)?([0-9A-Fa-f:.]+)$/.exec(text);
  if (bare !== null && isIPv6(bare[2] ?? '')) return sshHost(text, { user: bare[1], host: `[${bare[2]}]` });
  if (/^(?!ssh:)[A-Za-z][A-Za-z0-9+.-]*:\/\//.test(text)) throw refused(text, 'only ssh:// leads over SSH');
  if (/[?#]/.test(text)) throw refused(text, 'the Docker CLI takes no query and no fragment');
  const [, user, host, port, socket] = PARTS.exec(text) ?? [];
  if (host === undefined) throw refused(text, 'it is no host that can be reached over SSH');
  if (socket !== undefined && !text.startsWith('ssh://'))
    throw refused(text, 'a path wants ssh:// before it');
  return sshHost(text, { user, host, port, socket });
}

type Parts = {
  readonly user: string | undefined;
  readonly host: string;
  readonly port?: string | undefined;
  readonly socket?: string | undefined;
};

function sshHost(text: string, { user, host, port: portText, socket: path }: Parts): SshHost {
  if (user !== undefined && !USER.test(user)) throw refused(text, 'no user has such a name');
  const name = nameOf(text, host);
  const port = portText === undefined ? undefined : portOf(text, portText);
  // The Docker CLI, too, takes a path of slashes alone for none.
  const socket = path === undefined || /^\/+$/.test(path) ? undefined : path;
  if (socket !== undefined && (!SOCKET.test(socket) || /\/\.\.?(?:\/|$)/.test(socket)))
    throw refused(text, 'its path is not plain enough for the shell there');
  const before = user === undefined ? '' : `${user}@`;
  const behind = port === undefined ? '' : `:${port}`;
  return { user, name, port, socket, url: `ssh://${before}${host}${behind}${socket ?? ''}` };
}

function nameOf(text: string, host: string): string {
  const name = host.startsWith('[') ? host.slice(1, -1) : host;
  if (name === host ? NAME.test(name) : isIPv6(name) && !name.includes('%')) return name;
  throw refused(text, 'no host has such a name');
}

function portOf(text: string, port: string): number {
  if (/^\d{1,5}$/.test(port) && Number(port) >= 1 && Number(port) <= 65_535) return Number(port);
  throw refused(text, 'ports go from 1 to 65535');
}

/** What was typed is a secret then, and is not repeated. */
function withPassword(): SshError {
  const message = 'an address with a password is refused: the Docker CLI takes no password over SSH';
  return new SshError('SSH_HOST_INVALID', message, {
    hint: 'omit it; have a key in your agent instead',
  });
}

function refused(text: string, reason: string): SshError {
  return new SshError('SSH_HOST_INVALID', `${quote(text)} is refused: ${reason}`, {
    hint: 'write user@node1.example.com, or ssh://user@node1.example.com:2222',
  });
}
