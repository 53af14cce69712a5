import { TestEnvironment } from 'jest-environment-node';

/** Jest gives each test file a copy of the environment. A program started without `env` gets the worker's own. */
export default class Environment extends TestEnvironment {
  constructor(config, context) {
    super(config, context);
    // Jest empties every object that it finds here when the file has ended, so it gets a function.
    this.global.setWorkerPath = (value) => {
      process.env.PATH = value;
    };
  }
}
