package manual_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/internal/manual"
)

func TestPage(t *testing.T) {
	p := manual.New(manual.Head{Name: "tracker", Section: 1, Summary: "finds AWS resources", Date: "2026-11-27", Source: `the "Tracker" 1.0`})
	p.Section("FLAGS")
	p.Subsection("tracker keys")
	p.Paragraph("A text of more words than fit into one line of the source, because checkers of manual pages ask for short ones.")
	p.Paragraph("A list: jobs=100,jobs_per_day=5000,cells_per_job=100000")
	p.Term("--sort=NAME", `Sorts by -cost, as 'x' or ~/y…, after C:\z`)
	p.Literal(".env is read\n  -demo  scans\n")
	var b strings.Builder
	if _, err := p.WriteTo(&b); err != nil {
		t.Fatal(err)
	}
	want := `.TH "TRACKER" 1 2026-11-27 "the \(dqTracker\(dq 1.0"
.ad l
.SH "NAME"
tracker \- finds AWS resources
.SH "FLAGS"
.SS "tracker keys"
A text of more words than fit into one line of the source, because checkers
of manual pages ask for short ones.
.PP
A list: jobs=100,\:jobs_per_day=5000,\:cells_per_job=100000
.TP
\fB\-\-sort=NAME\fR
Sorts by \-cost, as \(aqx\(aq or \(ti/y\[u2026], after C:\ez
.PP
.nf
\&.env is read
  \-demo  scans
.fi
`
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Errorf("the page (-want, +got):\n%s", diff)
	}
}
