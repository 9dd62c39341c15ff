package webhooks

import (
	"bufio"
	"fmt"
	"net"
	"strings"
	"testing"
)

// postOffice is a mail server of as many words as it takes. It returns what it was sent.
func postOffice(t *testing.T, refuse string) (address string, sent <-chan []string) {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	out := make(chan []string, 1)
	go func() {
		c, err := l.Accept()
		if err != nil {
			return
		}
		defer func() { _ = c.Close() }()
		var lines []string
		data := false
		say := func(text string) { fmt.Fprintf(c, "%s\r\n", text) }
		say("220 here")
		for in := bufio.NewScanner(c); in.Scan(); {
			line := in.Text()
			lines = append(lines, line)
			verb, _, _ := strings.Cut(line, " ")
			switch {
			case data && line == ".":
				data = false
				say("250 taken")
			case data:
			case refuse != "" && strings.HasPrefix(line, refuse):
				say("550 not here")
			case verb == "DATA":
				data = true
				say("354 go on")
			case verb == "QUIT":
				say("221 bye")
				out <- lines
				return
			default:
				say("250 yes")
			}
		}
		out <- lines
	}()
	return l.Addr().String(), out
}

func TestMail(t *testing.T) {
	at, sent := postOffice(t, "")
	m, err := NewMail("smtp://"+at, "tracker@example.com", nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := m.send(t.Context(), "evt_1", []string{"a@example.com", "b@example.com"}, "Scan j1 is incomplete", "Scan j1 is incomplete\n\nReason: 2 of 40\n"); err != nil {
		t.Fatal(err)
	}
	got := strings.Join(<-sent, "\n")
	for _, want := range []string{
		"MAIL FROM:<tracker@example.com>", "RCPT TO:<a@example.com>", "RCPT TO:<b@example.com>",
		"Subject: Scan j1 is incomplete", "Message-ID: <evt_1@resource-tracker>", "Auto-Submitted: auto-generated", "Reason: 2 of 40",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in what was sent:\n%s", want, got)
		}
	}
}

func TestMail_Refused(t *testing.T) {
	at, _ := postOffice(t, "RCPT")
	m, err := NewMail("smtp://"+at, "tracker@example.com", nil)
	if err != nil {
		t.Fatal(err)
	}
	err = m.send(t.Context(), "evt_1", []string{"nobody@example.com"}, "s", "t")
	if err == nil || !strings.Contains(err.Error(), "550") || strings.Contains(err.Error(), "nobody") {
		t.Errorf("refused with %v", err)
	}
	nobody, err := NewMail("smtp://127.0.0.1:1", "tracker@example.com", nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := nobody.send(t.Context(), "evt_1", []string{"a@example.com"}, "s", "t"); err == nil || err.Error() != "the mail server cannot be reached: the connection was refused" {
		t.Errorf("nobody there: %v", err)
	}
}

func TestMail_Servers(t *testing.T) {
	for server, ok := range map[string]bool{
		"smtps://user:MARKER@mail.example.com":             true,
		"smtps://user:MARKER@mail.example.com:465/":        true,
		"smtp+starttls://user:MARKER@mail.example.com:587": true,
		"smtp://127.0.0.1:25":                              true,
		"smtp://mail.example.com":                          false,
		"smtp://user:MARKER@127.0.0.1":                     false,
		"https://user:MARKER@mail.example.com":             false,
		"smtps://user:MARKER@mail.example.com:70000":       false,
		"smtps://user:MARKER@":                             false,
		"MARKER":                                           false,
	} {
		_, err := NewMail(server, "tracker@example.com", nil)
		if (err == nil) != ok || err != nil && strings.Contains(err.Error(), "MARKER") {
			t.Errorf("%s: %v", server, err)
		}
	}
	if _, err := NewMail("smtps://mail.example.com", "nobody", nil); err == nil {
		t.Error("a sender without an address is taken")
	}
}
