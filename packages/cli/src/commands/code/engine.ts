// What the commands do that write an engine's configuration, and what few others need that takes the same files.
export { run as daemonConfig } from '../daemon-config/run.ts';
export { run as issueServer } from '../issue-server/run.ts';
export { run as secure } from '../secure/run.ts';
export { requireRootFor } from '../../engine/engine-order.ts';
export { sourceElsewhere } from '../../client/source-elsewhere.ts';
