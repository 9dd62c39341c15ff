package savings

import "github.com/consolesensei/resource-tracker/tracker"

var bucketWithoutLifecycle = Rule{
	Name:      "bucket_without_lifecycle",
	Title:     "Bucket has no lifecycle rule",
	Condition: "A bucket of at least {bucket_gb} GB has no lifecycle rule. A scan tells it that asks for the detail bucket_lifecycle.",
	Types:     []tracker.Type{"S3_Bucket"},
	Effect:    Retype,
	Saving:    "not priced: what objects are read how often decides",
	Risk:      "low",
	RiskNote:  "A rule deletes or moves objects without asking again.",
	Check: func(c *Case) *Match {
		rules, ok := c.Metadata.Number("lifecycle_rules")
		if !ok {
			return c.unknown("the scan does not say what lifecycle rules a bucket has")
		}
		size, ok := c.Metadata.Number("size_bytes")
		if !ok {
			return c.unknown("the size of the bucket is not known")
		}
		if rules > 0 || size < float64(c.BucketGB)*gib {
			return nil
		}
		return &Match{
			Saving:   unpriced("what is read how often is not known"),
			Evidence: c.facts("size_gb", "storage_classes", "lifecycle_rules"),
		}
	},
}
