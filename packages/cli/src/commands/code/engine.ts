// What the commands do that write an engine's configuration.
export { run as daemonConfig } from '../daemon-config/run.ts';
export { run as issueServer } from '../issue-server/run.ts';
export { run as secure } from '../secure/run.ts';
export { requireRootFor } from '../../engine/engine-order.ts';
