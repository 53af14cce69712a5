export const CI = `# Pipelines that build, push and deploy on this engine, without power over its host.
# Replace the names; docker-mtls policy check says what is left to do.
apiVersion: docker-mtls/policy.v1
mode: enforce # observe: deny nothing yet, and record what would be denied

bindings:
  - role: admin
    subjects: [{ cn: alice }] # who looks after this engine
  - role: ci
    # Clients such as ci-web: docker-mtls ci export ci-web. Add issuer: KEYID to accept those of one CA alone.
    subjects: [{ cn: 'ci-*' }]
  # A release pipeline for a limited time:
  # - role: ci
  #   subjects: [{ cn: release-1 }]
  #   until: 2030-01-01

# What the role ci is refused: containers that are privileged, have host mounts, devices, host namespaces or more
# capabilities, changes to plugins and the swarm. Mount named volumes instead of folders of the host. Testcontainers
# needs TESTCONTAINERS_RYUK_DISABLED=true, since Ryuk mounts the engine's socket.
# A plugin sees nothing of a build. So that builds get neither the host's network nor its devices, daemon.json needs:
#   "builder": { "entitlements": { "network-host": false, "device": false } }

local: admin # root on the host has the engine anyway; keep the group docker empty
audit: { level: metadata, durability: batch }
crl: { stale: warn } # deny: refuse everybody when the revocation list is overdue
`;
