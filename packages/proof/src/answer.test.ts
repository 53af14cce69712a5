import { expect, test } from '@jest/globals';
import { failed } from './answer.ts';

// Which of the two it is depends on whether the engine or we were quicker.
test.each(['ECONNRESET', 'EPIPE'])('an engine that hung up has refused: %s', (code) => {
  const error = Object.assign(new Error(code), { code });
  expect(failed(error)).toEqual({ kind: 'refused', detail: 'connection closed' });
});
