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
  coverageProvider: 'v8',
  // A bound for what hangs, not for what is slow: the machine may be doing five other things. Few tests have another one.
  testTimeout: 120_000,
  reporters: ['default', '<rootDir>/scripts/summary-reporter.js'],
};
