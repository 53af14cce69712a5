import type { IncomingHttpHeaders } from 'node:http';
import { handshakeErrorText } from './error-text.ts';
import type { Presented } from './presented.ts';

/**
 * How one connection ended.
 * - `accepted`: the request was answered as an engine answers it.
 * - `answered`: HTTP came back, but not that answer: the client was let in all the same.
 * - `rejected`: a TLS alert came before any request was sent, or Go's sentence for plain HTTP on a TLS port.
 * - `closed`: the connection ended without an alert.
 * - `silent`: nothing came within the time allowed.
 * - `unreachable`: there was no connection.
 * - `mistrusted`: the peer is not the engine that was meant.
 * - `unclear`: none of these, such as an alert after a request was sent.
 */
export type ProbeOutcome = {
  readonly kind:
    'accepted' | 'answered' | 'rejected' | 'closed' | 'silent' | 'unreachable' | 'mistrusted' | 'unclear';
  readonly detail: string;
  /** Name of the TLS alert that ended the connection, as RFC 8446 section 6 has it. */
  readonly alert?: string;
  /** Was the TLS handshake complete on our side? */
  readonly isConnected?: boolean;
  /** What the server presented, as far as the connection went. */
  readonly presented?: Presented;
  /** The head of an answer, where one came. */
  readonly headers?: IncomingHttpHeaders;
  /** The authorization plugin that answered instead of the engine. */
  readonly plugin?: PluginAnswer;
  /** Our own end of the connection, `ADDRESS:PORT`: the engine's log names it. */
  readonly from?: string;
};

export type PluginAnswer = { readonly name: string; readonly isDown: boolean };

/** Milliseconds that a connection, a handshake or an answer may take. */
export const PATIENCE = 5000;

/** An engine waits 15 seconds for an authorization plugin that is down (moby pkg/plugins, defaultTimeOut). */
export const PLUGIN_PATIENCE = 20_000;

export function silence(milliseconds: number): ProbeOutcome {
  const unit = milliseconds < 1000 ? 100 : 1000;
  return { kind: 'silent', detail: `no answer within ${(Math.round(milliseconds / unit) * unit) / 1000} s` };
}

const ALERTS: Readonly<Record<number, string>> = {
  0: 'close_notify',
  10: 'unexpected_message',
  20: 'bad_record_mac',
  22: 'record_overflow',
  40: 'handshake_failure',
  42: 'bad_certificate',
  43: 'unsupported_certificate',
  44: 'certificate_revoked',
  45: 'certificate_expired',
  46: 'certificate_unknown',
  47: 'illegal_parameter',
  48: 'unknown_ca',
  49: 'access_denied',
  50: 'decode_error',
  51: 'decrypt_error',
  70: 'protocol_version',
  71: 'insufficient_security',
  80: 'internal_error',
  86: 'inappropriate_fallback',
  90: 'user_canceled',
  109: 'missing_extension',
  110: 'unsupported_extension',
  112: 'unrecognized_name',
  113: 'bad_certificate_status_response',
  115: 'unknown_psk_identity',
  116: 'certificate_required',
  120: 'no_application_protocol',
};

/** The alert that the peer sent: OpenSSL puts its number into the message, and only for one that came from there. */
function alertOf({ message }: Error): string | undefined {
  const [, number] = /SSL alert number (\d{1,3})\b/.exec(message) ?? [];
  return number === undefined ? undefined : (ALERTS[Number(number)] ?? `alert ${number}`);
}

/** How a connection that was made ended with an error. */
export function failed(error: NodeJS.ErrnoException): ProbeOutcome {
  const { code = '' } = error;
  const alert = alertOf(error);
  if (alert !== undefined) return { kind: 'rejected', detail: `TLS alert ${alert}`, alert };
  if (code === 'ECONNRESET' || code === 'EPIPE') return CLOSED;
  // A server that knows only another version of TLS may choose that one, and our side ends the handshake; or our side
  // does not know it.
  if (code === 'ERR_SSL_UNSUPPORTED_PROTOCOL' || code === 'ERR_SSL_NO_PROTOCOLS_AVAILABLE')
    return { kind: 'rejected', detail: 'another version of TLS', alert: 'protocol_version' };
  return { kind: 'mistrusted', detail: unlikeAnEngine(error) };
}

export const OTHER_CERTIFICATE = 'it presents another certificate';

export const CLOSED: ProbeOutcome = { kind: 'closed', detail: 'connection closed' };

function unlikeAnEngine(error: NodeJS.ErrnoException): string {
  const { code = '', message } = error;
  const known = handshakeErrorText(error);
  if (known !== undefined) return known;
  // llhttp names everything that it cannot read with this prefix.
  if (code.startsWith('HPE_')) return 'it does not speak HTTP';
  // OpenSSL's words for bytes that are no TLS record.
  if (/wrong version number|length too long/.test(message)) return 'it does not speak TLS';
  return code === '' ? message : `the TLS handshake failed (${code})`;
}
