package cli

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"

	"github.com/consolesensei/resource-tracker/policies"
	"github.com/consolesensei/resource-tracker/policies/custodian"
)

type importCmd struct {
	Custodian importCustodianCmd `cmd:"" help:"Translate a file of Cloud Custodian, and list what cannot be translated."`
}

type importCustodianCmd struct {
	File string `arg:"" help:"A file of Cloud Custodian." placeholder:"FILE"`
	To   string `help:"The file of policies to write; else it is printed." placeholder:"FILE"`
}

// Run ends with partial where something was not translated: what was is written all the same.
func (c *importCustodianCmd) Run(e *env) error {
	b, err := readFile(c.File)
	if err != nil {
		return err
	}
	im, err := custodian.Read(b)
	if fault, ok := errors.AsType[*custodian.Error](err); ok {
		return &exit{ExitUsage, policies.Faults{{File: c.File, Line: fault.Line, Column: fault.Column, Message: fault.Message}}}
	}
	if err != nil {
		return err
	}
	text, err := im.YAML(filepath.Base(c.File))
	if err != nil {
		return err
	}
	write := func(w io.Writer) error {
		_, err := w.Write(text)
		return err
	}
	if c.To == "" {
		err = write(e.stdout)
	} else {
		err = writeFile(c.To, write)
	}
	if err != nil {
		return err
	}
	left := 0
	for _, n := range im.Notes {
		e.note("%s:%d: %s", c.File, n.Line, n.Text())
		if n.LeftOut {
			left++
		}
	}
	e.note("%s", fmt.Sprintf("%d policies translated, %d left out, %d remarks", len(im.Policies), left, len(im.Notes)-left))
	if len(im.Notes) > 0 {
		return ends(ExitPartial)
	}
	return nil
}
