import { expect, test } from '@jest/globals';
import { failed } from './outcome.ts';

// Which of the two it is depends on whether the engine or this side was quicker.
test.each(['ECONNRESET', 'EPIPE'])('%s means that the connection was closed', (code) => {
  expect(failed(Object.assign(new Error(code), { code }))).toEqual({
    kind: 'closed',
    detail: 'connection closed',
  });
});

test.each([
  // OpenSSL 3.0, OpenSSL 3.2, and an alert that comes while this side writes.
  [
    'ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE',
    'error:0A000412:SSL routines::sslv3 alert bad certificate',
    42,
    'bad_certificate',
  ],
  [
    'ERR_SSL_SSL/TLS_ALERT_BAD_CERTIFICATE',
    'error:0A000412:SSL routines::ssl/tls alert bad certificate',
    42,
    'bad_certificate',
  ],
  [
    'EPROTO',
    'write EPROTO error:0A00045C:SSL routines::tlsv13 alert certificate required',
    116,
    'certificate_required',
  ],
  ['ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', 'error:0A000418:SSL routines::tlsv1 alert unknown ca', 48, 'unknown_ca'],
  ['EPROTO', 'something that this program has never seen', 213, 'alert 213'],
])('%s is an alert by its number: %s', (code, words, number, alert) => {
  const message = `${words}:../deps/openssl/ssl/record/rec_layer_s3.c:1605:SSL alert number ${number}\n`;
  expect(failed(Object.assign(new Error(message), { code }))).toEqual({
    kind: 'rejected',
    detail: `TLS alert ${alert}`,
    alert,
  });
});

test.each([
  ['EPROTO', 'error:0A00010B:SSL routines::wrong version number', 'it does not speak TLS'],
  ['HPE_INVALID_CONSTANT', 'Parse Error: Expected HTTP/', 'it does not speak HTTP'],
  ['HPE_HEADER_OVERFLOW', 'Parse Error: Header overflow', 'its headers have no end'],
  [
    'ERR_TLS_CERT_ALTNAME_INVALID',
    'Hostname/IP does not match',
    'its certificate is not valid for the name that clients connect by',
  ],
])('%s comes from what is not an engine', (code, message, detail) => {
  expect(failed(Object.assign(new Error(message), { code }))).toEqual({ kind: 'mistrusted', detail });
});
