package scanners

import (
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/smithy-go"

	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

// noAnswers are what a proxy answers with HTTP 200, in AWS's place.
var noAnswers = map[string]string{
	"nothing":        "",
	"blank":          " \n",
	"page":           "<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body></body></html>",
	"page in XHTML":  `<?xml version="1.0"?><!-- proxy --><html xmlns="http://www.w3.org/1999/xhtml"/>`,
	"words":          "upstream connect error",
	"list":           "[]",
	"null":           "null",
	"XML error":      "<Error><Code>BadGateway</Code></Error>",
	"cut off in XML": `<?xml version="1.0"?>`,
}

// TestNoAnswer answers each operation of each Scanner with HTTP 200 and no answer in
// it: the scan fails and names the operation. A cell is not empty because of it.
func TestNoAnswer(t *testing.T) {
	for _, s := range Catalog {
		dir := filepath.Join("testdata", strings.ToLower(string(s.Type)))
		ops := map[string]bool{}
		for c := range readFixtures(t, dir).files {
			ops[c.op] = true
		}
		for op := range ops {
			for name, body := range noAnswers {
				t.Run(fmt.Sprintf("%s/%s/%s", s.Type, op, name), func(t *testing.T) {
					recorded := readFixtures(t, dir)
					at := recorded.target()
					at.Config.HTTPClient = answers(func(c call) (int, string) {
						if c.op == op {
							return http.StatusOK, body
						}
						return recorded.answer(c)
					})
					err := s.Run(t.Context(), at, func(...tracker.Resource) error { return nil })
					no, ok := errors.AsType[*sdk.AnswerError](err)
					// The SDK itself takes an error in an answer of S3's for one of HTTP 500.
					_, isError := errors.AsType[smithy.APIError](err)
					known := ok && no.Operation == op || isError && s.Service.ID == s3Bucket.Service.ID
					if !known || !strings.Contains(err.Error(), op) {
						t.Errorf("error %v", err)
					}
				})
			}
		}
	}
}

// TestEmptyAnswer answers every operation with the least that is an answer: what has
// nothing is empty.
func TestEmptyAnswer(t *testing.T) {
	for _, s := range Catalog {
		t.Run(string(s.Type), func(t *testing.T) {
			at := readFixtures(t, filepath.Join("testdata", strings.ToLower(string(s.Type)))).target()
			at.Config.HTTPClient = answers(func(c call) (int, string) {
				service, _ := called(c.service)
				switch service.Protocol {
				case Query, EC2Query:
					return http.StatusOK, fmt.Sprintf("<%[1]sResponse><%[1]sResult/></%[1]sResponse>", c.op)
				case XML, BareXML:
					return http.StatusOK, "<" + c.op + "Result/>"
				default:
					return http.StatusOK, "{}"
				}
			})
			if err := s.Run(t.Context(), at, func(...tracker.Resource) error { return nil }); err != nil {
				t.Errorf("error %v", err)
			}
		})
	}
}
