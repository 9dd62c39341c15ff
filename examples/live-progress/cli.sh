#!/usr/bin/env bash
# Follows a scan as it happens: redrawn on a terminal, else a line for each region. Should the server or this
# program be killed meanwhile, tracker scan --watch comes back to it.
set -euo pipefail
shopt -s inherit_errexit

job=$(tracker scan --services ec2 --wait=false)
tracker scan --watch "$job"
