package scanners

// noise are the members of metadata that differ between scans although nobody has changed anything: when a thing was
// last used, how much was in it at that moment, and what only those scans read that ask for it. The history tells no
// change by them.
var noise = map[string]bool{
	"aborts_uploads":              true,
	"available_ip_count":          true,
	"consumer_count":              true,
	"incomplete_upload_bytes":     true,
	"incomplete_uploads":          true,
	"incomplete_uploads_measured": true,
	"item_count":                  true,
	"last_accessed":               true,
	"last_connection":             true,
	"last_delivery":               true,
	"last_launched":               true,
	"last_pulled":                 true,
	"last_used":                   true,
	"last_used_region":            true,
	"last_used_service":           true,
	"lifecycle_rules":             true,
	"listeners":                   true,
	"object_count":                true,
	"oldest_incomplete_upload":    true,
	"pending_count":               true,
	"recovery_point_count":        true,
	"running_count":               true,
	"size_archive_bytes":          true,
	"size_bytes":                  true,
	"size_ia_bytes":               true,
	"size_standard_bytes":         true,
	"spot_price_read":             true,
	"storage_classes":             true,
	"stored_bytes":                true,
}

// Noise reports whether a member of metadata differs between scans although nobody has changed anything.
func Noise(key string) bool { return noise[key] }
