package policies

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"path/filepath"
)

// SARIF 2.1.0, as far as it is written here: each policy is a rule, and each resource that it selects a
// result at the policy's line.
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool        sarifTool         `json:"tool"`
		Invocations []sarifInvocation `json:"invocations"`
		Results     []sarifResult     `json:"results"`
		Properties  map[string]any    `json:"properties"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name  string      `json:"name"`
		Rules []sarifRule `json:"rules"`
	}
	sarifText struct {
		Text string `json:"text"`
	}
	sarifRule struct {
		ID      string         `json:"id"`
		Short   sarifText      `json:"shortDescription"`
		Default map[string]any `json:"defaultConfiguration"`
	}
	sarifInvocation struct {
		Successful    bool                `json:"executionSuccessful"`
		StartUTC      string              `json:"startTimeUtc"`
		EndUTC        string              `json:"endTimeUtc"`
		ExitCode      int                 `json:"exitCode"`
		Notifications []sarifNotification `json:"toolExecutionNotifications,omitempty"`
	}
	sarifNotification struct {
		Level     string          `json:"level"`
		Message   sarifText       `json:"message"`
		Rule      map[string]any  `json:"associatedRule"`
		Locations []sarifLocation `json:"locations"`
	}
	sarifResult struct {
		RuleID       string            `json:"ruleId"`
		RuleIndex    int               `json:"ruleIndex"`
		Level        string            `json:"level"`
		Message      sarifText         `json:"message"`
		Locations    []sarifLocation   `json:"locations"`
		Fingerprints map[string]string `json:"partialFingerprints"`
		Properties   map[string]any    `json:"properties"`
	}
	sarifLocation struct {
		Physical sarifPhysical  `json:"physicalLocation"`
		Logical  []sarifLogical `json:"logicalLocations,omitempty"`
	}
	sarifPhysical struct {
		Artifact map[string]string `json:"artifactLocation"`
		Region   map[string]int    `json:"region"`
	}
	sarifLogical struct {
		Name string `json:"name"`
		Full string `json:"fullyQualifiedName"`
		Kind string `json:"kind"`
	}
)

const sarifSchema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

// SARIF writes the report for viewers of static analysis.
func (r *Report) SARIF(w io.Writer) error {
	const stamp = "2006-01-02T15:04:05.000Z"
	run := sarifRun{
		Tool:       sarifTool{sarifDriver{Name: "AWS Resource Tracker", Rules: []sarifRule{}}},
		Results:    []sarifResult{},
		Properties: map[string]any{"jobId": r.JobID, "applied": r.Applied},
	}
	ran := sarifInvocation{Successful: r.Code() != ExitOther && r.Code() != ExitDenied, StartUTC: r.StartedAt.UTC().Format(stamp), EndUTC: r.EndedAt.UTC().Format(stamp), ExitCode: r.Code()}
	for i, p := range r.Policies {
		place := sarifPhysical{map[string]string{"uri": (&url.URL{Path: filepath.ToSlash(r.File)}).String()}, map[string]int{"startLine": max(p.Line, 1)}}
		level := p.level()
		run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, sarifRule{p.Policy, sarifText{cmp.Or(p.Description, p.Policy)}, map[string]any{"level": level}})
		notices := p.Incomplete
		if p.State == StateFailed || p.State == StateRefused || p.State == StateDenied {
			notices = append([]string{string(p.State) + ": " + p.Message}, notices...)
		}
		for j, text := range notices {
			severity := "warning"
			if j < len(notices)-len(p.Incomplete) {
				severity = "error"
			}
			ran.Notifications = append(ran.Notifications, sarifNotification{severity, sarifText{text}, map[string]any{"id": p.Policy, "index": i}, []sarifLocation{{Physical: place}}})
		}
		for _, m := range p.Resources {
			run.Results = append(run.Results, sarifResult{
				RuleID: p.Policy, RuleIndex: i, Level: level, Message: sarifText{p.describe(m)},
				Locations:    []sarifLocation{{place, []sarifLogical{{m.ResourceID, cmp.Or(m.ARN, m.key()), "resource"}}}},
				Fingerprints: map[string]string{"policyResource/v1": p.Policy + "/" + m.key()},
				Properties:   map[string]any{"account": m.AccountID, "region": m.Region, "type": m.ResourceType, "monthlyCost": m.MonthlyCost},
			})
		}
	}
	run.Invocations = []sarifInvocation{ran}
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(sarifLog{sarifSchema, "2.1.0", []sarifRun{run}})
}

// level is how bad it is that a resource matches.
func (r *Result) level() string {
	switch {
	case r.Above != "":
		return "error"
	case r.Action == "report":
		return "note"
	}
	return "warning"
}

// describe says in a sentence which resource matches, and what is to become of it.
func (r *Result) describe(m Match) string {
	cost := "without a known cost"
	if m.MonthlyCost != nil {
		cost = fmt.Sprintf("for $%.2f a month", *m.MonthlyCost)
	}
	name := m.ResourceID
	if m.ResourceName != nil && *m.ResourceName != m.ResourceID {
		name += " (" + *m.ResourceName + ")"
	}
	text := fmt.Sprintf("%s %s in %s of account %s, %s, matches policy %s.", m.ResourceType, name, m.Region, m.AccountID, cost, r.Policy)
	if m.Due != "" {
		text += " Its day is " + m.Due + "."
	}
	return text
}
