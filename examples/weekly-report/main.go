// Weekly-report mails the report of a week: SMTP_URL is the server, such as smtps://user:password@mail.example.com:465,
// MAIL_TO and MAIL_FROM are addresses. For cron: 0 7 * * 1 weekly-report
package main

import (
	"bytes"
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"net/smtp"
	"net/textproto"
	"net/url"
	"os"
	"time"

	client "github.com/consolesensei/resource-tracker/clients/go"
)

const most = 2_000_000 // bytes of a part

func main() {
	if err := run(context.Background()); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context) error {
	tracker, err := client.New(os.Getenv("TRACKER_URL"), os.Getenv("TRACKER_API_KEY"))
	if err != nil {
		return err
	}
	from, err := mail.ParseAddress(os.Getenv("MAIL_FROM"))
	if err != nil {
		return fmt.Errorf("MAIL_FROM: %w", err)
	}
	to, err := mail.ParseAddress(os.Getenv("MAIL_TO"))
	if err != nil {
		return fmt.Errorf("MAIL_TO: %w", err)
	}
	days := cmp.Or(os.Getenv("DAYS"), "7")
	var message bytes.Buffer
	parts := multipart.NewWriter(&message)
	fmt.Fprintf(&message, "From: %s\r\nTo: %s\r\nSubject: AWS: the report of %s days\r\nDate: %s\r\nMIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=%s\r\n\r\n",
		from, to, days, time.Now().Format(time.RFC1123Z), parts.Boundary())
	for _, part := range []struct{ format, media string }{{"md", "text/plain"}, {"html", "text/html"}} {
		report, err := read(ctx, tracker, days, part.format)
		if err != nil {
			return err
		}
		if err := attach(parts, part.media, report); err != nil {
			return err
		}
	}
	if err := parts.Close(); err != nil {
		return err
	}
	if err := send(ctx, os.Getenv("SMTP_URL"), from.Address, to.Address, message.Bytes()); err != nil {
		return fmt.Errorf("send the report: %w", err)
	}
	fmt.Println("mailed to", to.Address)
	return nil
}

// read reads the report in a format.
func read(ctx context.Context, tracker *client.Tracker, days, format string) ([]byte, error) {
	body, err := tracker.Open(ctx, "/api/v1/reports/summary", url.Values{"days": {days}, "format": {format}})
	if err != nil {
		return nil, err
	}
	defer body.Close()
	report, err := io.ReadAll(io.LimitReader(body, most+1))
	if err == nil && len(report) > most {
		err = errors.New("the report is too large to mail")
	}
	return report, err
}

func attach(parts *multipart.Writer, media string, report []byte) error {
	part, err := parts.CreatePart(textproto.MIMEHeader{"Content-Type": {media + "; charset=utf-8"}, "Content-Transfer-Encoding": {"quoted-printable"}})
	if err != nil {
		return err
	}
	encoded := quotedprintable.NewWriter(part)
	if _, err := encoded.Write(report); err != nil {
		return err
	}
	return encoded.Close()
}

func send(ctx context.Context, server, from, to string, message []byte) error {
	u, err := url.Parse(server)
	if err != nil {
		return errors.New("SMTP_URL is not a URL") // the error would show its password
	}
	secure := &tls.Config{ServerName: u.Hostname(), MinVersion: tls.VersionTLS12}
	plain := &net.Dialer{Timeout: 30 * time.Second}
	dial, port := plain.DialContext, "25"
	if u.Scheme == "smtps" {
		dial, port = (&tls.Dialer{NetDialer: plain, Config: secure}).DialContext, "465"
	}
	conn, err := dial(ctx, "tcp", net.JoinHostPort(u.Hostname(), cmp.Or(u.Port(), port)))
	if err != nil {
		return err
	}
	c, err := smtp.NewClient(conn, u.Hostname())
	if err != nil {
		return errors.Join(err, conn.Close())
	}
	defer c.Close()
	if ok, _ := c.Extension("STARTTLS"); ok && u.Scheme != "smtps" {
		if err := c.StartTLS(secure); err != nil {
			return err
		}
	}
	if password, ok := u.User.Password(); ok {
		if err := c.Auth(smtp.PlainAuth("", u.User.Username(), password, u.Hostname())); err != nil {
			return err
		}
	}
	if err := errors.Join(c.Mail(from), c.Rcpt(to)); err != nil {
		return err
	}
	w, err := c.Data()
	if err != nil {
		return err
	}
	if _, err := w.Write(message); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	return c.Quit()
}
