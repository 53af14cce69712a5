#!/bin/sh
# Builds the image on this agent's own engine, and keeps it as a file for jobs on other machines.
. "$(dirname "$0")/lib.sh"

# A file of the last build would be sent along with the sources.
rm -f "$IMAGE_FILE"
docker build --tag "$IMAGE" .
mkdir -p "$(dirname "$IMAGE_FILE")"
docker save --output "$IMAGE_FILE" "$IMAGE"
say "built $IMAGE"
