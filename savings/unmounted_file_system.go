package savings

import "github.com/consolesensei/resource-tracker/tracker"

var unmountedFileSystem = Rule{
	Name:      "unmounted_file_system",
	Title:     "File system cannot be mounted by anybody",
	Condition: "An EFS file system is at least a day old and has no mount target.",
	Types:     []tracker.Type{"EFS_FileSystem"},
	Effect:    Delete,
	Verb:      "delete",
	Saving:    "all that the file system costs; with low confidence until it is known since when it has no mount target",
	Risk:      "high",
	RiskNote:  "What is in it is lost.",
	Check: func(c *Case) *Match {
		targets, ok := c.Metadata.Number("mount_target_count")
		if !ok {
			return c.unknown("the mount targets are not known")
		}
		if c.State != "available" || targets > 0 || c.younger(1) {
			return nil
		}
		return c.inStateFor(c.fix(nil), unused{"unmounted", false, c.UnusedDays}, c.facts("size_bytes", "mount_target_count", "throughput_mode"))
	},
}
