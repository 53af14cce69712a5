#!/bin/sh
# Runs the service "test" of compose.test.yaml, with what it depends on, against the image that was built. Its exit
# code decides.
. "$(dirname "$0")/lib.sh"

[ -f compose.test.yaml ] || give_up 'there is no compose.test.yaml' 'write one, with a service "test" whose exit code decides'
have_image
trap 'compose_for test down --volumes --remove-orphans >/dev/null 2>&1' EXIT
compose_for test run --rm -T test || give_up "the tests of $IMAGE failed"
say "$IMAGE passed its tests"
