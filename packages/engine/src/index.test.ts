import { expect, test } from '@jest/globals';
import * as engine from './index.ts';

test('the package offers these operations and no more', () => {
  expect(Object.keys(engine).toSorted()).toEqual([
    'HostError',
    'applyEngine',
    'checkDropIn',
    'checkEngineFiles',
    'configureEngine',
    'effect',
    'engineFiles',
    'engineFilesOf',
    'isChange',
    'isSameFile',
    'listeningSockets',
    'listensOf',
    'locateEngine',
    'mountAt',
    'noSystemd',
    'parseMountTable',
    'planEngine',
    'planEngineUndo',
    'publishedWarning',
    'readUnit',
    'recoverEngine',
    'refuseCostlyRestart',
    'refuseCutOff',
    'renewEngine',
    'restartWords',
    'runningEngines',
    'sanValues',
    'servingEngines',
    'undoEngine',
    'wantedListens',
  ]);
});
