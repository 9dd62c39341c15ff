package scanners

import (
	"bytes"
	"context"
	"encoding/csv"
	"slices"
	"time"

	"github.com/consolesensei/resource-tracker/internal/aws/iam"
	"github.com/consolesensei/resource-tracker/internal/aws/iam/types"
	"github.com/consolesensei/resource-tracker/tracker"
)

// reportFrom is from how many users on the credential report is asked which of them
// have access keys. It is at most four hours old (IAM User Guide, "Generate credential
// reports for your AWS account"), so that a key made since, by a user who had none, is
// not seen before AWS makes the next one.
const reportFrom = 20

// keyReport tells of the users of a credential report when they were made and whether
// they have access keys. None is one of which nothing is known.
type keyReport map[string]struct {
	made time.Time
	keys bool
}

// mayHaveKeys reports whether a user has keys, or may have: the report does not know of
// users who were made since, under a name that was free or had been given up.
func (k keyReport) mayHaveKeys(u tracker.Resource) bool {
	known, ok := k[*u.Name]
	return !ok || known.keys || u.Created == nil || !u.Created.Equal(known.made)
}

// readKeyReport reads the account's credential report. One that is refused, not ready
// or not understood is none: each user is asked then, which takes calls and loses
// nothing.
func readKeyReport(ctx context.Context, client *iam.Client) keyReport {
	made, err := client.GenerateCredentialReport(ctx, &iam.GenerateCredentialReportInput{})
	if err != nil || made.State != types.ReportStateTypeComplete {
		return nil
	}
	out, err := client.GetCredentialReport(ctx, &iam.GetCredentialReportInput{})
	if err != nil {
		return nil
	}
	rows, err := csv.NewReader(bytes.NewReader(out.Content)).ReadAll()
	if err != nil || len(rows) == 0 {
		return nil
	}
	user, since := slices.Index(rows[0], "user"), slices.Index(rows[0], "user_creation_time")
	first, second := slices.Index(rows[0], "access_key_1_last_rotated"), slices.Index(rows[0], "access_key_2_last_rotated")
	if min(user, since, first, second) < 0 {
		return nil
	}
	report := keyReport{}
	for _, row := range rows[1:] {
		known := report[row[user]]
		if known.made, err = time.Parse(time.RFC3339, row[since]); err != nil {
			continue // a user of whom nothing is known is asked
		}
		known.keys = row[first] != "N/A" || row[second] != "N/A"
		report[row[user]] = known
	}
	return report
}
