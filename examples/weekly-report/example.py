"""Mails the report of a week: SMTP_URL is the server, such as smtps://user:password@mail.example.com:465, MAIL_TO and
MAIL_FROM are addresses. For cron: 0 7 * * 1 python3 example.py"""

import os
import smtplib
import ssl
import urllib.parse
from email.message import EmailMessage

from tracker import Tracker

MOST = 2_000_000  # characters of a part

tracker, days = Tracker.from_env(), os.environ.get("DAYS", "7")
text, page = (tracker.report_text(format, days=days) for format in ("md", "html"))
if max(len(text), len(page)) > MOST:
    raise SystemExit("the report is too large to mail")
mail = EmailMessage()
mail["From"], mail["To"], mail["Subject"] = os.environ["MAIL_FROM"], os.environ["MAIL_TO"], f"AWS: the report of {days} days"
mail.set_content(text)
mail.add_alternative(page, subtype="html")

server = urllib.parse.urlsplit(os.environ["SMTP_URL"])
secure = ssl.create_default_context()
if server.scheme == "smtps":
    smtp: smtplib.SMTP = smtplib.SMTP_SSL(server.hostname, server.port or 465, timeout=30, context=secure)
else:
    smtp = smtplib.SMTP(server.hostname, server.port or 25, timeout=30)
with smtp:
    smtp.ehlo()
    if smtp.has_extn("starttls"):
        smtp.starttls(context=secure)
    if server.username:
        smtp.login(urllib.parse.unquote(server.username), urllib.parse.unquote(server.password or ""))
    smtp.send_message(mail)
print("mailed to", mail["To"])
