package tracker

import (
	"cmp"
	"regexp"
	"runtime/debug"
	"strings"
)

const (
	module = "github.com/consolesensei/resource-tracker"
	// source is the version that the source is on its way to, or has.
	source = "1.0.0"
)

// Version is that of the service and of its API, where the program was built for a
// release: -ldflags "-X github.com/consolesensei/resource-tracker/tracker.Version=1.2.3".
// Built has it for programs that were built otherwise too.
var Version = source

// Commit is what a build without a repository, such as an image's, says it was made from:
// -ldflags "-X github.com/consolesensei/resource-tracker/tracker.Commit=…".
var Commit string

// Build says which build a program is.
type Build struct {
	Version string // such as 1.2.3, without a v
	Commit  string // its first twelve digits; empty where the build does not know it
	Go      string // what built it, such as go1.26.1
}

// Built is the build of this program. Its version is what a release has set, else that
// of the module where `go install …@v1.2.3` built it, else that of the source.
func Built() Build {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		info = &debug.BuildInfo{}
	}
	return built(Version, Commit, info)
}

// pseudo is the end of a version that the go command made of a time and a commit.
var pseudo = regexp.MustCompile(`[-.]\d{14}-([0-9a-f]{12})$`)

func built(stamped, commit string, info *debug.BuildInfo) Build {
	b := Build{Version: stamped, Commit: short(commit), Go: info.GoVersion}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			b.Commit = short(s.Value)
		}
	}
	// The main module of a program that only uses this package has a version of its own.
	version, dirty := info.Main.Version, strings.Contains(info.Main.Version, "+dirty")
	if info.Main.Path != module || version == "(devel)" || dirty {
		return b
	}
	if commit := pseudo.FindStringSubmatch(version); commit != nil {
		b.Commit = cmp.Or(b.Commit, commit[1])
	} else if release, ok := strings.CutPrefix(version, "v"); ok && stamped == source {
		b.Version = release
	}
	return b
}

func short(commit string) string { return commit[:min(12, len(commit))] }
