package simulator

import (
	"fmt"
	"strings"
	"time"

	"github.com/consolesensei/resource-tracker/internal/aws/iam"
	"github.com/consolesensei/resource-tracker/internal/aws/iam/types"
)

// keysOf returns the access keys of a user: key n belongs to user n, or, when
// there are more keys than users, to one that has a key already.
func (r *request) keysOf(user int) []types.AccessKeyMetadata {
	e := r.estate
	name := e.userName(user)
	var keys []types.AccessKeyMetadata
	for n := user; n < e.count(accessKeys); n += e.count(users) {
		keys = append(keys, types.AccessKeyMetadata{
			AccessKeyId: new(longID("AKIA", e.id(accessKeys, n))),
			CreateDate:  new(e.created(accessKeys, n)),
			Status:      types.StatusTypeActive,
			UserName:    &name,
		})
	}
	return keys
}

func listAccessKeys(r *request, in *iam.ListAccessKeysInput) (*iam.ListAccessKeysOutput, error) {
	if in.UserName == nil {
		return nil, r.notSimulated("ListAccessKeys of the caller")
	}
	n, ok := r.estate.userNamed(*in.UserName)
	if !ok {
		return nil, r.refuse(404, "NoSuchEntity", "The user with name %s cannot be found.", *in.UserName)
	}
	return &iam.ListAccessKeysOutput{AccessKeyMetadata: r.keysOf(n)}, nil
}

// getAccessKeyLastUsed answers that the key was never used.
func getAccessKeyLastUsed(*request, *iam.GetAccessKeyLastUsedInput) (*iam.GetAccessKeyLastUsedOutput, error) {
	return &iam.GetAccessKeyLastUsedOutput{AccessKeyLastUsed: &types.AccessKeyLastUsed{ServiceName: new("N/A"), Region: new("N/A")}}, nil
}

func generateCredentialReport(*request, *iam.GenerateCredentialReportInput) (*iam.GenerateCredentialReportOutput, error) {
	return &iam.GenerateCredentialReportOutput{State: types.ReportStateTypeComplete}, nil
}

// getCredentialReport writes the columns of AWS's report that tell of access keys.
func getCredentialReport(r *request, _ *iam.GetCredentialReportInput) (*iam.GetCredentialReportOutput, error) {
	var report strings.Builder
	report.WriteString("user,arn,user_creation_time,access_key_1_active,access_key_1_last_rotated,access_key_2_active,access_key_2_last_rotated\n")
	for n := range r.estate.count(users) {
		u := r.user(n)
		fmt.Fprintf(&report, "%s,%s,%s", *u.UserName, *u.Arn, u.CreateDate.Format(time.RFC3339))
		keys := r.keysOf(n)
		for i := range 2 {
			if i < len(keys) {
				fmt.Fprintf(&report, ",true,%s", keys[i].CreateDate.Format(time.RFC3339))
			} else {
				report.WriteString(",false,N/A")
			}
		}
		report.WriteByte('\n')
	}
	return &iam.GetCredentialReportOutput{
		Content: []byte(report.String()), GeneratedTime: new(r.now), ReportFormat: types.ReportFormatTypeTextCsv,
	}, nil
}
