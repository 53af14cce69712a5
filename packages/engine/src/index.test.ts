import { expect, test } from '@jest/globals';
import * as engine from './index.ts';

test('the package offers these operations and no more', () => {
  expect(Object.keys(engine).toSorted()).toEqual([
    'HostError',
    'applyEngine',
    'checkEngineFiles',
    'configureEngine',
    'effect',
    'engineFiles',
    'engineFilesOf',
    'fromHere',
    'isChange',
    'isSameFile',
    'listensOf',
    'locateEngine',
    'mountAt',
    'noSystemd',
    'parseMountTable',
    'planEngine',
    'publishedWarning',
    'readUnit',
    'recoverEngine',
    'refuseCutOff',
    'requireRoot',
    'restartWords',
    'runningEngines',
    'sanValues',
    'wantedListens',
  ]);
});
