package parts

import (
	"cmp"
	"fmt"

	"github.com/consolesensei/resource-tracker/tracker"
)

// Version says which program this is: its version, the commit that it was built from
// where the build knows that, and the Go that built it.
func Version() string {
	b := tracker.Built()
	return fmt.Sprintf("AWS Resource Tracker %s (commit %s, %s)", b.Version, cmp.Or(b.Commit, "unknown"), b.Go)
}
