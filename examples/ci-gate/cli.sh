#!/usr/bin/env bash
# Fails a pipeline, with 5, when findings would save more than MAX_WASTE dollars a month, or with 3
# when the scan did not see everything.
set -euo pipefail
shopt -s inherit_errexit

job=$(tracker scan --services ec2 --wait=false)
tracker scan --watch "$job"
tracker findings --job "$job" --fail-above "${MAX_WASTE:-100}"
