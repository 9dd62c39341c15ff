#!/bin/sh
# Runs after the files are gone. Only "purge" of a .deb takes settings and data along.
set -e

if [ -d /run/systemd/system ]; then
	systemctl daemon-reload
fi
if [ "$1" = purge ]; then
	rm -rf /etc/resource-tracker /var/lib/resource-tracker /var/log/resource-tracker
fi
