/** The engine as it is reached: `name` is what its certificate must say, `host` where the connection goes. */
export type Target = {
  readonly host: string;
  readonly port: number;
  readonly name: string;
  /** PEM of the roots that the engine's certificate must chain to. */
  readonly roots: string;
};

/** A client's pair, PEM. */
export type Pair = { readonly certificate: string; readonly key: string };

/**
 * What came of one request. `served`: it was done; `answered`: HTTP was spoken, and not as an engine does that serves,
 * so whoever asked came in and was not served; `refused`: the connection was made and then turned away; `silent`: it
 * was made, and then nothing came; `unreachable`: there was none; `mistrusted`: what answers is not the engine that was
 * meant.
 */
export type Answer = {
  readonly kind: 'served' | 'answered' | 'refused' | 'silent' | 'unreachable' | 'mistrusted';
  readonly detail: string;
  /** SHA-256 of the certificate that the engine showed, in lower-case hex. */
  readonly shown?: string;
};

/** Milliseconds. */
export const PATIENCE = 5000;

export const NO_ANSWER: string = `no answer within ${PATIENCE / 1000} s`;

/** What the end of a connection that was made says of the engine. */
export function failed(error: NodeJS.ErrnoException): Answer {
  const { code = '' } = error;
  const alert = alertOf(error);
  if (alert !== undefined) return { kind: 'refused', detail: `TLS alert: ${alert}` };
  if (code === 'ECONNRESET' || code === 'EPIPE') return { kind: 'refused', detail: 'connection closed' };
  return { kind: 'mistrusted', detail: unlikeAnEngine(error) };
}

/** What a peer said that is not what an engine says, in words where there are some. */
function unlikeAnEngine({ code = '', message }: NodeJS.ErrnoException): string {
  if (code === 'HPE_HEADER_OVERFLOW') return 'its headers have no end';
  // llhttp names all that it cannot read with this prefix.
  if (code.startsWith('HPE_')) return 'it speaks no HTTP';
  // OpenSSL's words for a record that is none: what came was no TLS.
  if (code === 'EPROTO' && /wrong version number|length too long/.test(message)) return 'it speaks no TLS';
  return code === '' ? message : code;
}

/**
 * What the peer's TLS alert said, if it was one that ended the connection: OpenSSL puts it in the code, or, when it
 * comes while we write, in the message of an EPROTO.
 */
function alertOf({ code = '', message }: NodeJS.ErrnoException): string | undefined {
  const [, inCode] = /^ERR_SSL_.*ALERT_(.+)$/.exec(code) ?? [];
  if (inCode !== undefined) return inCode.toLowerCase().replaceAll('_', ' ');
  const [, inMessage] = code === 'EPROTO' ? (/ alert ([a-z ]+):/.exec(message) ?? []) : [];
  return inMessage;
}
