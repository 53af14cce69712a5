import { readArchive } from '@docker-mtls/bundle';
import { readCertificate } from '@docker-mtls/ca';
import type { Certificate } from '@docker-mtls/ca';
import { unlessRefused } from '@docker-mtls/errors';

/** What a file holds of a client's pair. */
export type Held = { readonly certificate: Certificate | undefined; readonly hasKey: boolean };

const NOTHING: Held = { certificate: undefined, hasKey: false };

// As every layout of a bundle names them.
const CERTIFICATE_FILE = /(?:^|[-/])cert\.pem$/;
const KEY_FILE = /(?:^|[-/])key\.pem$/;
const KEY_LABEL = /-----BEGIN (?:EC |RSA |ENCRYPTED )?PRIVATE KEY-----/;

/** Looks for a client's certificate and key: in PEM, in an archive, or in one that is written in base64. */
export function heldIn(data: Buffer): Held {
  const text = data.toString('latin1');
  if (text.startsWith('-----BEGIN')) return heldInPem(text);
  const inArchive = heldInArchive(data);
  if (inArchive !== undefined) return inArchive;
  return /^[\w+/=\s]+$/.test(text) ? (heldInArchive(Buffer.from(text, 'base64')) ?? NOTHING) : NOTHING;
}

function heldInPem(text: string): Held {
  return { certificate: certificateIn(Buffer.from(text, 'latin1')), hasKey: KEY_LABEL.test(text) };
}

function heldInArchive(data: Buffer): Held | undefined {
  const files = unlessRefused(() => readArchive(data).files);
  if (files === undefined) return undefined;
  const packed = files.find(({ path }) => CERTIFICATE_FILE.test(path));
  return {
    certificate: packed && certificateIn(packed.data),
    hasKey: files.some(({ path }) => KEY_FILE.test(path)),
  };
}

/** A CA's certificate is nobody's copy of a pair. */
function certificateIn(data: Buffer): Certificate | undefined {
  const certificate = unlessRefused(() => readCertificate(data));
  return certificate?.info.isCa === false ? certificate : undefined;
}
