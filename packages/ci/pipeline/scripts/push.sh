#!/bin/sh
# Pushes the image that passed its tests. Without a REGISTRY there is nothing to do: engines get the image as a file.
. "$(dirname "$0")/lib.sh"

if [ -z "$REGISTRY" ]; then
  say "no REGISTRY is set: nothing is pushed, $IMAGE travels as $IMAGE_FILE"
  exit 0
fi
have_image
registry_login
docker push "$IMAGE"
say "pushed $IMAGE"
