# The image of docker-mtls: a drop-in for the book's diamol/pwd-tls, and the command line for everything else.
#
#   docker build --target server --tag docker-mtls:server .
#   docker build --target client --tag docker-mtls:client .
#   docker build --tag docker-mtls .
#
# Any builder will do: nothing here is BuildKit's alone. The first image needs npm, and node at /usr/local/bin, on Debian
# bookworm: the libraries in the image are of its packages. What is built has neither: it is the executable, and these.
ARG NODE_IMAGE=node:24-bookworm-slim
# The machine that builds, for builders that are not BuildKit, which says it itself.
ARG BUILD_PLATFORM=linux/amd64

# No code of another architecture is run to build an image for that.
FROM --platform=${BUILDPLATFORM:-$BUILD_PLATFORM} ${NODE_IMAGE} AS build
# BuildKit says it; without it, the image is for the machine that builds it.
ARG TARGETARCH
ENV CI=true
WORKDIR /src
COPY . .
# Built from the lockfile. The rest is taken away, for builders that keep every step.
RUN npm install --global "$(node -p 'require("./package.json").packageManager')" \
 && pnpm install --frozen-lockfile \
 && scripts/image-root /image ${TARGETARCH} \
 && rm -rf /src/* /src/.cache /root/.cache /root/.local /root/.npm

FROM scratch AS program
ARG VERSION=
ARG REVISION=
ARG CREATED=
LABEL org.opencontainers.image.title="docker-mtls" \
      org.opencontainers.image.description="A certificate authority and mutual-TLS provisioning for Docker engines" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.created="${CREATED}"
COPY --from=build /image/ /
ENV DOCKER_MTLS_CA_DIR=/certs/ca
# Where a command that is told no folder leaves its files: in the user's, if one is mounted there.
WORKDIR /certs
# Root, for /etc/docker and the keys in /diamol-certs are root's. No capability of root's is needed: see compose.yaml.
# With folders of their own, other commands run as any user.
USER 0:0
# Every command ends by itself, and its exit code says how: there is nobody to look after.
HEALTHCHECK NONE
ENTRYPOINT ["/usr/bin/docker-mtls"]

FROM program AS server
CMD ["container", "server"]

FROM program AS client
CMD ["container", "client"]

FROM program
CMD ["--help"]
