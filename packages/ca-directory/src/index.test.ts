import { expect, test } from '@jest/globals';
import * as surface from './index.ts';

test('the public surface of the package', () => {
  expect(Object.keys(surface).toSorted()).toMatchInlineSnapshot(`
    [
      "LARGEST_BACKUP",
      "LARGEST_LIST",
      "LEAF_FILES",
      "StoreError",
      "caChanged",
      "createStore",
      "defaultProfilesFolder",
      "foldFolderName",
      "keyIdOf",
      "layoutOf",
      "openStore",
      "readStore",
      "readTemplate",
      "refuseCaPlace",
      "rotating",
      "toFolderName",
      "whileUnchanged",
    ]
  `);
});
