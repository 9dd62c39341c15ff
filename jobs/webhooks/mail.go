package webhooks

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"strconv"

	"github.com/wneessen/go-mail"
)

// Mail sends e-mails.
type Mail struct {
	from   string
	client func() (*mail.Client, error)
}

// NewMail returns what sends e-mails by a server: smtps://user:password@host:465, or
// smtp+starttls://user:password@host:587. Without TLS it takes smtp:// to a loopback
// address only. Its errors do not repeat the URL.
func NewMail(server, from string, roots *x509.CertPool) (*Mail, error) {
	if err := mail.NewMsg().From(from); err != nil {
		return nil, errors.New("the sender is no address: set SMTP_FROM")
	}
	u, err := url.Parse(server)
	if err != nil || u.Hostname() == "" || u.Path != "" && u.Path != "/" {
		return nil, errors.New("is not a URL such as smtps://user:password@host:465")
	}
	options := []mail.Option{mail.WithTimeout(attemptTimeout), mail.WithTLSConfig(&tls.Config{ServerName: u.Hostname(), RootCAs: roots, MinVersion: tls.VersionTLS12})}
	port := 465
	switch u.Scheme {
	case "smtps":
		options = append(options, mail.WithSSL())
	case "smtp+starttls":
		port = 587
		options = append(options, mail.WithTLSPolicy(mail.TLSMandatory))
	case "smtp":
		port = 25
		if a, err := netip.ParseAddr(u.Hostname()); err != nil || !a.IsLoopback() || u.User != nil {
			return nil, errors.New("has no TLS: use smtps:// or smtp+starttls://")
		}
		options = append(options, mail.WithTLSPolicy(mail.NoTLS))
	default:
		return nil, errors.New("begins with neither smtps:// nor smtp+starttls://")
	}
	if p := u.Port(); p != "" {
		if port, err = strconv.Atoi(p); err != nil {
			return nil, errors.New("has no port from 1 to 65535")
		}
	}
	options = append(options, mail.WithPort(port))
	if u.User != nil {
		password, _ := u.User.Password()
		options = append(options, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover), mail.WithUsername(u.User.Username()), mail.WithPassword(password))
	}
	m := &Mail{from: from, client: func() (*mail.Client, error) { return mail.NewClient(u.Hostname(), options...) }}
	_, err = m.client()
	if err != nil {
		return nil, errors.New("is not a URL of a mail server")
	}
	return m, nil
}

// send sends a text. A receiver that is sent the same ID twice can tell by it.
func (m *Mail) send(ctx context.Context, id string, to []string, subject, text string) error {
	msg := mail.NewMsg()
	if err := msg.From(m.from); err != nil {
		return errors.New("the sender is no address")
	}
	if err := msg.To(to...); err != nil {
		return errors.New("a receiver is no address")
	}
	msg.SetMessageIDWithValue(id + "@resource-tracker")
	msg.SetGenHeader("Auto-Submitted", "auto-generated")
	msg.Subject(subject)
	msg.SetBodyString(mail.TypeTextPlain, text)
	c, err := m.client()
	if err != nil {
		return errors.New("the mail server cannot be used")
	}
	if err := c.DialAndSendWithContext(ctx, msg); err != nil {
		if refused, ok := errors.AsType[*mail.SendError](err); ok {
			return fmt.Errorf("the mail server did not take it: status %d", refused.ErrorCode())
		}
		return fmt.Errorf("the mail server cannot be reached: %s", explain(err))
	}
	return nil
}
