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
			s := opened(t, url)
			scans, found := estate()
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
				restored = historytest.Database(t)
				historytest.Restore(t, restored, historytest.Dump(t, url))
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
			s.evaluates(t, found...)
			r.evaluates(t, found...)
			if a, b := dump(t, s), dump(t, r); !slices.Equal(a, b) {
				t.Errorf("%d rows, restored %d; first that differs: %s", len(a), len(b), differs(a, b))
			}
		})
	}
}

// TestBackup_Restored holds that a history which was destroyed answers as before once its backup is in its place.
func TestBackup_Restored(t *testing.T) {
	for name, url := range map[string]string{"sqlite": filepath.Join(t.TempDir(), "h.sqlite"), "postgres": historytest.Database(t)} {
		t.Run(name, func(t *testing.T) {
			s := opened(t, url)
			scans, found := estate()
			s.must(t, scans...)
			s.evaluates(t, found...)
			answers := func() []string {
				last := scans[len(scans)-1].At
				return append(dump(t, s), at(t, s, last), diff(t, s, seenAt(t, s, scans[0].At), seenAt(t, s, last)), trends(t, s, 0))
			}
			before := answers()
			var file string
			if s.pg {
				file = historytest.Dump(t, url)
				if _, err := s.db.ExecContext(t.Context(), `DROP SCHEMA public CASCADE`); err != nil {
					t.Fatal(err)
				}
				if _, err := s.db.ExecContext(t.Context(), `CREATE SCHEMA public`); err != nil {
					t.Fatal(err)
				}
			} else {
				file = filepath.Join(t.TempDir(), "copy.sqlite")
				if err := Backup(t.Context(), url, file); err != nil {
					t.Fatal(err)
				}
			}
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			if s.pg {
				historytest.Restore(t, url, file)
			} else {
				for _, end := range []string{"", "-wal", "-shm"} {
					if err := os.Remove(url + end); err != nil && !errors.Is(err, os.ErrNotExist) {
						t.Fatal(err)
					}
				}
				if err := os.Rename(file, url); err != nil {
					t.Fatal(err)
				}
			}
			s = opened(t, url)
			if after := answers(); !slices.Equal(before, after) {
				t.Errorf("%d answers, restored %d; first that differs: %s", len(before), len(after), differs(before, after))
			}
		})
	}
}
