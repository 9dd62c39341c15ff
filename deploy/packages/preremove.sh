#!/bin/sh
# Runs before the files go. A .deb says "remove" when it is not an upgrade, an .rpm "0".
set -e

if [ "$1" != remove ] && [ "$1" != 0 ]; then
	exit 0
fi
if [ -d /run/systemd/system ]; then
	systemctl stop resource-tracker.target resource-tracker-api.service 'resource-tracker-worker@*.service'
fi
systemctl --no-reload disable resource-tracker.target resource-tracker-api.service resource-tracker-worker@.service
