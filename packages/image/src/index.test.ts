import { expect, test } from '@jest/globals';
import * as image from './index.ts';

test('the package offers these operations and no more', () => {
  expect(Object.keys(image).toSorted()).toEqual([
    'CERTS',
    'CLIENT',
    'CLIENT_BUNDLE',
    'CONFIG',
    'CONFIG_FOLDER',
    'SERVER',
    'addressOf',
    'findClient',
    'findServer',
    'isForOthers',
    'runClient',
    'runServer',
  ]);
});
