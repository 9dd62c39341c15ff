// Mails the report of a week: SMTP_URL is the server, such as smtps://user:password@mail.example.com:465, MAIL_TO and
// MAIL_FROM are addresses. For cron: 0 7 * * 1 node example.js
import { Tracker } from '@consolesensei/resource-tracker'
import { createTransport } from 'nodemailer'

const most = 2_000_000 // characters of a part

const tracker = new Tracker({ url: process.env.TRACKER_URL!, key: process.env.TRACKER_API_KEY })

const days = Number(process.env.DAYS ?? 7)
const text = await tracker.trends.reportText({ days, format: 'md' })
const html = await tracker.trends.reportText({ days, format: 'html' })
if (Math.max(text.length, html.length) > most) throw new Error('the report is too large to mail')

const to = process.env.MAIL_TO
await createTransport(process.env.SMTP_URL!).sendMail({ from: process.env.MAIL_FROM, to, subject: `AWS: the report of ${days} days`, text, html })
console.log(`mailed to ${to}`)
