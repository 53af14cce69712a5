// What `env` needs alone: it runs in every new shell, and the rest of the package takes longer to load.
export { DOCKER_VARIABLES, dockerVariables } from './environment.ts';
export type { DockerEnvironment } from './environment.ts';
export { detectShell, parseShell, renderEnvironment, renderUnset } from './shell.ts';
export type { Shell } from './shell.ts';
