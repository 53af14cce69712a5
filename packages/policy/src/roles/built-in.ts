import type { GuardLevel } from '../guards.ts';

/** A role as a policy writes it. */
export type RoleText = {
  readonly inherits?: readonly string[] | undefined;
  readonly allow: readonly string[];
  readonly guards?: GuardLevel | undefined;
};

const USE_REGISTRIES = ['ImageCreate', 'ImageTag', 'ImageDelete', '@registry', 'SystemAuth'] as const;

/** The roles that every policy has. Their names cannot be used for others. */
export const BUILT_IN_ROLES: Readonly<Record<string, RoleText>> = {
  viewer: { allow: ['@ping', '@read-safe', '@read-sensitive'], guards: 'restricted' },
  operator: { inherits: ['viewer'], allow: ['@lifecycle'], guards: 'restricted' },
  debugger: { inherits: ['operator'], allow: ['@interactive'], guards: 'baseline' },
  builder: {
    allow: ['@ping', '@read-safe', '@build', '@images', '@registry', 'SystemAuth', 'ImagePush'],
    guards: 'baseline',
  },
  deployer: {
    inherits: ['operator'],
    allow: ['ContainerCreate', '@networks', '@volumes', '@services', '@secrets', ...USE_REGISTRIES],
    guards: 'restricted',
  },
  ci: {
    inherits: ['deployer', 'builder', 'debugger'],
    allow: ['PutContainerArchive', 'ContainerArchive', 'ImageCommit', 'ImageGet', 'ImageGetAll'],
    guards: 'baseline',
  },
  admin: { allow: ['*'], guards: 'none' },
};
