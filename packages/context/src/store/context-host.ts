import { isMtlsError, quote } from '@docker-mtls/errors';
import { parseSshHost } from '@docker-mtls/ssh/ssh-host';
import { ContextError } from '../error.ts';

const SCHEMES = ['tcp', 'unix', 'npipe'];
/** docker/go-connections sockets.ConfigureTransport compares these as they are written. */
const LOCAL = /^(?:unix|npipe):\/\//;
/** docker/cli cli/connhelper has it parsed as a URL, whose scheme may be in any case. */
const SSH = /^ssh:\/\//i;

/** Whether the Docker CLI reaches such an engine by TCP: every scheme that it does not know it treats like tcp://. */
export function isTcpHost(host: string): boolean {
  return host !== '' && !LOCAL.test(host) && !SSH.test(host);
}

/** Where a connection to a TCP host goes. */
export type TcpTarget = {
  readonly scheme: string;
  /** Without the brackets of an IPv6 address. */
  readonly name: string;
  /** `undefined` where the address names none. */
  readonly port: number | undefined;
  readonly path: string;
};

const TCP = /^([a-zA-Z][a-zA-Z0-9+.-]*):\/\/(\[[0-9a-fA-F:.]+\]|[^\s:/?#@[\]%\\]+)(?::(\d{1,5}))?(\/.*)?$/s;

/** The address of a TCP engine as the Docker CLI takes it apart; `undefined` where it cannot be used. */
export function tcpTarget(host: string): TcpTarget | undefined {
  const [, scheme = '', name = '', port, path = ''] = TCP.exec(withoutExtras(host)) ?? [];
  const isUsable = name !== '' && (port === undefined || (Number(port) > 0 && Number(port) < 65_536));
  if (!isUsable || (path !== '' && scheme !== 'tcp')) return undefined;
  return {
    scheme,
    name: name.replaceAll(/[[\]]/g, ''),
    port: port === undefined ? undefined : Number(port),
    path: path === '/' ? '' : path,
  };
}

/** docker/cli parses the address as a URL for tcp alone, and drops user and query; elsewhere all belongs to the name. */
function withoutExtras(host: string): string {
  if (!host.startsWith('tcp://')) return host;
  return host.replace(/^tcp:\/\/[^/?#@]*@/, 'tcp://').replace(/[?#].*$/s, '');
}

/** The path of a socket or pipe of this machine; `undefined` for another address. */
export function socketPathOf(host: string): string | undefined {
  return LOCAL.test(host) ? host.replace(LOCAL, '') : undefined;
}

export function isSshHost(host: string): boolean {
  return SSH.test(host);
}

/**
 * The address of an engine as a context keeps it: `tcp://node1:2376`, `ssh://user@host`, `unix:///run/docker.sock`.
 * Code: `CONTEXT_HOST_INVALID`.
 */
export function parseContextHost(text: string): string {
  if (isSshHost(text)) return checkedSshHost(text);
  const [, scheme = '', rest = ''] = /^([a-z]+):\/\/([!-~]+)$/.exec(text) ?? [];
  if (!SCHEMES.includes(scheme) || rest === '') throw refused(text, 'it is not the address of an engine');
  return text;
}

/** The Docker CLI looks at it only when the context is used, and hands on to ssh what may be an option. */
function checkedSshHost(text: string): string {
  try {
    parseSshHost(text);
    return text;
  } catch (error) {
    if (!isMtlsError(error)) throw error;
    const { hint = '', message } = error;
    throw new ContextError('CONTEXT_HOST_INVALID', message, { hint, cause: error });
  }
}

function refused(text: string, reason: string): ContextError {
  return new ContextError('CONTEXT_HOST_INVALID', `${quote(text)} is refused: ${reason}`, {
    hint: 'write tcp://node1.example.com:2376 (not https://), ssh://user@node1.example.com or unix:///run/docker.sock',
  });
}
