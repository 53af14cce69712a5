import { generateKeyPairSync } from 'node:crypto';
import { P256, pem, requestDer, requestPem, type Keys } from '../request-maker.ts';
import type { Row } from '../row.ts';
import { copy, file, folder, link, pipe } from './files.ts';

const GOOD = requestDer(P256);
const OTHER = generateKeyPairSync('ec', { namedCurve: 'P-256' });

function rsa(modulusLength: number, publicExponent: number): Keys {
  return generateKeyPairSync('rsa', { modulusLength, publicExponent });
}

function ec(namedCurve: string): Keys {
  return generateKeyPairSync('ec', { namedCurve });
}

function dsa(): Keys {
  return generateKeyPairSync('dsa', { modulusLength: 1024, divisorLength: 160 });
}

/** Another request's bytes, with one bit of the name turned: the proof of possession is for something else. */
function altered(der: Buffer): Buffer {
  const copied = Buffer.from(der);
  const at = copied.indexOf('anyone');
  copied[at] = (copied[at] ?? 0) ^ 1;
  return copied;
}

function request(name: string, code: string, says: string, bytes: () => string | Buffer): Row {
  return {
    name: `issue-client: ${name}`,
    argv: ['issue-client', 'bob', '--csr', 'request.pem'],
    setup: (work) => file('request.pem', bytes())(work),
    code,
    says,
  };
}

function place(name: string, code: string, setup: Row['setup'] & object, says = 'request.pem'): Row {
  return {
    name: `issue-server: ${name}`,
    argv: ['issue-server', 'b.example', '--csr', 'request.pem'],
    setup,
    code,
    says,
  };
}

export const REQUEST_ROWS: readonly Row[] = [
  request('an empty request', 'CA_CSR_INVALID', 'request', () => ''),
  request('a request that is garbage', 'CA_CSR_INVALID', 'request', () => 'garbage\u001b[31m\n'),
  request('a request of random bytes', 'CA_CSR_INVALID', 'request', () => Buffer.alloc(300, 0xa5)),
  request('a request cut in half', 'CA_CSR_INVALID', 'request', () =>
    requestPem(GOOD.subarray(0, GOOD.length / 2)),
  ),
  request('a request without its last line', 'CA_CSR_INVALID', 'request', () =>
    requestPem(GOOD).slice(0, -40),
  ),
  request('a request with octets after it', 'CA_CSR_INVALID', 'request', () =>
    Buffer.concat([GOOD, Buffer.alloc(3)]),
  ),
  request('a request in bad base64', 'CA_CSR_INVALID', 'request', () => requestPem(GOOD).replace(/M/g, '!')),
  request('two requests in one file', 'CA_CSR_INVALID', 'there are 2 where one belongs', () =>
    requestPem(GOOD).repeat(2),
  ),
  request('a private key for a request', 'CA_CSR_INVALID', 'request', () =>
    P256.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
  ),
  request('a request with a label of another thing', 'CA_CSR_INVALID', 'X509 CRL', () =>
    pem('X509 CRL', GOOD),
  ),
  request('a length of four gigabytes', 'CA_CSR_INVALID', 'request', () =>
    Buffer.from('3084ffffffff0201', 'hex'),
  ),
  request('10000 nested sequences', 'CA_CSR_INVALID', 'request', () =>
    Buffer.alloc(20_000, Buffer.of(0x30, 0x80)),
  ),
  request('a request that another key signed', 'CA_CSR_PROOF', 'sign', () =>
    requestPem(requestDer(P256, OTHER.privateKey)),
  ),
  request('a request that was altered', 'CA_CSR_PROOF', 'sign', () => requestPem(altered(GOOD))),
  request('a request that a key of another kind signed', 'CA_CSR_INVALID', 'does not sign with', () =>
    requestPem(requestDer(P256, rsa(2048, 65_537).privateKey)),
  ),
  request('an RSA key of 1024 bits', 'CA_KEY_WEAK', '1024', () => requestPem(requestDer(rsa(1024, 65_537)))),
  request('an RSA key with the exponent 3', 'CA_KEY_WEAK', 'exponent', () =>
    requestPem(requestDer(rsa(2048, 3))),
  ),
  request('a P-224 key', 'CA_CSR_INVALID', 'curve', () => requestPem(requestDer(ec('P-224')))),
  request("a key of Bitcoin's curve", 'CA_CSR_INVALID', 'curve', () =>
    requestPem(requestDer(ec('secp256k1'))),
  ),
  request('a DSA key', 'CA_CSR_INVALID', 'request', () => requestPem(requestDer(dsa()))),
  request(
    'a request of a megabyte',
    'CA_CSR_INVALID',
    'octets',
    () => `${requestPem(GOOD)}${'\n'.repeat(1e6)}`,
  ),
  request('a request of two megabytes', 'FILE_TOO_LARGE', 'request.pem', () => Buffer.alloc(2 ** 21, 0x30)),
  place('a certificate for a request', 'CA_CSR_INVALID', copy('ca/ca.pem', 'request.pem'), 'CERTIFICATE'),
  place('a directory for a request', 'FILE_NOT_REGULAR', folder('request.pem')),
  place('a pipe for a request', 'FILE_NOT_REGULAR', pipe('request.pem')),
  place('a request that is not there', 'FILE_NOT_FOUND', () => undefined),
  place('a request that is a link to itself', 'FILE_NOT_REGULAR', link('request.pem', 'request.pem')),
  {
    name: 'issue-client: an endless device for a request',
    argv: ['issue-client', 'bob', '--csr', '/dev/zero'],
    code: 'FILE_NOT_REGULAR',
    says: '/dev/zero',
  },
  {
    name: 'issue-client: a request with a line break in its name',
    argv: ['issue-client', 'bob', '--csr', 'a\nb\u001b[31m'],
    code: 'FILE_NOT_FOUND',
    says: String.raw`a\u{a}b\u{1b}[31m`,
  },
];
