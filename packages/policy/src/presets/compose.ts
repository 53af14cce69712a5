export const COMPOSE = `# People and pipelines that run one Compose project, here shop, and reach no other container, volume or network.
# Replace shop and the names; docker-mtls policy check says what is left to do.
apiVersion: docker-mtls/policy.v1
mode: enforce # observe: deny nothing yet, and record what would be denied

roles:
  shop:
    # docker compose up, down, ps, logs, exec, cp and pull. Add '@build' for build: in compose.yaml: a plugin sees nothing of
    # a build, so it is all or nothing.
    inherits: [deployer, debugger]
    allow: [PutContainerArchive, ContainerArchive, ContainerArchiveInfo]
    guards: baseline # subnets that compose.yaml chooses, and group_add, are permitted; restricted refuses them
    objects:
      names: ['shop-*', 'shop_*'] # containers and the rest of docker compose -p shop
      # Only of these registries:
      # images: ['registry.example.com/shop/**', 'postgres']

bindings:
  - role: admin
    subjects: [{ cn: alice }] # who looks after this engine
  - role: shop
    subjects: [{ cn: bob }, { cn: ci-shop }]
  - role: viewer
    subjects: [{ cn: carol }]

# What the role shop is refused: privileged, devices, host networks and namespaces, more capabilities, and folders of the
# host in volumes: use named volumes, configs and secrets. What is named by container_name or name: has to match names.

local: admin # root on the host has the engine anyway; keep the group docker empty
audit: { level: metadata, durability: batch }
crl: { stale: warn } # deny: refuse everybody when the revocation list is overdue
`;
