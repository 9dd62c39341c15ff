// Package deviceflow signs a person in with an OpenID Connect issuer from a program, by
// the device flow of RFC 8628: on a page of the issuer, on any screen.
package deviceflow

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"golang.org/x/oauth2"
)

// Flow is what a server says of its issuer.
type Flow struct {
	Issuer, ClientID string
	Scopes           []string
}

const (
	patience = 15 * time.Second
	// maxAnswer bounds what is read of what the issuer says about itself.
	maxAnswer = 1 << 20
)

// Sign signs a person in and returns the ID token. show tells the person which page to
// open and which code it shows or asks for.
func Sign(ctx context.Context, f Flow, show func(page, code string)) (idToken string, err error) {
	client := &http.Client{Timeout: patience}
	about, err := discover(ctx, client, f.Issuer)
	if err != nil {
		return "", err
	}
	c := oauth2.Config{ClientID: f.ClientID, Scopes: f.Scopes, Endpoint: oauth2.Endpoint{
		DeviceAuthURL: about.Device, TokenURL: about.Token, AuthStyle: oauth2.AuthStyleInParams,
	}}
	ctx = context.WithValue(ctx, oauth2.HTTPClient, client)
	asked, err := c.DeviceAuth(ctx)
	if err != nil {
		return "", explain(err, f.Issuer)
	}
	page := asked.VerificationURIComplete
	if page == "" {
		page = asked.VerificationURI
	}
	if err := safe(page); err != nil {
		return "", fmt.Errorf("the issuer %s answers a page that %w", f.Issuer, err)
	}
	show(page, asked.UserCode)
	token, err := c.DeviceAccessToken(ctx, asked)
	if err != nil {
		return "", explain(err, f.Issuer)
	}
	idToken, ok := token.Extra("id_token").(string)
	if !ok {
		return "", fmt.Errorf("the issuer %s answers no ID token: its client %s needs the scope openid", f.Issuer, f.ClientID)
	}
	return idToken, nil
}

// endpoints are what an issuer says about itself.
type endpoints struct {
	Issuer string `json:"issuer"`
	Device string `json:"device_authorization_endpoint"`
	Token  string `json:"token_endpoint"`
}

func discover(ctx context.Context, client *http.Client, issuer string) (about endpoints, err error) {
	if err := safe(issuer); err != nil {
		return about, fmt.Errorf("the issuer that the server names %w", err)
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimRight(issuer, "/")+"/.well-known/openid-configuration", nil)
	if err != nil {
		return about, err
	}
	resp, err := client.Do(r)
	if err != nil {
		return about, fmt.Errorf("the issuer %s does not answer: %w", issuer, err)
	}
	defer resp.Body.Close()
	if err := json.NewDecoder(io.LimitReader(resp.Body, maxAnswer)).Decode(&about); err != nil || resp.StatusCode != http.StatusOK {
		return about, fmt.Errorf("the issuer %s does not say how to sign in: %s", issuer, resp.Status)
	}
	if about.Issuer != issuer {
		return about, fmt.Errorf("the issuer %s calls itself %s", issuer, about.Issuer)
	}
	if about.Device == "" {
		return about, fmt.Errorf("the issuer %s has no device flow: log in with an API key (--with-key)", issuer)
	}
	for _, address := range []string{about.Device, about.Token} {
		if err := safe(address); err != nil {
			return about, fmt.Errorf("the issuer %s answers an address that %w", issuer, err)
		}
	}
	return about, nil
}

// safe refuses an address that somebody on the way could read or change.
func safe(address string) error {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return errors.New("is no web address")
	}
	ip, err := netip.ParseAddr(u.Hostname())
	loopback := u.Hostname() == "localhost" || err == nil && ip.IsLoopback()
	if u.Scheme != "https" && (u.Scheme != "http" || !loopback) {
		return errors.New("is not https")
	}
	return nil
}

// explain says why nobody signed in.
func explain(err error, issuer string) error {
	refused, ok := errors.AsType[*oauth2.RetrieveError](err)
	var network net.Error
	switch {
	case ok && refused.ErrorCode == "access_denied":
		return errors.New("the log-in was refused on the issuer's page")
	case ok && refused.ErrorCode == "expired_token", errors.Is(err, context.DeadlineExceeded):
		return errors.New("nobody signed in on the issuer's page in time")
	case ok && refused.ErrorCode != "":
		return fmt.Errorf("the issuer %s does not sign anybody in from this program: %s: %.200s", issuer, refused.ErrorCode, refused.ErrorDescription)
	case ok:
		return fmt.Errorf("the issuer %s does not sign anybody in from this program: %s", issuer, refused.Response.Status)
	case errors.As(err, &network):
		return fmt.Errorf("the issuer %s does not answer: %w", issuer, err)
	}
	return err
}
