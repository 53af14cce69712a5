import { expect, test } from '@jest/globals';
import { readEngineAnswer } from './engine-answer.ts';

const OK = 'HTTP/1.1 200 OK\r\nApi-Version: 1.51\r\nContent-Length: 2\r\n\r\nOK';

test.each([
  ['an answer', OK, { noise: '', status: 200, body: 'OK', apiVersion: '1.51' }],
  ['one behind a greeting', `Hello\n${OK}`, { noise: 'Hello\n', status: 200, apiVersion: '1.51' }],
  ['one behind an empty line', `\n${OK}`, { noise: '\n', status: 200 }],
  [
    'a refusal',
    'HTTP/1.1 403 Forbidden\r\n\r\nno',
    { noise: '', status: 403, body: 'no', apiVersion: undefined },
  ],
  ['half a head', 'HTTP/1.1 200 OK\r\nApi', { noise: 'HTTP/1.1 200 OK\r\nApi', status: undefined }],
  ['something else', ' Hello \n', { noise: 'Hello', status: undefined, body: '' }],
  ['nothing', '', { noise: '', status: undefined }],
])('%s', (_, stdout, expected) => {
  expect(readEngineAnswer(stdout)).toMatchObject(expected);
});
