package savings

import (
	"strings"
	"time"
)

// ended is when the standard support of a version ended. Versions that end
// after it was written are not in the lists: a rule that does not know one does
// not find it.
type ended struct {
	version string
	at      time.Time
	// dearer is when the third year's price began; zero: it has not, as far as known.
	dearer time.Time
}

func on(year int, month time.Month, day int) time.Time {
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}

// outOfSupport returns the entry of a version whose standard support has ended.
func outOfSupport(list []ended, version string, now time.Time) (ended, bool) {
	for _, e := range list {
		if version == e.version || strings.HasPrefix(version, e.version+".") {
			return e, now.After(e.at.AddDate(0, 0, 1))
		}
	}
	return ended{}, false
}
