package savings

import "github.com/consolesensei/resource-tracker/tracker"

var incompleteUploads = Rule{
	Name:      "incomplete_uploads",
	Title:     "Bucket holds parts of uploads that were never completed",
	Condition: "A bucket holds parts of multipart uploads and no lifecycle rule aborts them. A scan that does not look for them, which takes a call for each bucket, cannot tell.",
	Types:     []tracker.Type{"S3_Bucket"},
	Effect:    Resize,
	Saving:    "what the parts cost as standard storage",
	Risk:      "none",
	RiskNote:  "An upload that is still under way for more than a week has to begin anew.",
	Check: func(c *Case) *Match {
		parts, ok := c.Metadata.Number("incomplete_upload_bytes")
		if !ok {
			return c.unknown("the scan does not say what uploads were never completed")
		}
		if parts == 0 {
			return nil
		}
		stored := c.like("S3_Bucket", c.State, tracker.Metadata{
			"size_bytes": parts, "size_gb": parts / gib, "storage_classes": map[string]any{"StandardStorage": parts},
		})
		return &Match{Saving: whole("standard storage of the parts", c.prices.Cost(stored)), Evidence: c.facts("incomplete_upload_bytes", "size_gb")}
	},
}
