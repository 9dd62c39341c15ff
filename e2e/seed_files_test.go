package e2e

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/consolesensei/resource-tracker/scanners"
	"github.com/consolesensei/resource-tracker/tracker"
)

// seedFiles are the seeds of types, testdata/seeds/<type>.json: the calls that make
// some in a region, and what a scan must find of them.
const seedFiles = "testdata/seeds"

// seedFile is one of them. In its strings {region} and {account} stand for where it is
// made, and {name} for what an earlier call answered under that name.
type seedFile struct {
	Calls []struct {
		Service string          `json:"service"` // as requests are signed for: "dms"
		Target  string          `json:"target"`  // of JSON services: "AmazonDMSv20160101.CreateReplicationInstance"
		Method  string          `json:"method"`  // of REST services; empty: POST
		Path    string          `json:"path"`    // of REST services; empty: "/"
		Form    string          `json:"form"`    // of query services: "Action=CreateUser&UserName=ada"
		Body    json.RawMessage `json:"body"`
	} `json:"calls"`
	// Resources are found beside what the other seeds make. One that is in no region
	// is made once.
	Resources []tracker.Resource `json:"resources"`
}

// seedFiles makes what the seed files say, once those of Go are there.
func (s *seeder) seedFiles(first bool) error {
	paths, err := filepath.Glob(filepath.Join(seedFiles, "*.json"))
	if err != nil {
		return err
	}
	for _, path := range paths {
		if err := s.seedFile(path, first); err != nil {
			return fmt.Errorf("%s in %s: %w", path, s.region, err)
		}
	}
	return nil
}

func (s *seeder) seedFile(path string, first bool) error {
	b, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	words := []string{"{region}", s.region, "{account}", motoAccount}
	filled := func(b []byte) []byte { return []byte(strings.NewReplacer(words...).Replace(string(b))) }
	var f seedFile
	if err := json.Unmarshal(b, &f); err != nil {
		return err
	}
	if f.Resources[0].Region == tracker.Global && !first {
		return nil
	}
	for _, c := range f.Calls {
		path, body := filled([]byte(cmp.Or(c.Path, "/"))), filled([]byte(cmp.Or(c.Form, string(c.Body))))
		answer, err := s.send(c.Service, c.Target, cmp.Or(c.Method, http.MethodPost), string(path), body)
		if err != nil {
			return err
		}
		words = append(words, wordsOf(answer)...)
	}
	if err := json.Unmarshal(filled(b), &f); err != nil {
		return err
	}
	for _, r := range f.Resources {
		s.add(r)
		// What no scanner listed when its seed was written.
		delete(s.truth, tracker.Resource{AccountID: motoAccount, Region: s.region, Type: "Other", ID: r.ARN}.Key())
	}
	return nil
}

// send makes a call that moto takes without a signature that is right.
func (s *seeder) send(service, target, method, path string, body []byte) ([]byte, error) {
	req, err := http.NewRequestWithContext(s.ctx, method, *s.cfg.BaseEndpoint+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if target != "" {
		req.Header.Set("Content-Type", "application/x-amz-json-1.1")
		req.Header.Set("X-Amz-Target", target)
	} else if path != "/" {
		req.Header.Set("Content-Type", "application/json")
	}
	req.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=AKIASEEDER/20260101/"+s.region+"/"+service+"/aws4_request, SignedHeaders=host, Signature=0")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode >= http.StatusMultipleChoices {
		err = fmt.Errorf("%s%s: %s: %s", target, path, resp.Status, answer)
	}
	return answer, err
}

// wordsOf returns what a JSON answer says under each name, as a Replacer takes it; of
// an answer that is none it is nothing.
func wordsOf(answer []byte) []string {
	var words []string
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			for k, item := range v {
				if text, ok := item.(string); ok {
					words = append(words, "{"+k+"}", text)
				}
				walk(item)
			}
		case []any:
			for _, item := range v {
				walk(item)
			}
		}
	}
	var v any
	if json.Unmarshal(answer, &v) == nil {
		walk(v)
	}
	return words
}

// TestSeeds makes what each seed file says on a moto of its own and scans it with the
// type's scanner: the quick way to try one.
func TestSeeds(t *testing.T) {
	m, err := startMoto()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(m.kill)
	paths, err := filepath.Glob(filepath.Join(seedFiles, "*.json"))
	if err != nil || len(paths) == 0 {
		t.Fatal("no seeds", err)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".json"), func(t *testing.T) {
			if resp, err := http.Post(m.url+"/moto-api/reset", "", nil); err != nil {
				t.Fatal(err)
			} else {
				_ = resp.Body.Close()
			}
			a := newAccount(m)
			s := a.seeder("us-east-1")
			// What seeds may count on.
			if err := s.run([]step{{"roles", s.roles}, {"buckets", s.buckets}, {"containers", s.containers}}); err != nil {
				t.Fatal(err)
			}
			if err := s.seedFile(path, true); err != nil {
				t.Fatal(err)
			}
			for _, r := range a.truth {
				scanner, ok := scanners.Find(r.Type)
				if !ok || !strings.EqualFold(string(r.Type), strings.TrimSuffix(filepath.Base(path), ".json")) {
					continue
				}
				var found []tracker.Resource
				err := scanner.Run(t.Context(), scanners.Target{Config: a.config("us-east-1"), AccountID: motoAccount}, func(rs ...tracker.Resource) error {
					found = append(found, rs...)
					return nil
				})
				if err != nil {
					t.Fatal(err)
				}
				a.check(t, a.selected([]tracker.Type{r.Type}, nil), found)
				return
			}
			t.Error("no resource of its own type")
		})
	}
}
