import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { makeFolder } from '../testing/folder.ts';
import { exists, lstatIfExists, statIfExists } from './index.ts';

test('a path below a file is not taken for a missing one, by any Node', () => {
  const file = path.join(makeFolder(), 'file');
  fs.writeFileSync(file, '');
  for (const look of [exists, lstatIfExists, statIfExists]) {
    expect(() => look(path.join(file, 'below'))).toThrow(
      expect.objectContaining({ code: 'FILE_NOT_REGULAR' }),
    );
    expect(look(path.join(path.dirname(file), 'none'))).toBe(look === exists ? false : undefined);
  }
});
