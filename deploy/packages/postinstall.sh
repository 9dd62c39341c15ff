#!/bin/sh
# Runs after the files are there, at an installation and at an upgrade, of .deb and .rpm.
set -e

if [ "$1" = abort-upgrade ] || [ "$1" = abort-remove ] || [ "$1" = abort-deconfigure ]; then
	exit 0
fi
systemd-sysusers resource-tracker.conf
systemd-tmpfiles --create resource-tracker.conf || true # an image that is being built has no /proc
if [ -d /run/systemd/system ]; then
	systemctl daemon-reload
	# What runs takes the new programs: workers first, as docs/operations.md says.
	systemctl try-restart 'resource-tracker-worker@*.service'
	systemctl try-restart resource-tracker-api.service
fi
