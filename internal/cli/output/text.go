package output

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/width"
)

// Clean makes text safe to show: what a terminal would take for a command, or what turns the direction
// of what follows, is written as an escape. Names and tags come from whoever may write them in AWS.
func Clean(s string) string {
	if !strings.ContainsFunc(s, commands) && utf8.ValidString(s) {
		return s
	}
	var b strings.Builder
	for _, r := range strings.ToValidUTF8(s, string(utf8.RuneError)) {
		switch {
		case !commands(r):
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case r < 0x100:
			fmt.Fprintf(&b, `\x%02x`, r)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
	}
	return b.String()
}

// commands says of a character that it does something other than to be seen.
func commands(r rune) bool {
	return unicode.IsControl(r) || r == '\u2028' || r == '\u2029' || unicode.Is(unicode.Bidi_Control, r)
}

// Width is how many columns of a terminal text takes.
func Width(s string) int {
	n := 0
	for _, r := range s {
		n += runeWidth(r)
	}
	return n
}

func runeWidth(r rune) int {
	switch {
	case r < 0x300:
		return 1
	case r == '\ufe0f': // makes the character before it an emoji, which is wide
		return 1
	case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		return 0
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 2
	default:
		return 1
	}
}

// Cut shortens text to so many columns; an ellipsis stands for what is left out.
func Cut(s string, columns int) string {
	if Width(s) <= columns {
		return s
	}
	if columns <= 0 {
		return ""
	}
	n := 0
	for i, r := range s {
		if n += runeWidth(r); n > columns-1 {
			return s[:i] + "…"
		}
	}
	return s
}

// Pad fills text up with spaces to so many columns, before it where it belongs to the right.
func Pad(s string, columns int, right bool) string {
	space := strings.Repeat(" ", max(0, columns-Width(s)))
	if right {
		return space + s
	}
	return s + space
}

// pairs writes the members of an object, sorted: env=prod owner=shop.
func pairs(m map[string]any) string {
	parts := make([]string, 0, len(m))
	for _, k := range slices.Sorted(maps.Keys(m)) {
		parts = append(parts, k+"="+text(m[k]))
	}
	return strings.Join(parts, " ")
}

// Colours of a terminal.
const (
	Bold   = "1"
	Dim    = "2"
	Red    = "31"
	Green  = "32"
	Yellow = "33"
)

// Paint colours text where on is true.
func Paint(on bool, color, s string) string {
	if !on || color == "" || s == "" {
		return s
	}
	return "\x1b[" + color + "m" + s + "\x1b[0m"
}

// StateColor is the colour of a state of a scan, plan, item, cell or resource.
func StateColor(state string) string {
	switch state {
	case "succeeded", "verified", "ok", "running", "available", "active", "in-use", "allowed", "evaluated":
		return Green
	case "failed", "denied", "denied_scp", "bad_credentials", "error", "timeout", "refused", "reappeared":
		return Red
	case "partial", "held", "blocked", "stopped", "cancelled", "expired", "throttled", "not_opted_in", "verify_timeout", "not_evaluated", "pending":
		return Yellow
	default:
		return ""
	}
}
