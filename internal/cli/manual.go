package cli

import (
	"fmt"
	"strings"

	"github.com/alecthomas/kong"

	"github.com/consolesensei/resource-tracker/internal/manual"
	"github.com/consolesensei/resource-tracker/tracker"
)

// manualCmd prints the manual page. Those who make packages need it, and nobody else.
type manualCmd struct{}

func (c *manualCmd) Run(e *env, k *kong.Kong) error {
	p := manual.New(manual.Head{
		Name: "tracker", Section: 1, Summary: "command line of AWS Resource Tracker",
		Date: manual.Date(), Source: "AWS Resource Tracker " + tracker.Built().Version,
	})
	p.Section("SYNOPSIS")
	p.Paragraph("tracker VERB [ARGUMENTS] [FLAGS]")
	p.Section("DESCRIPTION")
	about, exits, _ := strings.Cut(description, "Exit codes: ")
	for paragraph := range strings.SplitSeq(strings.TrimSpace(about), "\n\n") {
		p.Paragraph(paragraph)
	}
	p.Section("FLAGS OF EVERY VERB")
	flagsPage(p, k.Model.Flags)
	p.Section("VERBS")
	verbs(p, k.Model.Node, "tracker")
	p.Section("ENVIRONMENT")
	p.Term("TRACKER_URL, TRACKER_API_KEY", "Address of the server, and the API key. They go before what tracker login keeps.")
	p.Term("AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN", "Keys to AWS, where neither a profile nor a registered account is named. They are sealed before they leave the machine.")
	p.Term("NO_COLOR", "Where it is set, nothing is coloured.")
	p.Section("EXIT STATUS")
	p.Paragraph(exits)
	p.Section("SEE ALSO")
	p.Paragraph("resource-tracker-api(8), resource-tracker-worker(8)")
	_, err := p.WriteTo(e.stdout)
	return err
}

// verbs writes all verbs below a node, and theirs.
func verbs(p *manual.Page, node *kong.Node, path string) {
	for _, verb := range node.Children {
		if verb.Hidden {
			continue
		}
		line := path + " " + verb.Name
		synopsis := []string{line}
		for _, arg := range verb.Positional {
			synopsis = append(synopsis, arg.Summary())
		}
		p.Subsection(strings.Join(synopsis, " "))
		p.Paragraph(verb.Help)
		for _, arg := range verb.Positional {
			p.Term(arg.Summary(), arg.Help)
		}
		flagsPage(p, verb.Flags)
		verbs(p, verb, line)
	}
}

func flagsPage(p *manual.Page, flags []*kong.Flag) {
	for _, f := range flags {
		if f.Hidden {
			continue
		}
		term := f.String()
		if f.Tag.Negatable != "" {
			term = strings.Replace(term, "--", "--[no-]", 1)
		}
		help := f.Help
		if f.HasDefault && !f.IsBool() {
			help += fmt.Sprintf(" The default is %s.", f.Default)
		}
		p.Term(term, help)
	}
}
