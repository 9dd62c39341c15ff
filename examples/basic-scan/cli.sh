#!/usr/bin/env bash
# Scans the account and says what there is, by type, and what could not be seen.
set -euo pipefail
shopt -s inherit_errexit

tracker scan --services ec2
