package e2e

import (
	"bytes"
	"encoding/base64"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"net/textproto"
	"strings"
	"testing"
)

// letter is a mail that a server took.
type letter struct {
	from, to string
	header   mail.Header
	parts    map[string]string // by media type
}

// mailbox is a server of SMTP that takes mails on a port of its own, as a relay on the same machine does.
func mailbox(t *testing.T) (url string, letters <-chan letter) {
	t.Helper()
	l := got((&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0"))(t)
	t.Cleanup(func() { _ = l.Close() })
	took := make(chan letter, 10)
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				takeMail(t, textproto.NewConn(conn), took)
			}()
		}
	}()
	return "smtp://" + l.Addr().String(), took
}

// takeMail talks to one client until it leaves.
func takeMail(t *testing.T, c *textproto.Conn, took chan<- letter) {
	t.Helper()
	var in letter
	say := func(line string) bool { return c.PrintfLine("%s", line) == nil }
	for ok := say("220 mailbox ESMTP"); ok; {
		line, err := c.ReadLine()
		if err != nil {
			return
		}
		verb, argument, _ := strings.Cut(line, " ")
		switch strings.ToUpper(verb) {
		case "EHLO":
			ok = say("250-mailbox") && say("250-8BITMIME") && say("250 SIZE 5000000")
		case "MAIL":
			in.from = argument
			ok = say("250 go on")
		case "RCPT":
			in.to = argument
			ok = say("250 go on")
		case "DATA":
			if !say("354 end with a dot") {
				return
			}
			var b []byte
			if b, err = c.ReadDotBytes(); err != nil {
				return
			}
			for l := range bytes.Lines(b) {
				if len(l) > 999 {
					t.Errorf("a line of the mail has %d bytes", len(l)) // RFC 5321: 998 and the end of the line
				}
			}
			if in.header, in.parts, err = opened(b); err != nil {
				t.Errorf("a mail that nobody can read: %v\n%.2000s", err, b)
			}
			took <- in
			ok = say("250 taken")
		case "QUIT":
			say("221 bye")
			return
		default:
			ok = say("502 not here")
		}
	}
}

// opened is the head of a mail, and its parts as they read.
func opened(b []byte) (mail.Header, map[string]string, error) {
	m, err := mail.ReadMessage(bytes.NewReader(b))
	if err != nil {
		return nil, nil, err
	}
	parts := map[string]string{}
	return m.Header, parts, openPart(textproto.MIMEHeader(m.Header), m.Body, parts)
}

// openPart reads a part, and the parts within it.
func openPart(header textproto.MIMEHeader, body io.Reader, parts map[string]string) error {
	media, params, err := mime.ParseMediaType(header.Get("Content-Type"))
	if err != nil {
		return err
	}
	switch strings.ToLower(header.Get("Content-Transfer-Encoding")) {
	case "base64":
		body = base64.NewDecoder(base64.StdEncoding, body)
	case "quoted-printable":
		body = quotedprintable.NewReader(body)
	}
	if !strings.HasPrefix(media, "multipart/") {
		text, err := io.ReadAll(body)
		parts[media] = string(text)
		return err
	}
	for r := multipart.NewReader(body, params["boundary"]); ; {
		p, err := r.NextRawPart()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err == nil {
			err = openPart(p.Header, p, parts)
		}
		if err != nil {
			return err
		}
	}
}

// reads holds a mail against what it has to be: a text, and a page that says the same.
func (l letter) reads(t *testing.T, pattern string) {
	t.Helper()
	if !strings.Contains(l.from, "<tracker@example.com>") || !strings.Contains(l.to, "<manager@example.com>") || !strings.Contains(l.header.Get("Subject"), "report of 7 days") {
		t.Errorf("from %s to %s: %v", l.from, l.to, l.header)
	}
	for media, begins := range map[string]string{"text/plain": "# What runs on AWS", "text/html": "<!DOCTYPE html>"} {
		if text := l.parts[media]; !strings.HasPrefix(text, begins) || !strings.Contains(strings.ReplaceAll(text, `\`, ""), pattern) {
			t.Errorf("the part %s is %.500s", media, text)
		}
	}
}
