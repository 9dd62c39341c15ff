package scanners

import (
	"net/http"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/tracker"
)

func TestCovered(t *testing.T) {
	tests := []struct {
		name    string
		pattern string
		arn     string
		want    bool
	}{
		{"its kind", "ec2:instance/", "arn:aws:ec2:eu-west-1:111122223333:instance/i-1", true},
		{"another partition", "ec2:instance/", "arn:aws-cn:ec2:cn-north-1:111122223333:instance/i-1", true},
		{"another kind", "ec2:instance/", "arn:aws:ec2:eu-west-1:111122223333:instance-connect-endpoint/e-1", false},
		{"another service", "ec2:instance/", "arn:aws:rds:eu-west-1:111122223333:instance/i-1", false},
		{"bucket", "s3:::", "arn:aws:s3:::assets", true},
		{"access point is no bucket", "s3:::", "arn:aws:s3:eu-west-1:111122223333:accesspoint/reports", false},
		{"service of one kind", "sqs:", "arn:aws:sqs:eu-west-1:111122223333:orders", true},
		{"no account", "apigateway:/apis/", "arn:aws:apigateway:eu-west-1::/apis/a1", true},
		{"part of a resource", "apigateway:/apis/", "arn:aws:apigateway:eu-west-1::/apis/a1/stages/prod", true},
		{"no ARN", "sqs:", "sqs:orders", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := covered([]string{tt.pattern}, tt.arn); got != tt.want {
				t.Errorf("covered(%q, %q) = %v", tt.pattern, tt.arn, got)
			}
		})
	}
}

// TestCatalogARNs: every type but Other declares patterns, and none of them twice.
func TestCatalogARNs(t *testing.T) {
	owner := map[string]tracker.Type{}
	for _, s := range Catalog {
		if len(s.ARNs) == 0 && s.Type != other.Type {
			t.Errorf("%s declares no ARNs", s.Type)
		}
		for _, p := range s.ARNs {
			if owner[p] == s.Type {
				t.Errorf("%s declares %q twice", s.Type, p)
			}
			owner[p] = s.Type
		}
	}
}

// TestOther lists what the other types of the scan do not.
func TestOther(t *testing.T) {
	const (
		instance = "arn:aws:ec2:eu-west-1:111122223333:instance/i-1"
		queue    = "arn:aws:sqs:eu-west-1:111122223333:orders"
		bucket   = "arn:aws:s3:::assets"
		group    = "arn:aws:athena:eu-west-1:111122223333:datacatalog/analysts"
		policy   = "arn:aws:iam::111122223333:saml-provider/office"
	)
	tests := []struct {
		name  string
		types []tracker.Type
		want  map[string]string // regions by ARN
	}{
		{"of the whole catalogue", nil, map[string]string{group: "eu-west-1", policy: "global"}},
		{"of two types", []tracker.Type{"EC2_Instance", "Other"}, map[string]string{
			queue: "eu-west-1", bucket: "eu-west-1", group: "eu-west-1", policy: "global",
		}},
		{"alone", []tracker.Type{"Other"}, map[string]string{
			instance: "eu-west-1", queue: "eu-west-1", bucket: "eu-west-1", group: "eu-west-1", policy: "global",
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			at := target(answers(func(call) (int, string) {
				return http.StatusOK, tagged([]string{instance, queue, bucket, group, policy}, "")
			}))
			at.Types = tt.types
			got := map[string]string{}
			err := other.Run(t.Context(), at, func(rs ...tracker.Resource) error {
				for _, r := range rs {
					got[r.ARN] = r.Region
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			if diff := gocmp.Diff(tt.want, got); diff != "" {
				t.Errorf("resources (-want +got):\n%s", diff)
			}
		})
	}
}
