package lake

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"maps"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/consolesensei/resource-tracker/history"
)

const (
	// sumsAtOnce is how many sums are in memory before they are added to the history.
	sumsAtOnce = 20_000
	// billAgain is after how long a period is read again that could not be.
	billAgain = 10 * time.Minute
)

// Bills reads into a history what was billed, from files that AWS Data Exports writes.
type Bills struct {
	History *history.Store
	From    Files
	Now     func() time.Time // nil: time.Now
}

// billFile is a file of a period.
type billFile struct {
	name, mark string
	size       int64
}

// Read reads the periods whose files have changed, and tells of each how that ended: "read" or "failed". A period that fails
// keeps what was read of it before.
func (b *Bills) Read(ctx context.Context, told func(how string)) error {
	now := b.Now
	if now == nil {
		now = time.Now
	}
	periods, err := b.periods(ctx)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	failed := err
	if err != nil {
		told("failed")
	}
	if err := b.History.BillsFault(ctx, faultText(err)); err != nil {
		return errors.Join(failed, err)
	}
	accounts, err := b.History.AllAccounts(ctx)
	if err != nil {
		return err
	}
	mine := map[string]bool{}
	for _, a := range accounts {
		mine[a] = true
	}
	for _, period := range slices.Sorted(maps.Keys(periods)) {
		files := periods[period]
		// Another account in the history has lines that were left out.
		mark := markOf(files, accounts)
		bill, err := b.History.BeginBill(ctx, period, mark, now().UnixMilli(), now().Add(claimLife).UnixMilli())
		if bill == nil {
			failed = errors.Join(failed, err)
			continue
		}
		if err == nil {
			err = b.read(ctx, bill, files, mine, now)
		}
		if err == nil {
			err = bill.End(ctx, mark, now().UnixMilli())
		}
		switch {
		case err == nil:
			told("read")
		case ctx.Err() != nil:
			return errors.Join(ctx.Err(), bill.GiveUp(context.WithoutCancel(ctx), 0, ""))
		default:
			told("failed")
			failed = errors.Join(failed, fmt.Errorf("%s: %w", period, err), bill.GiveUp(ctx, now().Add(billAgain).UnixMilli(), faultText(err)))
		}
	}
	return failed
}

// faultText is an error for the history, which users read.
func faultText(err error) string {
	const most = 500
	if err == nil {
		return ""
	}
	text := []rune(strings.ToValidUTF8(err.Error(), "?"))
	return string(text[:min(len(text), most)])
}

// read adds the lines of files to a bill, of the accounts that are the history's.
func (b *Bills) read(ctx context.Context, bill *history.Bill, files []billFile, mine map[string]bool, now func() time.Time) error {
	s := sums{all: map[history.Charge]*charge{}}
	add := func(least int) error {
		if len(s.all) < least {
			return nil
		}
		return bill.Add(ctx, s.take(), now().Add(claimLife).UnixMilli())
	}
	format := ""
	for _, f := range files {
		file, err := b.From.Open(ctx, f.name, f.size, f.mark)
		if err != nil {
			return err
		}
		is, err := charges(ctx, file, f.size, func(c charge) error {
			if !mine[c.Account] {
				return nil
			}
			s.add(c)
			return add(sumsAtOnce)
		})
		if err == nil && format != "" && is != format {
			err = fmt.Errorf("it is %s, and others of its period are %s", is, format)
		}
		format = is
		if err = errors.Join(err, file.Close()); err != nil {
			return fmt.Errorf("%s: %w", path.Base(f.name), err)
		}
	}
	return add(0)
}

// periods are the files that count, by the folder of their period. An error beside them is of files that cannot count.
func (b *Bills) periods(ctx context.Context) (map[string][]billFile, error) {
	const partition = "BILLING_PERIOD="
	periods, runs, roots, other := map[string][]billFile{}, map[string]string{}, map[string]bool{}, ""
	err := b.From.List(ctx, func(name string, size int64, mark string) error {
		base := path.Base(name)
		if !strings.HasSuffix(base, ".parquet") || strings.HasPrefix(base, ".") || strings.HasPrefix(base, "_") {
			if strings.Contains(base, ".csv") || strings.HasSuffix(base, ".zip") {
				other = name
			}
			return nil
		}
		period, run := path.Dir(name), ""
		if at := strings.Index(strings.ToUpper(name), partition); at >= 0 {
			end := at + strings.Index(name[at:], "/")
			period, run = name[:end], path.Dir(name[end+1:])
			roots[name[:at]] = true
		} else {
			roots[""] = true
		}
		// An export that does not overwrite has a folder for each of its runs, whose names are in the order of time.
		switch {
		case run > runs[period]:
			runs[period], periods[period] = run, nil
		case run < runs[period]:
			return nil
		}
		periods[period] = append(periods[period], billFile{name, mark, size})
		return nil
	})
	switch {
	case err != nil:
		return nil, err
	case len(roots) > 1:
		return nil, fmt.Errorf("there is more than one export, and what both have would count twice: name one of %s", strings.Join(slices.Sorted(maps.Keys(roots)), ", "))
	case other != "":
		err = fmt.Errorf("%s is not Parquet, and is not read: have AWS Data Exports write Parquet", other)
	case len(periods) == 0:
		err = errors.New("there is no Parquet file (.parquet)")
	}
	for _, files := range periods {
		slices.SortFunc(files, func(a, b billFile) int { return strings.Compare(a.name, b.name) })
	}
	return periods, err
}

// markOf tells whether files, or the accounts that count in them, have changed.
func markOf(files []billFile, accounts []string) string {
	h := sha256.New()
	for _, f := range files {
		note(h, f.name, f.mark, fmt.Sprint(f.size))
	}
	note(h, accounts...)
	return hex.EncodeToString(h.Sum(nil)[:16])
}

func note(h hash.Hash, texts ...string) {
	for _, t := range texts {
		_, _ = h.Write([]byte(t + "\x00"))
	}
}
