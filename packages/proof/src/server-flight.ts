import { presentedOf } from './presented.ts';
import type { Presented } from './presented.ts';

const HANDSHAKE = 22;
const CERTIFICATE = 11;
const CERTIFICATE_REQUEST = 13;
const SERVER_HELLO_DONE = 14;
const RECORD_HEADER = 5;
const MESSAGE_HEADER = 4;
/** More than the flight of any engine. */
const LARGEST = 256 * 1024;

/**
 * What a server shows in its first flight under TLS 1.2 (RFC 5246 section 7.3), read from the bytes on the wire:
 * Node shows neither the certificate of a handshake that failed nor the list of CAs that a server accepts.
 * `undefined`: the flight was not complete, or is not one (TLS 1.3 encrypts it).
 */
export function readServerFlight(bytes: Buffer): Presented | undefined {
  const messages = messagesIn(handshakeOf(bytes.subarray(0, LARGEST)));
  if (!messages.some(({ type }) => type === SERVER_HELLO_DONE)) return undefined;
  const certificate = messages.find(({ type }) => type === CERTIFICATE)?.body;
  const der = certificate && vector(vector(certificate, 3)?.value, 3)?.value;
  if (der === undefined) return undefined;
  const request = messages.find(({ type }) => type === CERTIFICATE_REQUEST)?.body;
  const authorities = request === undefined ? [] : authoritiesIn(request);
  // A request that cannot be read is not one that names CAs.
  return presentedOf(der, { isMade: request !== undefined, authorities });
}

/** Joins the payloads of the handshake records at the start. */
function handshakeOf(bytes: Buffer): Buffer {
  const payloads: Buffer[] = [];
  for (let at = 0; at + RECORD_HEADER <= bytes.length && bytes[at] === HANDSHAKE;) {
    const end = at + RECORD_HEADER + bytes.readUInt16BE(at + 3);
    if (end > bytes.length) break;
    payloads.push(bytes.subarray(at + RECORD_HEADER, end));
    at = end;
  }
  return Buffer.concat(payloads);
}

type Message = { readonly type: number; readonly body: Buffer };

function messagesIn(bytes: Buffer): readonly Message[] {
  const messages: Message[] = [];
  for (let at = 0; at + MESSAGE_HEADER <= bytes.length;) {
    const end = at + MESSAGE_HEADER + bytes.readUIntBE(at + 1, 3);
    if (end > bytes.length) break;
    messages.push({ type: bytes.readUInt8(at), body: bytes.subarray(at + MESSAGE_HEADER, end) });
    at = end;
  }
  return messages;
}

/** CertificateRequest (RFC 5246 section 7.4.4): types, signature algorithms, then the names. */
function authoritiesIn(body: Buffer): readonly Buffer[] {
  const algorithms = vector(vector(body, 1)?.rest, 2);
  const names: Buffer[] = [];
  let rest = vector(algorithms?.rest, 2)?.value;
  for (let next = vector(rest, 2); next !== undefined; next = vector(rest, 2)) {
    names.push(next.value);
    rest = next.rest;
  }
  return names;
}

/** A vector with a length of so many bytes in front; `undefined` where it is not complete. */
function vector(
  bytes: Buffer | undefined,
  size: 1 | 2 | 3,
): { readonly value: Buffer; readonly rest: Buffer } | undefined {
  if (bytes === undefined || bytes.length < size) return undefined;
  const end = size + bytes.readUIntBE(0, size);
  if (end > bytes.length) return undefined;
  return { value: bytes.subarray(size, end), rest: bytes.subarray(end) };
}
