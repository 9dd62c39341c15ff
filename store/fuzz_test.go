package store

import (
	"strings"
	"testing"
)

// FuzzDecoders reads what cursors and the fields of Redis may hold: none panics, and a
// position reads back as it is written.
func FuzzDecoders(f *testing.F) {
	for _, seed := range []string{
		"", "1.0.999", "9223372036854775807.0.0", "-1.0.0", "1.2.3x", "0-0", "1-1.1." + strings.Repeat("a", 64), "18446744073709551615-0.1.",
		"ok:3:1:120:0:3", "-:0:", "r:1:0:2:1732600000000:3", `[{"name":"stop","calls":1}]`, `{"accepted_at":1}`, `{"api":"x"}`, "111122223333/eu-west-1/EC2_Instance", "|", "\x00",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if p, err := parsePosition(text); err == nil {
			if again, err := parsePosition(p.String()); err != nil || again != p {
				t.Errorf("%q is read as %v, which is read as %v, %v", text, p, again, err)
			}
		}
		_, _ = parseAuditCursor(text)
		_, _ = parseCell("111122223333/eu-west-1/EC2_Instance", text)
		_, _ = parseCell(text, "-:0:")
		_, _, _ = decodeSteps(text)
		_, _ = decodeReceipt(text)
		_, _ = decodeJob("job", map[string]string{"state": "running", "request": text}, map[string]string{text: text})
		_, _ = readSchedule("id", []any{text, text, text, text, text})
		_, _ = keyID(text)
	})
}
