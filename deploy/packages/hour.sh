#!/bin/bash
# Carries out docs/setup.md, "Two programs", word for word on a bare Debian 12 that systemd
# runs as PID 1, and looks at what comes of it: hour.sh PACKAGE.deb. It needs root,
# debootstrap, systemd-container and moto_server, which stands in for AWS. The ports of the
# document have to be free: the system shares this machine's network.
set -eu
cd "$(dirname "$0")/../.."

package=$(realpath "$1")
work=${HOUR_DIR:-/var/tmp/resource-tracker-hour}
root=$work/root
mkdir -p "$work"
[ -d "$work/base" ] || debootstrap --variant=minbase --include=systemd,systemd-sysv,dbus bookworm "$work/base"
rm -rf "$root"
cp -a "$work/base" "$root"

port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
moto_server -p "$port" >"$work/moto.log" 2>&1 &
moto=$!
trap 'kill $moto' EXIT

# Beside the package only this is given: AWS is elsewhere, and so is the name server.
mkdir -p "$root/root/hour" "$root/etc/systemd/system/resource-tracker-worker@.service.d"
cp "$package" "$root/root/hour/"
cp /etc/resolv.conf "$root/etc/resolv.conf"
printf '[Service]\nEnvironment=AWS_ENDPOINT_URL=http://127.0.0.1:%s\n' "$port" >"$root/etc/systemd/system/resource-tracker-worker@.service.d/moto.conf"

{
	echo 'set -eux; cd /root/hour; began=$(date +%s)'
	echo 'export DEBIAN_FRONTEND=noninteractive AWS_ACCESS_KEY_ID=testing AWS_SECRET_ACCESS_KEY=testing'
	# moto does not serve every type: its scans end as partial, with 3.
	echo 'tracker() { command tracker "$@" || [ $? = 3 ]; }'
	sed -n '/^## Two programs/,/^## Redis/p' docs/setup.md | awk '/^```sh$/ {on = 1; next} /^```$/ {on = 0} on'
	echo 'echo "the document took $(($(date +%s) - began)) s"'
	cat deploy/packages/hour_checks.sh
} >"$root/root/hour/hour.sh"
cat >"$root/etc/systemd/system/hour.service" <<'UNIT'
[Unit]
Description=The commands of the document
After=network.target
SuccessAction=exit
FailureAction=exit-force

[Service]
Type=oneshot
Environment=HOME=/root PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
ExecStart=/bin/bash /root/hour/hour.sh
StandardOutput=file:/root/hour/log
StandardError=inherit
TimeoutStartSec=50min
UNIT
mkdir -p "$root/etc/systemd/system/multi-user.target.wants"
ln -sf /etc/systemd/system/hour.service "$root/etc/systemd/system/multi-user.target.wants/hour.service"

code=0
systemd-nspawn --quiet --register=no --keep-unit --directory="$root" --boot >"$work/boot.log" 2>&1 || code=$?
grep -v '^+' "$root/root/hour/log" | tail -n "${HOUR_LINES:-60}"
tail -n 3 "$root/root/hour/log" | grep -q 'all of it holds'
exit "$code"
