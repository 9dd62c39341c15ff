package store

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/consolesensei/resource-tracker/filter"
	"github.com/consolesensei/resource-tracker/tracker"
)

// BenchmarkRows matches rows as listings do.
func BenchmarkRows(b *testing.B) {
	created := time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)
	row, err := json.Marshal(tracker.Resource{
		ID: "i-0123456789abcdef0", Name: tracker.Named("web-1"), Type: "EC2_Instance", AccountID: "111122223333", Region: "eu-west-1",
		ARN: "arn:aws:ec2:eu-west-1:111122223333:instance/i-0123456789abcdef0", State: "running", Created: &created,
		Tags: map[string]string{"Name": "web-1", "Environment": "dev", "Team": "shop"},
		Metadata: tracker.Metadata{
			"instance_type": "m5.large", "vpc_id": "vpc-0aa11bb22cc33dd44", "subnet_id": "subnet-0aa11bb22cc33dd44", "architecture": "x86_64",
			"security_groups": []string{"sg-0aaaaaaaaaaaaaaa1", "sg-0aaaaaaaaaaaaaaa2"}, "volumes": []string{"vol-0123456789abcdef0"}, "size_gb": 100,
		},
	})
	if err != nil {
		b.Fatal(err)
	}
	for _, query := range []string{
		`state:running`,
		`state:running tag:Environment=dev`,
		`state:stopped tag:Environment=dev`,
		`type:EC2_Instance (state:running or cost>5) -tag:env=prod age>30d name~web meta.size_gb>=100`,
	} {
		f, err := filter.Parse(query)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(query, func(b *testing.B) {
			in := newRowReader(f.At(created.AddDate(1, 0, 0)))
			text := string(row)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := in.match(text); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
