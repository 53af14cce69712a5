/** @type {import('jest').Config} */
export default {
  roots: ['<rootDir>/packages', '<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  modulePathIgnorePatterns: ['/dist/'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '\\.ts$': ['@swc/jest', { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' } }],
  },
  testEnvironmentOptions: { customExportConditions: ['source', 'node', 'node-addons'] },
  testEnvironment: '<rootDir>/test/support/environment.js',
  globalSetup: '<rootDir>/test/support/global-setup.js',
  globalTeardown: '<rootDir>/test/support/global-teardown.js',
  // Not the temporary folder, where it would stay, nor a folder that another user's run has made.
  cacheDirectory: `<rootDir>/.cache/jest-${process.getuid?.() ?? 0}`,
  coverageProvider: 'v8',
  // A bound for what hangs, not for what is slow: the machine may be doing five other things. Few tests have another one.
  testTimeout: 120_000,
  testSequencer: '<rootDir>/scripts/test-sequencer.js',
  reporters: ['default', '<rootDir>/scripts/summary-reporter.js'],
};
