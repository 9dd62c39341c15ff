#!/usr/bin/env bash
# Mails the report of a week: SMTP_URL is the server, such as smtps://user:password@mail.example.com:465, MAIL_TO and
# MAIL_FROM are addresses. For cron: 0 7 * * 1 bash cli.sh
set -euo pipefail
shopt -s inherit_errexit

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
for format in html md; do
  tracker report --days "${DAYS:-7}" --format "$format" --file "$folder/report.$format"
  (($(wc -c <"$folder/report.$format") <= 2000000)) || { echo "the report is too large to mail" >&2; exit 1; }
done
# The address of the server has its password: it is no argument, which other users could see.
curl -sS --ssl --config - --mail-from "$MAIL_FROM" --mail-rcpt "$MAIL_TO" -H "From: $MAIL_FROM" -H "To: $MAIL_TO" \
  -H "Subject: AWS: the report of ${DAYS:-7} days" -F '=(;type=multipart/alternative' \
  -F "=<$folder/report.md;type=text/plain; charset=utf-8;encoder=base64" -F "=<$folder/report.html;type=text/html; charset=utf-8;encoder=base64" -F '=)' \
  <<<"url = \"$SMTP_URL\""
echo "mailed to $MAIL_TO"
