package rows_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/consolesensei/resource-tracker/filter"
	"github.com/consolesensei/resource-tracker/internal/rows"
	"github.com/consolesensei/resource-tracker/tracker"
)

// BenchmarkSelected matches rows as listings do.
func BenchmarkSelected(b *testing.B) {
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
			f, in, text := f.At(created.AddDate(1, 0, 0)), &rows.Row{}, string(row)
			b.ReportAllocs()
			for b.Loop() {
				in.Read(text)
				if _, err := in.Selected(f); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkResource reads rows of every type whole, and the same with encoding/json.
func BenchmarkResource(b *testing.B) {
	var all [][]byte
	size := 0
	for _, r := range golden(b)[1:] {
		all = append(all, row(b, r))
		size += len(all[len(all)-1])
	}
	for name, read := range map[string]func([]byte) error{
		"rows": func(row []byte) error {
			_, err := rows.Resource(row)
			return err
		},
		"encoding_json": func(row []byte) error {
			var r tracker.Resource
			return json.Unmarshal(row, &r)
		},
		"identity": func(row []byte) error {
			_, err := rows.Of(row).Identity()
			return err
		},
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(size / len(all)))
			n := 0
			for b.Loop() {
				if err := read(all[n%len(all)]); err != nil {
					b.Fatal(err)
				}
				n++
			}
		})
	}
}
