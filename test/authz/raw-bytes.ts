/** Bytes that a client sends, and what must not come of them. */
export type RawRequest = {
  readonly about: string;
  /** The client; conformance/policy.yaml gives roles to names. */
  readonly as: string;
  /** `{victim}`, `{victimId}`, `{execPrivileged}`, `{execOfVictim}` stand for what the engine has. */
  readonly send: string;
  /** Being served at all is the effect; otherwise a change of what the engine has is. */
  readonly isRead?: true;
};

export const HEAD = 'Host: e\r\nConnection: close\r\n';
export const JSON_TYPE = 'Content-Type: application/json\r\n';
export const BAD_HOST = { Binds: ['/:/host'], NetworkMode: 'none', Privileged: true };
export const BAD = JSON.stringify({ Image: 'busybox:test', Cmd: ['sh'], HostConfig: BAD_HOST });
export const BAD_AT_TOP = JSON.stringify({ Image: 'busybox:test', Cmd: ['sh'], ...BAD_HOST });
export const GOOD = JSON.stringify({
  Image: 'busybox:test',
  Cmd: ['sh'],
  HostConfig: { NetworkMode: 'none' },
});
export const MEBIBYTE = ' '.repeat(1024 * 1024);
export const FORM = 'Content-Type: application/x-www-form-urlencoded\r\n';

export function chunked(body: string): string {
  return `Transfer-Encoding: chunked\r\n\r\n${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;
}

export function sized(body: string, length = body.length): string {
  return `Content-Length: ${length}\r\n\r\n${body}`;
}

export function post(path: string, rest: string, line = `POST ${path} HTTP/1.1`): string {
  return `${line}\r\n${HEAD}${rest}`;
}

export function rows(
  as: string,
  sent: Readonly<Record<string, string>>,
  more: Partial<RawRequest> = {},
): readonly RawRequest[] {
  return Object.entries(sent).map(([about, send]) => ({ about: `${as}: ${about}`, as, send, ...more }));
}

export const CREATE = '/v1.40/containers/create?name=bad';
