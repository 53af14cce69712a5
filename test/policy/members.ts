/**
 * The members of request bodies as the API's specifications have them, for the naive reading of policies: `s` text, `b` true or false,
 * `i` integer, `n` number, `c` a word or a list of words, `[x]` a list, `{x}` a map, `?` whatever, and the names of other bodies.
 */
const LIMITS = `CpuShares:i Memory:i NanoCpus:i CgroupParent:s BlkioWeight:i BlkioWeightDevice:[Weight] BlkioDeviceReadBps:[Rate]
  BlkioDeviceWriteBps:[Rate] BlkioDeviceReadIOps:[Rate] BlkioDeviceWriteIOps:[Rate] CpuPeriod:i CpuQuota:i CpuRealtimePeriod:i
  CpuRealtimeRuntime:i CpusetCpus:s CpusetMems:s Devices:? DeviceCgroupRules:? DeviceRequests:? DiskQuota:i KernelMemory:i
  KernelMemoryTCP:i MemoryReservation:i MemorySwap:i MemorySwappiness:i OomKillDisable:b PidsLimit:i Ulimits:[Ulimit] CpuCount:i
  CpuPercent:i IOMaximumIOps:i IOMaximumBandwidth:i`;

const HOST = `${LIMITS} Annotations:? AutoRemove:b Binds:[s] CapAdd:[s] CapDrop:[s] Cgroup:s CgroupnsMode:s ConsoleSize:[i]
  ContainerIDFile:s Dns:[s] DnsOptions:[s] DnsSearch:[s] ExtraHosts:[s] GroupAdd:? Init:b IpcMode:s Isolation:s Links:[s] LogConfig:Log
  MaskedPaths:[s] Mounts:[Mount] NetworkMode:s OomScoreAdj:i PidMode:s PortBindings:{[Port]} Privileged:b PublishAllPorts:b
  ReadonlyPaths:[s] ReadonlyRootfs:b RestartPolicy:Restart Runtime:s SecurityOpt:[s] ShmSize:i StorageOpt:Storage Sysctls:{s} Tmpfs:{s}
  UTSMode:s UsernsMode:s VolumeDriver:s VolumesFrom:?`;

const CONFIG = `ArgsEscaped:b AttachStderr:b AttachStdin:b AttachStdout:b Cmd:c Domainname:s Entrypoint:c Env:[s] ExposedPorts:{Nothing}
  Healthcheck:Health Hostname:s Image:s Labels:{s} MacAddress:s NetworkDisabled:b OnBuild:[s] OpenStdin:b Shell:c StdinOnce:b
  StopSignal:s StopTimeout:i Tty:b User:s Volumes:{Nothing} WorkingDir:s`;

const UPDATE = 'Parallelism:i Delay:i FailureAction:s Monitor:i MaxFailureRatio:n Order:s';

const TEXT: Readonly<Record<string, string>> = {
  Nothing: '',
  StopQuery: 't:? signal:?',
  SignalQuery: 'signal:?',
  KeysQuery: 'detachKeys:?',
  ConditionQuery: 'condition:?',
  NameQuery: 'name:?',
  SizeQuery: 'h:? w:?',
  FilterQuery: 'filters:?',
  TagQuery: 'repo:? tag:?',
  PushQuery: 'tag:? platform:?',
  Weight: 'Path:s Weight:i',
  Rate: 'Path:s Rate:i',
  Ulimit: 'Name:s Soft:i Hard:i',
  Log: 'Type:s Config:{s}',
  Port: 'HostIp:s HostPort:s',
  Restart: 'Name:s MaximumRetryCount:i',
  Storage: 'size:s',
  Health: 'Test:[s] Interval:i Timeout:i Retries:i StartPeriod:i StartInterval:i',
  Mount: `Type:s Source:s Target:s ReadOnly:b Consistency:s BindOptions:? VolumeOptions:VolumeOptions ImageOptions:?
    TmpfsOptions:TmpfsOptions ClusterOptions:?`,
  VolumeOptions: 'NoCopy:b Labels:{s} Subpath:s DriverConfig:DriverConfig',
  DriverConfig: 'Name:s Options:{s}',
  TmpfsOptions: 'SizeBytes:i Mode:i Options:[[s]]',
  Host: HOST,
  Endpoint: `IPAMConfig:EndpointIPAM Links:[s] MacAddress:s Aliases:[s] DriverOpts:{s} GwPriority:i NetworkID:s EndpointID:s Gateway:s
    IPAddress:s IPPrefixLen:i IPv6Gateway:s GlobalIPv6Address:s GlobalIPv6PrefixLen:i DNSNames:[s]`,
  EndpointIPAM: 'IPv4Address:s IPv6Address:s LinkLocalIPs:[s]',
  Networking: 'EndpointsConfig:{Endpoint}',
  ContainerCreate: `${CONFIG} ${HOST} Cpuset:s HostConfig:Host NetworkingConfig:Networking name:s platform:s`,
  ContainerUpdate: `${LIMITS} RestartPolicy:Restart`,
  ImageCommit: `${CONFIG} author:s changes:[s] comment:s container:s pause:b repo:s tag:s`,
  ContainerExec: `AttachStderr:b AttachStdin:b AttachStdout:b Cmd:c ConsoleSize:[i] Container:s Detach:b DetachKeys:s Env:[s]
    Privileged:b Tty:b User:s WorkingDir:s`,
  ExecStart: 'ConsoleSize:[i] Detach:b Tty:b hijack:b stdin:b',
  VolumeCreate: 'Name:s Driver:s DriverOpts:{s} Labels:{s} ClusterVolumeSpec:?',
  VolumeUpdate: 'Spec:?',
  NetworkCreate: `Name:s CheckDuplicate:b Driver:s Scope:s Internal:b Attachable:b Ingress:b ConfigOnly:b ConfigFrom:ConfigFrom IPAM:IPAM
    EnableIPv4:b EnableIPv6:b Options:{s} Labels:{s}`,
  ConfigFrom: 'Network:s',
  IPAM: 'Driver:s Config:[Subnet] Options:?',
  Subnet: 'Subnet:s IPRange:s Gateway:s AuxiliaryAddresses:{s}',
  NetworkConnect: 'Container:s EndpointConfig:Endpoint',
  NetworkDisconnect: 'Container:s Force:b',
  Service: `Name:s Labels:{s} TaskTemplate:Task Mode:Mode UpdateConfig:Update RollbackConfig:Update Networks:[Attachment]
    EndpointSpec:EndpointSpec`,
  Task: `ContainerSpec:ContainerSpec PluginSpec:? NetworkAttachmentSpec:? Resources:Resources RestartPolicy:TaskRestart
    Placement:Placement ForceUpdate:i Runtime:s Networks:[Attachment] LogDriver:LogDriver`,
  ContainerSpec: `Image:s Labels:{s} Command:[s] Args:[s] Hostname:s Env:[s] Dir:s User:s Groups:? Privileges:Privileges Init:b
    StopSignal:s TTY:b OpenStdin:b ReadOnly:b Mounts:[Mount] StopGracePeriod:i Healthcheck:Health Hosts:[s] DNSConfig:DNS Secrets:[Secret]
    Configs:[Config] Isolation:s Sysctls:{s} CapabilityAdd:[s] CapabilityDrop:[s] Ulimits:[Ulimit] OomScoreAdj:i`,
  Privileges: 'CredentialSpec:? SELinuxContext:? Seccomp:Seccomp AppArmor:AppArmor NoNewPrivileges:b',
  Seccomp: 'Mode:s Profile:?',
  AppArmor: 'Mode:s',
  DNS: 'Nameservers:[s] Search:[s] Options:[s]',
  Secret: 'File:File SecretID:s SecretName:s',
  Config: 'File:File Runtime:Nothing ConfigID:s ConfigName:s',
  File: 'Name:s UID:s GID:s Mode:i',
  Resources: 'Limits:TaskLimits Reservations:Reservations SwapBytes:i MemorySwappiness:i',
  TaskLimits: 'NanoCPUs:i MemoryBytes:i Pids:i',
  Reservations: 'NanoCPUs:i MemoryBytes:i GenericResources:[Generic]',
  Generic: 'NamedResourceSpec:Named DiscreteResourceSpec:Discrete',
  Named: 'Kind:s Value:s',
  Discrete: 'Kind:s Value:i',
  TaskRestart: 'Condition:s Delay:i MaxAttempts:i Window:i',
  Placement: 'Constraints:[s] Preferences:[Preference] MaxReplicas:i Platforms:[Platform]',
  Preference: 'Spread:Spread',
  Spread: 'SpreadDescriptor:s',
  Platform: 'Architecture:s OS:s',
  Attachment: 'Target:s Aliases:[s] DriverOpts:{s}',
  LogDriver: 'Name:s Options:{s}',
  Mode: 'Replicated:Replicated Global:Nothing ReplicatedJob:ReplicatedJob GlobalJob:Nothing',
  Replicated: 'Replicas:i',
  ReplicatedJob: 'MaxConcurrent:i TotalCompletions:i',
  Update: UPDATE,
  EndpointSpec: 'Mode:s Ports:[ServicePort]',
  ServicePort: 'Name:s Protocol:s TargetPort:i PublishedPort:i PublishMode:s',
  SecretSpec: 'Name:s Labels:{s} Data:s Driver:? Templating:?',
};

/** What each body is called; operations that are not here read none. */
export const BODY_OF: Readonly<Record<string, string>> = {
  ContainerCreate: 'ContainerCreate',
  ContainerUpdate: 'ContainerUpdate',
  ContainerExec: 'ContainerExec',
  ExecStart: 'ExecStart',
  ImageCommit: 'ImageCommit',
  VolumeCreate: 'VolumeCreate',
  VolumeUpdate: 'VolumeUpdate',
  NetworkCreate: 'NetworkCreate',
  NetworkConnect: 'NetworkConnect',
  NetworkDisconnect: 'NetworkDisconnect',
  ServiceCreate: 'Service',
  ServiceUpdate: 'Service',
  SecretCreate: 'SecretSpec',
  SecretUpdate: 'SecretSpec',
  ConfigCreate: 'SecretSpec',
  ConfigUpdate: 'SecretSpec',
};

/** Where no engine reads a body: what dockerode repeats there. */
export const REPEATED_IN: Readonly<Record<string, string>> = {
  ContainerStart: 'KeysQuery',
  ContainerStop: 'StopQuery',
  ContainerRestart: 'StopQuery',
  ContainerKill: 'SignalQuery',
  ContainerWait: 'ConditionQuery',
  ContainerRename: 'NameQuery',
  ContainerResize: 'SizeQuery',
  ExecResize: 'SizeQuery',
  ContainerPrune: 'FilterQuery',
  ImagePrune: 'FilterQuery',
  NetworkPrune: 'FilterQuery',
  VolumePrune: 'FilterQuery',
  ImageTag: 'TagQuery',
  ImagePush: 'PushQuery',
};

export const MEMBERS: ReadonlyMap<string, ReadonlyMap<string, string>> = new Map(
  Object.entries(TEXT).map(([name, text]) => {
    const members = text.split(/\s+/).filter((member) => member !== '');
    return [name, new Map(members.map((member) => member.split(/:(.*)/, 2) as [string, string]))] as const;
  }),
);
