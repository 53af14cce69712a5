import type { Check } from './check.ts';
import { empty, flag, wholeNumber, listOf, map, number, oneOf, struct, text, used } from './check.ts';
import { mounts, volumeDriver, volumeOptions } from './mounts.ts';
import { attachments } from './network.ts';
import { capabilities, health, logDriver, logOptions, oomScore, sysctls, ulimits } from './settings.ts';

const file = struct({ Name: text, UID: text, GID: text, Mode: wholeNumber });

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
  Command: listOf(text),
  Args: listOf(text),
  Hostname: text,
  Env: listOf(text),
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
  StopGracePeriod: wholeNumber,
  Healthcheck: health,
  Hosts: listOf(text),
  DNSConfig: struct({ Nameservers: listOf(text), Search: listOf(text), Options: listOf(text) }),
  Secrets: listOf(struct({ File: file, SecretID: used('secret'), SecretName: text })),
  Configs: listOf(struct({ File: file, Runtime: struct({}), ConfigID: used('config'), ConfigName: text })),
  Isolation: oneOf('runtime', ['', 'default']),
  Sysctls: sysctls,
  CapabilityAdd: capabilities,
  CapabilityDrop: listOf(text),
  Ulimits: ulimits,
  OomScoreAdj: oomScore,
});

const genericResources = listOf(
  struct({
    NamedResourceSpec: struct({ Kind: text, Value: text }),
    DiscreteResourceSpec: struct({ Kind: text, Value: wholeNumber }),
  }),
);

const taskTemplate = struct({
  ContainerSpec: containerSpec,
  PluginSpec: empty('service-runtime'),
  NetworkAttachmentSpec: empty('service-runtime'),
  Resources: struct({
    Limits: struct({ NanoCPUs: wholeNumber, MemoryBytes: wholeNumber, Pids: wholeNumber }),
    Reservations: struct({
      NanoCPUs: wholeNumber,
      MemoryBytes: wholeNumber,
      GenericResources: genericResources,
    }),
    SwapBytes: wholeNumber,
    MemorySwappiness: wholeNumber,
  }),
  RestartPolicy: struct({
    Condition: text,
    Delay: wholeNumber,
    MaxAttempts: wholeNumber,
    Window: wholeNumber,
  }),
  Placement: struct({
    Constraints: listOf(text),
    Preferences: listOf(struct({ Spread: struct({ SpreadDescriptor: text }) })),
    MaxReplicas: wholeNumber,
    Platforms: listOf(struct({ Architecture: text, OS: text })),
  }),
  ForceUpdate: wholeNumber,
  Runtime: oneOf('service-runtime', ['', 'container']),
  Networks: attachments,
  LogDriver: struct({ Name: logDriver, Options: logOptions }),
});

const updateConfig = struct({
  Parallelism: wholeNumber,
  Delay: wholeNumber,
  FailureAction: text,
  Monitor: wholeNumber,
  MaxFailureRatio: number,
  Order: text,
});

export const serviceSpec: Check = struct({
  Name: text,
  Labels: map(text),
  TaskTemplate: taskTemplate,
  Mode: struct({
    Replicated: struct({ Replicas: wholeNumber }),
    Global: struct({}),
    ReplicatedJob: struct({ MaxConcurrent: wholeNumber, TotalCompletions: wholeNumber }),
    GlobalJob: struct({}),
  }),
  UpdateConfig: updateConfig,
  RollbackConfig: updateConfig,
  Networks: attachments,
  EndpointSpec: struct({
    Mode: text,
    Ports: listOf(
      struct({
        Name: text,
        Protocol: text,
        TargetPort: wholeNumber,
        PublishedPort: wholeNumber,
        PublishMode: text,
      }),
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
