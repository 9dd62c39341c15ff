package savings

import "github.com/consolesensei/resource-tracker/tracker"

var incompleteUploads = Rule{
	Name:      "incomplete_uploads",
	Title:     "Bucket holds parts of uploads that were never completed",
	Condition: "A bucket holds parts of multipart uploads that began at least a week ago, and no lifecycle rule aborts them. A scan tells it that asks for the detail bucket_uploads, and of the rules one that asks for bucket_lifecycle too.",
	Types:     []tracker.Type{"S3_Bucket"},
	Effect:    Resize,
	Saving:    "what the parts cost as standard storage, at least: of a bucket with many uploads not all are measured",
	Risk:      "none",
	RiskNote:  "An upload that is still under way for more than a week has to begin anew.",
	Check: func(c *Case) *Match {
		parts, ok := c.Metadata.Number("incomplete_upload_bytes")
		if !ok {
			return c.unknown("the scan does not say what uploads were never completed")
		}
		if parts == 0 || c.Metadata.Flag("aborts_uploads") {
			return nil
		}
		stored := c.like("S3_Bucket", c.State, tracker.Metadata{
			"size_bytes": parts, "size_gb": parts / gib, "storage_classes": map[string]any{"StandardStorage": parts},
		})
		saving := whole("standard storage of the parts", c.prices.Cost(stored))
		uploads, _ := c.Metadata.Number("incomplete_uploads")
		if measured, ok := c.Metadata.Number("incomplete_uploads_measured"); ok && measured < uploads {
			saving = saving.atMost(tracker.ConfidenceLow, "at least, since not every upload was measured")
		}
		return &Match{
			Saving:   saving,
			Evidence: c.facts("incomplete_uploads", "incomplete_upload_bytes", "oldest_incomplete_upload", "aborts_uploads", "size_gb"),
		}
	},
}
