package parts

import (
	"cmp"
	"fmt"
	"runtime/debug"

	"github.com/consolesensei/resource-tracker/tracker"
)

// Version says which program this is: its version, the commit that it was built from
// where the build knows that, and the Go that built it.
func Version() string {
	commit, goVersion := "", ""
	if info, ok := debug.ReadBuildInfo(); ok {
		goVersion = info.GoVersion
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				commit = s.Value[:min(12, len(s.Value))]
			}
		}
	}
	return fmt.Sprintf("AWS Resource Tracker %s (commit %s, %s)", tracker.Version, cmp.Or(commit, "unknown"), goVersion)
}
