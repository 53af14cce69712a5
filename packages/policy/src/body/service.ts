import type { Check } from './check.ts';
import { empty, flag, integer, list, map, number, oneOf, struct, text } from './check.ts';
import { mounts, volumeDriver, volumeOptions } from './mounts.ts';
import { attachments } from './network.ts';
import { capabilities, health, logDriver, logOptions, oomScore, sysctls, ulimits } from './settings.ts';

const file = struct({ Name: text, UID: text, GID: text, Mode: integer });

/** Every setting here can only weaken what Docker sets by default. */
const privileges = struct({
  CredentialSpec: empty('security-options'),
  SELinuxContext: empty('security-options'),
  Seccomp: struct({ Mode: oneOf('security-options', ['', 'default']), Profile: empty('security-options') }),
  AppArmor: struct({ Mode: oneOf('security-options', ['', 'default']) }),
  NoNewPrivileges: flag,
});

const containerSpec = struct({
  Image: text,
  Labels: map(text),
  Command: list(text),
  Args: list(text),
  Hostname: text,
  Env: list(text),
  Dir: text,
  User: text,
  Groups: empty('groups'),
  Privileges: privileges,
  Init: flag,
  StopSignal: text,
  TTY: flag,
  OpenStdin: flag,
  ReadOnly: flag,
  Mounts: mounts,
  StopGracePeriod: integer,
  Healthcheck: health,
  Hosts: list(text),
  DNSConfig: struct({ Nameservers: list(text), Search: list(text), Options: list(text) }),
  Secrets: list(struct({ File: file, SecretID: text, SecretName: text })),
  Configs: list(struct({ File: file, Runtime: struct({}), ConfigID: text, ConfigName: text })),
  Isolation: oneOf('runtime', ['', 'default']),
  Sysctls: sysctls,
  CapabilityAdd: capabilities,
  CapabilityDrop: list(text),
  Ulimits: ulimits,
  OomScoreAdj: oomScore,
});

const genericResources = list(
  struct({
    NamedResourceSpec: struct({ Kind: text, Value: text }),
    DiscreteResourceSpec: struct({ Kind: text, Value: integer }),
  }),
);

const taskTemplate = struct({
  ContainerSpec: containerSpec,
  PluginSpec: empty('service-runtime'),
  NetworkAttachmentSpec: empty('service-runtime'),
  Resources: struct({
    Limits: struct({ NanoCPUs: integer, MemoryBytes: integer, Pids: integer }),
    Reservations: struct({ NanoCPUs: integer, MemoryBytes: integer, GenericResources: genericResources }),
    SwapBytes: integer,
    MemorySwappiness: integer,
  }),
  RestartPolicy: struct({ Condition: text, Delay: integer, MaxAttempts: integer, Window: integer }),
  Placement: struct({
    Constraints: list(text),
    Preferences: list(struct({ Spread: struct({ SpreadDescriptor: text }) })),
    MaxReplicas: integer,
    Platforms: list(struct({ Architecture: text, OS: text })),
  }),
  ForceUpdate: integer,
  Runtime: oneOf('service-runtime', ['', 'container']),
  Networks: attachments,
  LogDriver: struct({ Name: logDriver, Options: logOptions }),
});

const updateConfig = struct({
  Parallelism: integer,
  Delay: integer,
  FailureAction: text,
  Monitor: integer,
  MaxFailureRatio: number,
  Order: text,
});

export const serviceSpec: Check = struct({
  Name: text,
  Labels: map(text),
  TaskTemplate: taskTemplate,
  Mode: struct({
    Replicated: struct({ Replicas: integer }),
    Global: struct({}),
    ReplicatedJob: struct({ MaxConcurrent: integer, TotalCompletions: integer }),
    GlobalJob: struct({}),
  }),
  UpdateConfig: updateConfig,
  RollbackConfig: updateConfig,
  Networks: attachments,
  EndpointSpec: struct({
    Mode: text,
    Ports: list(
      struct({ Name: text, Protocol: text, TargetPort: integer, PublishedPort: integer, PublishMode: text }),
    ),
  }),
});

/** Of secrets and configs. The data itself cannot be dangerous to the host. */
export const secretSpec: Check = struct({
  Name: text,
  Labels: map(text),
  Data: text,
  Driver: empty('secret-driver'),
  Templating: empty('secret-driver'),
});

export const volumeCreate: Check = struct({
  Name: text,
  Driver: volumeDriver,
  DriverOpts: volumeOptions,
  Labels: map(text),
  ClusterVolumeSpec: empty('volume-driver'),
});

/** Only volumes of a cluster can be updated, by their plugin. */
export const volumeUpdate: Check = struct({ Spec: empty('volume-driver') });
