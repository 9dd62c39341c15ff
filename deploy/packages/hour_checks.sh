
# From here on it is not the document, but whether that has led to what it says. A shell
# ends at a command that fails, but not at one behind "!": those have an "exit".
for unit in resource-tracker.target resource-tracker-{api,worker@1,worker@2}.service; do
	systemctl is-active "$unit"
	systemctl is-enabled "$unit"
done
[ "$(systemctl show -p User --value resource-tracker-api)" = resource-tracker-api ]
[ "$(stat -c '%a %U' /etc/resource-tracker/worker.env)" = '600 root' ]
curl -fsS http://127.0.0.1:5000/ready | grep '"workers":"ok"'
curl -fsS https://tracker.example.com/health
[ "$(tracker resources -o ndjson | wc -l)" -gt 0 ]
tracker jobs

# Neither program has the other's secrets, nor can the user of the API read the workers'.
api=$(systemctl show -p MainPID --value resource-tracker-api)
worker=$(systemctl show -p MainPID --value resource-tracker-worker@1)
if grep -qz CREDENTIALS_IDENTITY "/proc/$api/environ"; then exit 1; fi
if grep -qzE 'API_KEYS|SECRET_KEY' "/proc/$worker/environ"; then exit 1; fi
if setpriv --reuid=resource-tracker-api --regid=resource-tracker-api --clear-groups cat "/proc/$worker/environ"; then exit 1; fi

# Prometheus reads all three, its rules are taken, and what dashboards ask for is answered.
promtool check config /etc/prometheus/prometheus.yml
query() { curl -fsS http://127.0.0.1:9090/api/v1/query --data-urlencode "query=$1"; }
for _ in $(seq 120); do
	query 'count(up{job=~"tracker-.*"} == 1) == 3' | grep '"value"' && break
	sleep 1
done
query 'count(up{job=~"tracker-.*"} == 1) == 3' | grep '"value"'
tracker scan --regions eu-central-1 --types VPC
sleep 35 # a rate takes two reads
set +x
asked=0 answered=0
while read -r expression; do
	asked=$((asked + 1))
	query "$expression" >/tmp/answer || { echo "not understood: $expression"; exit 1; }
	if grep -q '"value"' /tmp/answer; then answered=$((answered + 1)); fi
done < <(grep -hoE '"expr": *"([^"\\]|\\.)*"' /usr/share/resource-tracker/grafana/*.json |
	sed -E 's/^"expr": *"//; s/"$//; s/\\"/"/g; s/\$__(rate_interval|range|interval)/5m/g; s/\$\{?[a-z_]+(:[a-z]+)?\}?/.*/g')
set -x
echo "dashboards: $asked expressions asked, all understood, $answered with data by now"
[ "$answered" -gt 0 ]

# A program that is killed comes back. All stop within their grace, and start again.
kill -KILL "$worker"
for _ in $(seq 30); do
	now=$(systemctl show -p MainPID --value resource-tracker-worker@1)
	if [ "$now" != 0 ] && [ "$now" != "$worker" ] && systemctl is-active resource-tracker-worker@1; then break; fi
	sleep 1
done
systemctl is-active resource-tracker-worker@1
systemctl stop resource-tracker.target # it does not wait for them
for _ in $(seq 35); do
	if ! systemctl is-active resource-tracker-api resource-tracker-worker@1 resource-tracker-worker@2 | grep -q ing; then break; fi
	sleep 1
done
[ "$(systemctl is-active resource-tracker-api resource-tracker-worker@1 resource-tracker-worker@2 | sort -u)" = inactive ]
[ "$(systemctl show -p Result --value resource-tracker-api resource-tracker-worker@2 | sort -u | xargs)" = success ]
systemctl start resource-tracker.target
for unit in resource-tracker-{api,worker@1,worker@2}; do
	for _ in $(seq 30); do
		systemctl is-active "$unit" && break
		sleep 1
	done
	systemctl is-active "$unit"
done

# A secret that systemd hands over as a file.
sed -n 's/^CREDENTIALS_IDENTITY=//p' /etc/resource-tracker/worker.env >/root/identity
sed -i /^CREDENTIALS_IDENTITY/d /etc/resource-tracker/worker.env
printf '[Service]\nLoadCredential=CREDENTIALS_IDENTITY:/root/identity\n' >/etc/systemd/system/resource-tracker-worker@.service.d/identity.conf
systemctl daemon-reload
systemctl stop resource-tracker-worker@2
systemctl restart resource-tracker-worker@1
tracker scan --regions eu-central-1 --types VPC

# An upgrade restarts what runs; a removal stops it and keeps the settings; a purge takes all.
before=$(systemctl show -p MainPID --value resource-tracker-api)
dpkg -i ./resource-tracker_*.deb
[ "$(systemctl show -p MainPID --value resource-tracker-api)" != "$before" ]
systemctl is-active resource-tracker-api resource-tracker-worker@1
[ "$(systemctl is-active resource-tracker-worker@2)" = inactive ]
grep -q ^REDIS_URL=redis /etc/resource-tracker/common.env
apt-get remove -y resource-tracker
[ "$(systemctl is-active resource-tracker-api)" != active ]
[ -z "$(find /etc/systemd/system -name 'resource-tracker*' -type l)" ]
[ -e /etc/resource-tracker/api.env ]
apt-get purge -y resource-tracker
[ ! -e /etc/resource-tracker ]
[ ! -e /var/lib/resource-tracker ]
echo 'all of it holds'
