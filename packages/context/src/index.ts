export { clientTls, newerTls } from './issued/client-tls.ts';
export { issuedEntry, newerEntry } from './issued/issued-entry.ts';
export { refreshContexts } from './issued/refresh-contexts.ts';
export { updateIssued, updateNamed } from './issued/update-contexts.ts';
export type {
  ContextClient,
  ContextSupply,
  ContextUpdate,
  UpdatedContext,
} from './issued/update-contexts.ts';
export { usedHere } from './issued/used-here.ts';

export { placeBundle, planFolder } from './unpacked/place-bundle.ts';
export type { FolderOptions, PlannedFolder } from './unpacked/place-bundle.ts';
export { ownUnpacked, requireUnpacked, unpackedTls } from './unpacked/unpacked-folder.ts';
export type { ClientSource } from './unpacked/unpacked-folder.ts';

export { askThroughContext } from './check/ask-engine.ts';
export type { ContextAnswer } from './check/ask-engine.ts';
export { checkContext, isOfOtherCa } from './check/check-context.ts';
export type { ContextCheckOptions } from './check/check-context.ts';
export type { ContextProblem, ContextProblemCode } from './check/context-problem.ts';
export { readClientCertificate } from './check/read-tls.ts';
export { contextOverrides, defaultPort, hostOverride } from './check/overrides.ts';

export { DOCKER_VARIABLES, dockerVariables } from './environment/environment.ts';
export type { DockerEnvironment } from './environment/environment.ts';
export { detectShell, parseShell, renderEnvironment, renderUnset, SHELLS } from './environment/shell.ts';
export type { Shell } from './environment/shell.ts';

export { ContextError } from './error.ts';
export type { ContextErrorCode } from './error.ts';

export { contextClient, contextTls, installContext, planContext } from './store/install-context.ts';
export type { ContextPlan, InstalledContext, WantedContext } from './store/install-context.ts';
export { isSshHost, isTcpHost, tcpTarget } from './store/context-host.ts';
export type { TcpTarget } from './store/context-host.ts';
export { parseContextTls } from './check/read-tls.ts';
export type { ReadTls } from './check/read-tls.ts';
export { currentContext } from './store/config-file.ts';
export { contextId, dockerConfigDirectory, endpointFolder as certificateFolder } from './store/paths.ts';
export { findContext, listContexts, readContext } from './store/read-contexts.ts';
export type { ContextList, StoredContext, UnreadableContext } from './store/read-contexts.ts';
export {
  createContext,
  removeContext,
  repairInterrupted,
  updateContext,
  useContext,
} from './store/write-contexts.ts';
export type { ContextChange, NewContext } from './store/write-contexts.ts';
