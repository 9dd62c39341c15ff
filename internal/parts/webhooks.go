package parts

import (
	"crypto/x509"
	"errors"
	"fmt"
	"os"

	"github.com/consolesensei/resource-tracker/internal/config"
	"github.com/consolesensei/resource-tracker/jobs/webhooks"
)

// Guard returns where webhooks may be sent.
func Guard(cfg config.Config) webhooks.Guard { return webhooks.Guard{Allow: cfg.WebhookAllow} }

// webhookSettings returns what a worker that sends events needs.
func webhookSettings(cfg config.Config, keys webhooks.Opener) (o webhooks.Settings, err error) {
	o = webhooks.Settings{Opener: keys, Guard: Guard(cfg), BaseURL: cfg.PublicURL}
	if cfg.WebhookCAFile != "" {
		if o.Roots, err = roots(cfg.WebhookCAFile); err != nil {
			return o, fmt.Errorf("WEBHOOK_CA_FILE: %w", err)
		}
	}
	if cfg.SMTPURL != "" {
		if o.Mail, err = webhooks.NewMail(cfg.SMTPURL.Reveal(), cfg.SMTPFrom, o.Roots); err != nil {
			return o, fmt.Errorf("SMTP_URL: %w", err)
		}
	}
	return o, nil
}

// roots returns the certificates of the system and of a file.
func roots(file string) (*x509.CertPool, error) {
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool()
	}
	pem, err := os.ReadFile(file) //nolint:gosec // the operator names it
	if err != nil {
		return nil, err
	}
	if !pool.AppendCertsFromPEM(pem) {
		return nil, errors.New("holds no certificate in PEM")
	}
	return pool, nil
}
