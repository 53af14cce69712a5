export const MONITORING = `# Programs that watch the engine and change nothing: Prometheus, cAdvisor, Telegraf, Dozzle, a proxy that reads labels.
# Replace the names; docker-mtls policy check says what is left to do.
apiVersion: docker-mtls/policy.v1
mode: enforce # observe: deny nothing yet, and record what would be denied

roles:
  metrics: # lists, statistics, events, info: nothing that shows environments, arguments or output
    allow: ['@ping', '@read-safe']
  discovery: # and what containers are made of: a proxy reads labels here, and sees environments too
    inherits: [metrics]
    allow: [ContainerInspect, ServiceList, ServiceInspect, TaskList, TaskInspect]
  logs: # and their output
    inherits: [metrics]
    allow: [ContainerInspect, ContainerLogs, ServiceLogs, TaskLogs]

bindings:
  - role: admin
    subjects: [{ cn: alice }] # who looks after this engine
  - role: metrics
    subjects: [{ cn: prometheus }, { cn: telegraf }]
  - role: discovery
    subjects: [{ cn: traefik }, { cn: cadvisor }]
  - role: logs
    subjects: [{ cn: dozzle }]

local: admin # root on the host has the engine anyway; keep the group docker empty
audit:
  level: metadata
  durability: batch
  rules: # what is asked every few seconds
    - { operations: ['@ping', ContainerStats], level: none }
crl: { stale: warn } # deny: refuse everybody when the revocation list is overdue
`;
