# The image of docker-mtls: a drop-in for the book's diamol/pwd-tls, and the command line for everything else.
#
#   docker build --target server --tag docker-mtls:server .
#   docker build --target client --tag docker-mtls:client .
#   docker build --tag docker-mtls .
#
# Any builder will do: nothing here is BuildKit's alone. So will other base images: the first needs npm, a shell, and
# node at /usr/local/bin; the second glibc and libstdc++, nothing else.
ARG NODE_IMAGE=node:24-bookworm-slim
ARG BASE_IMAGE=gcr.io/distroless/cc-debian12

FROM ${NODE_IMAGE} AS build
ENV CI=true
WORKDIR /src
COPY . .
# Built from the lockfile. What goes on from here is the bundle, and the one package that it needs, for this C library;
# the rest is taken away, for builders that keep every step.
RUN npm install --global "$(node -p 'require("./package.json").packageManager')" \
 && pnpm install --frozen-lockfile \
 && node scripts/build.js \
 && rm -rf node_modules packages/*/node_modules \
 && pnpm install --frozen-lockfile --offline --prod --filter docker-mtls \
 && rm -rf node_modules/.pnpm/@libsql+*-musl@* \
 && mkdir -p /opt/docker-mtls/packages/cli \
 && cp -a LICENSE node_modules /opt/docker-mtls/ \
 && cp -a packages/cli/dist packages/cli/node_modules /opt/docker-mtls/packages/cli/ \
 && rm -rf /src/* /root/.cache /root/.local /root/.npm

FROM ${BASE_IMAGE} AS program
ARG BASE_IMAGE
ARG VERSION=0.1.0
ARG REVISION=
ARG CREATED=
LABEL org.opencontainers.image.title="docker-mtls" \
      org.opencontainers.image.description="A certificate authority and mutual-TLS provisioning for Docker engines" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.created="${CREATED}" \
      org.opencontainers.image.base.name="${BASE_IMAGE}"
COPY --from=build /usr/local/bin/node /usr/local/bin/node
COPY --from=build /opt/docker-mtls /opt/docker-mtls
ENV DOCKER_MTLS_CA_DIR=/certs/ca
# Where a command that is told no folder leaves its files: in the user's, if one is mounted there.
WORKDIR /certs
# Root, for /etc/docker and the keys in /diamol-certs are root's. No capability of root's is needed: see compose.yaml.
# With folders of their own, other commands run as any user.
USER 0:0
# Every command ends by itself, and its exit code says how: there is nobody to look after.
HEALTHCHECK NONE
ENTRYPOINT ["/usr/local/bin/node", "/opt/docker-mtls/packages/cli/dist/docker-mtls.cjs"]

FROM program AS server
CMD ["container", "server"]

FROM program AS client
CMD ["container", "client"]

FROM program
CMD ["--help"]
