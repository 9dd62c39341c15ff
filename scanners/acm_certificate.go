package scanners

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/acm"
	"github.com/aws/aws-sdk-go-v2/service/acm/types"

	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

// acmCertificate asks about single certificates only where one is in use, for
// what uses it.
var acmCertificate = Scanner{
	Type:        "ACM_Certificate",
	Service:     Service{ID: acm.ServiceID, Prefix: "acm", Protocol: JSON},
	ARNs:        []string{"acm:certificate/"},
	Permissions: []string{"acm:DescribeCertificate", "acm:ListCertificates", "tag:GetResources"},
	Tagged:      "acm",
	Metadata:    []string{"in_use", "in_use_by", "expires", "key_algorithm", "type"},
	Scan: func(ctx context.Context, t Target, emit Emit) error {
		client := acm.NewFromConfig(t.Config)
		users := func(ctx context.Context, r *tracker.Resource) error {
			if r.Metadata["in_use"] != true {
				return nil
			}
			out, err := client.DescribeCertificate(ctx, &acm.DescribeCertificateInput{CertificateArn: aws.String(r.ARN)})
			if err != nil {
				return err
			}
			r.Metadata["in_use_by"] = sdk.Names(out.Certificate.InUseBy)
			return nil
		}
		in := &acm.ListCertificatesInput{
			MaxItems: aws.Int32(1000),
			// The defaults hide every key but RSA of 1,024 and 2,048 bits, and what
			// was requested through ACME.
			Includes:                  &types.Filters{KeyTypes: types.KeyAlgorithm("").Values()},
			CertificateKeyPairOrigins: types.CertificateKeyPairOrigin("").Values(),
		}
		cursor := func(in *acm.ListCertificatesInput, out *acm.ListCertificatesOutput) (**string, *string) {
			return &in.NextToken, out.NextToken
		}
		return withDetails(ctx, emit, users, func(emit Emit) error {
			return listPages(ctx, emit, client.ListCertificates, in, cursor, func(page *acm.ListCertificatesOutput) []tracker.Resource {
				return collect(page.CertificateSummaryList, certificate)
			})
		})
	},
}

func certificate(c types.CertificateSummary) tracker.Resource {
	created := c.CreatedAt
	if created == nil {
		created = c.ImportedAt
	}
	usedBy := any([]string{})
	if c.InUse == nil || *c.InUse {
		usedBy = nil
	}
	return tracker.Resource{
		ID:      aws.ToString(c.CertificateArn),
		Name:    tracker.Named(aws.ToString(c.DomainName)),
		ARN:     aws.ToString(c.CertificateArn),
		State:   lower(c.Status),
		Created: tracker.At(created),
		Metadata: tracker.Metadata{
			"in_use":            sdk.Opt(c.InUse),
			"in_use_by":         usedBy,
			"domains":           sdk.Names(c.SubjectAlternativeNameSummaries),
			"type":              sdk.Text(c.Type),
			"key_algorithm":     sdk.Text(c.KeyAlgorithm),
			"not_before":        sdk.Stamp(c.NotBefore),
			"expires":           sdk.Stamp(c.NotAfter),
			"issued":            sdk.Stamp(c.IssuedAt),
			"renewal":           sdk.Text(c.RenewalEligibility),
			"managed_by":        sdk.Text(c.ManagedBy),
			"exported":          sdk.Opt(c.Exported),
			"revoked":           sdk.Stamp(c.RevokedAt),
			"more_domains":      sdk.Opt(c.HasAdditionalSubjectAlternativeNames),
			"key_pair_origin":   sdk.Text(c.CertificateKeyPairOrigin),
			"exportable_option": sdk.Text(c.ExportOption),
		},
	}
}
