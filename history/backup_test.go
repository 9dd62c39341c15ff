package history

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"github.com/consolesensei/resource-tracker/history/historytest"
)

// TestBackup holds that a copy made while scans come in is whole, and that scans which are in it already, or were
// made after it, bring it to where the original is.
func TestBackup(t *testing.T) {
	for name, url := range map[string]string{"sqlite": filepath.Join(t.TempDir(), "h.sqlite"), "postgres": historytest.Database(t)} {
		t.Run(name, func(t *testing.T) {
			s, scans := opened(t, url), estate()
			s.must(t, scans[:3]...)
			var writing sync.WaitGroup
			writing.Go(func() {
				for _, sc := range scans[3:] {
					if err := s.Ingest(t.Context(), sc); err != nil {
						t.Error(err)
					}
				}
			})
			var restored string
			if s.pg {
				restored = historytest.Copy(t, url)
			} else {
				restored = filepath.Join(t.TempDir(), "copy.sqlite")
				if err := Backup(t.Context(), url, restored); err != nil {
					t.Fatal(err)
				}
				if err := Backup(t.Context(), url, restored); !errors.Is(err, os.ErrExist) {
					t.Errorf("over a file that is there: %v", err)
				}
				if info, err := os.Stat(restored); err != nil || info.Mode().Perm()&0o077 != 0 {
					t.Errorf("%v %v", info.Mode(), err)
				}
			}
			writing.Wait()
			r := opened(t, restored)
			r.must(t, scans...)
			if a, b := dump(t, s), dump(t, r); !slices.Equal(a, b) {
				t.Errorf("%d rows, restored %d; first that differs: %s", len(a), len(b), differs(a, b))
			}
		})
	}
}
