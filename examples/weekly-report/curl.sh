#!/usr/bin/env bash
# Mails the report of a week: SMTP_URL is the server, such as smtps://user:password@mail.example.com:465, MAIL_TO and
# MAIL_FROM are addresses. For cron: 0 7 * * 1 bash curl.sh
set -euo pipefail
shopt -s inherit_errexit

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
for format in html md; do
  curl -sS --fail-with-body --max-filesize 2M -G "$TRACKER_URL/api/v1/reports/summary" -H "X-API-Key: $TRACKER_API_KEY" -d "days=${DAYS:-7}" -d "format=$format" \
    -o "$folder/report.$format" || {
    echo "the server answers: $(head -c 1000 "$folder/report.$format")" >&2
    exit 1
  }
done
# The address of the server has its password: it is no argument, which other users could see.
curl -sS --ssl --config - --mail-from "$MAIL_FROM" --mail-rcpt "$MAIL_TO" -H "From: $MAIL_FROM" -H "To: $MAIL_TO" \
  -H "Subject: AWS: the report of ${DAYS:-7} days" -F '=(;type=multipart/alternative' \
  -F "=<$folder/report.md;type=text/plain; charset=utf-8;encoder=base64" -F "=<$folder/report.html;type=text/html; charset=utf-8;encoder=base64" -F '=)' \
  <<<"url = \"$SMTP_URL\""
echo "mailed to $MAIL_TO"
