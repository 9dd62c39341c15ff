// Package policies reads files of policies and carries them out through the API of a server, which it
// knows by clients/go only. A policy selects resources by the language of filters and says what is to
// become of them: they are reported, told about, tagged, or changed by a plan.
//
// [Read] checks a file by itself, [File.Check] against what a server knows, and [Run] carries it
// out. A run changes nothing unless it is told to apply.
package policies

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/consolesensei/resource-tracker/filter"
	"github.com/consolesensei/resource-tracker/policies/internal/tree"
)

// File is a file of policies that was read.
type File struct {
	Name     string
	Policies []*Policy `json:"policies"`

	root   *tree.Node
	faults Faults
}

// Policy says what is to become of what.
type Policy struct {
	Name          string   `json:"name"`
	Description   string   `json:"description"`
	Select        Select   `json:"select"`
	FailAbove     *int     `json:"fail_above"`
	FailAboveCost *float64 `json:"fail_above_cost"`
	Limits        Limits   `json:"limits"`

	// One of these is given.
	Report   bool      `json:"report"`
	Tag      *Tag      `json:"tag"`
	Notify   *Notify   `json:"notify"`
	Plan     *Plan     `json:"plan"`
	Schedule *Schedule `json:"schedule"`

	Line int `json:"-"` // where it begins in the file

	node   *tree.Node
	field  string // where it stands, such as policies[0]
	filter filter.Filter
	mark   mark // where its plan has a grace
}

// Select selects resources by all that is given.
type Select struct {
	Filter   string   `json:"filter"`
	Types    []string `json:"types"`
	Accounts []string `json:"accounts"`
	Regions  []string `json:"regions"`
	Rule     string   `json:"rule"`
	Details  []string `json:"details"`
}

// Limits bound what a policy may change.
type Limits struct {
	MaxItems       int     `json:"max_items"`
	MaxPercent     int     `json:"max_percent"`
	MaxMonthlyCost float64 `json:"max_monthly_cost"`
}

// Tag gives resources tags and takes tags from them.
type Tag struct {
	Set    map[string]string `json:"set"`
	Remove []string          `json:"remove"`
}

// Notify tells a receiver about what matches.
type Notify struct {
	Form   string `json:"form"`
	URLEnv string `json:"url_env"`
}

// Plan changes resources by a plan of the server.
type Plan struct {
	Verb              string         `json:"verb"`
	Params            map[string]any `json:"params"`
	Lift              []string       `json:"lift"`
	Approval          bool           `json:"approval"`
	MaxFailurePercent int            `json:"max_failure_percent"`
	Grace             *Grace         `json:"grace"`
}

// Grace marks resources first, and lets days pass.
type Grace struct {
	Days int    `json:"days"`
	Tag  string `json:"tag"`
}

// Schedule has the server carry a verb out at set times.
type Schedule struct {
	Verb     string         `json:"verb"`
	Params   map[string]any `json:"params"`
	Lift     []string       `json:"lift"`
	Cron     string         `json:"cron"`
	TimeZone string         `json:"time_zone"`
	Account  string         `json:"account"`
}

// Fault says what is wrong with a file, and where.
type Fault struct {
	File         string
	Line, Column int
	Field        string
	Message      string
}

func (f Fault) Error() string {
	at := fmt.Sprintf("%s:%d:%d: ", f.File, f.Line, f.Column)
	if f.Field != "" {
		at += f.Field + ": "
	}
	return at + f.Message
}

// Faults are all that is wrong with a file, in its order.
type Faults []Fault

func (f Faults) Error() string {
	lines := make([]string, len(f))
	for i, one := range f {
		lines[i] = one.Error()
	}
	return strings.Join(lines, "\n")
}

func (f *File) fault(at *tree.Node, field, format string, args ...any) {
	f.faults = append(f.faults, Fault{f.Name, at.Line, at.Column, field, fmt.Sprintf(format, args...)})
}

// wrong are the faults so far, or nil.
func (f *File) wrong() error {
	if len(f.faults) == 0 {
		return nil
	}
	slices.SortStableFunc(f.faults, func(a, b Fault) int { return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column)) })
	return f.faults
}

// Read reads a file of a name, which errors begin with. Its errors are Faults.
func Read(name string, data []byte) (*File, error) {
	f := &File{Name: name}
	root, err := tree.Read(data)
	if err != nil {
		e := err.(*tree.Error) //nolint:errorlint // Read returns nothing else
		return nil, Faults{{name, e.Line, e.Column, "", e.Message}}
	}
	f.root = root
	if f.schemaFaults(root); len(f.faults) > 0 {
		return nil, f.wrong()
	}
	b, err := json.Marshal(root.Plain())
	if err == nil {
		err = json.Unmarshal(b, f)
	}
	if err != nil {
		return nil, Faults{{name, root.Line, root.Column, "", err.Error()}}
	}
	names := map[string]int{}
	for i, p := range f.Policies {
		p.node, p.field = root.At("policies", fmt.Sprint(i)), fmt.Sprintf("policies[%d]", i)
		p.Line = p.node.Line
		if first, twice := names[p.Name]; twice {
			f.fault(p.node.Get("name"), p.field+".name", "%s is the name of the policy in line %d, too", p.Name, first)
		}
		names[p.Name] = p.Line
		f.readPolicy(p)
	}
	return f, f.wrong()
}

// readPolicy checks of a policy what the schema cannot.
func (f *File) readPolicy(p *Policy) {
	at := p.node.Get("select")
	if text := p.Select.Filter; text != "" {
		var err error
		if p.filter, err = filter.Parse(text); err != nil {
			f.filterFault(p, at.Get("filter"), err)
		}
	}
	if rule := p.Select.Rule; rule != "" {
		if _, known := rules[rule]; !known {
			f.fault(at.Get("rule"), p.field+".select.rule", "unknown rule of savings%s", meantAmong(rule, rules))
		}
	}
	if p.Select.Filter == "" && p.Select.Rule == "" && len(p.Select.Types) == 0 {
		f.fault(at, p.field+".select", "would select everything: give a filter, types or a rule")
	}
	if p.Schedule != nil && p.Select.Rule != "" {
		f.fault(at.Get("rule"), p.field+".select.rule", "a schedule selects by a filter: rules are evaluated by scans only")
	}
	if p.Tag != nil {
		for _, key := range p.Tag.Remove {
			if _, both := p.Tag.Set[key]; both {
				f.fault(p.node.At("tag", "remove"), p.field+".tag.remove", "%s is set and removed", key)
			}
		}
	}
	if p.Plan != nil && p.Plan.Grace != nil {
		p.mark = markOf(p)
	}
}

// filterFault tells of an error in a filter. Its characters are those of the line where the filter
// is written on one line, plainly.
func (f *File) filterFault(p *Policy, at *tree.Node, err error) {
	place := *at
	e, ok := err.(*filter.Error) //nolint:errorlint // Parse returns nothing else
	if !ok {
		f.fault(at, p.field+".select.filter", "%s", err)
		return
	}
	message := e.Error()
	if e.Unknown != "" {
		message += meant(e.Unknown, e.Known)
	}
	if e.Char > 0 && !strings.ContainsAny(p.Select.Filter, "\n\"'\\") {
		place.Column += e.Char - 1
		if at.Quoted {
			place.Column++
		}
	}
	f.fault(&place, p.field+".select.filter", "%s", message)
}

// Action names what the policy does.
func (p *Policy) Action() string {
	switch {
	case p.Tag != nil:
		return "tag"
	case p.Notify != nil:
		return "notify"
	case p.Plan != nil:
		return "plan"
	case p.Schedule != nil:
		return "schedule"
	}
	return "report"
}
