package savings

import "github.com/consolesensei/resource-tracker/tracker"

var bucketAllStandard = Rule{
	Name:      "bucket_all_standard",
	Title:     "Large bucket is all in standard storage",
	Condition: "A bucket of at least {bucket_gb} GB has nothing in any other storage class than standard.",
	Types:     []tracker.Type{"S3_Bucket"},
	Effect:    Retype,
	Saving:    "the bucket's cost less its cost in Standard-IA, at most: what is read often costs more there",
	Risk:      "low",
	RiskNote:  "Reading from Standard-IA is charged by the gigabyte, and each object for 30 days and 128 KB at least. Intelligent-Tiering has neither charge.",
	Check: func(c *Case) *Match {
		size, ok := c.Metadata.Number("size_bytes")
		if !ok {
			return c.unknown("the size of the bucket is not known")
		}
		if classes := keys(c.Metadata["storage_classes"]); size < float64(c.BucketGB)*gib || len(classes) != 1 || classes[0] != "StandardStorage" {
			return nil
		}
		return &Match{
			Saving: c.as("Standard-IA", tracker.Metadata{"storage_classes": map[string]any{"StandardIAStorage": size}}).
				atMost(tracker.ConfidenceLow, "at most, if next to nothing of it is read"),
			Evidence: c.facts("size_gb", "object_count", "storage_classes"),
		}
	},
}

// keys reads the keys of what is a map[string]int64 from a scanner and a
// map[string]any from JSON.
func keys(v any) []string {
	var names []string
	switch m := v.(type) {
	case map[string]int64:
		for k := range m {
			names = append(names, k)
		}
	case map[string]any:
		for k := range m {
			names = append(names, k)
		}
	}
	return names
}
