// Package signing is what the clients of internal/aws sign by, where the SDK's own
// clients use its package internal/auth/smithy. The adapters of that package are asked
// for from the SDK's client of STS: only they know by how much the retries found the
// clock to be wrong, and sign for that time.
package signing

import (
	"context"
	"fmt"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/auth"
	"github.com/aws/smithy-go/logging"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// CredentialsProviderAdapter gives credentials as the identity that V4SignerAdapter
// signs with.
type CredentialsProviderAdapter struct {
	Provider aws.CredentialsProvider
}

// GetIdentity implements auth.IdentityResolver.
func (a *CredentialsProviderAdapter) GetIdentity(ctx context.Context, props smithy.Properties) (auth.Identity, error) {
	return sts.Options{Credentials: a.Provider}.GetIdentityResolver(auth.SchemeIDSigV4).GetIdentity(ctx, props)
}

// V4SignerAdapter signs a request by Signer, for the time that the server has.
type V4SignerAdapter struct {
	Signer     v4.HTTPSigner
	Logger     logging.Logger
	LogSigning bool

	once sync.Once
	own  smithyhttp.Signer
}

// SignRequest implements smithyhttp.Signer.
func (a *V4SignerAdapter) SignRequest(ctx context.Context, r *smithyhttp.Request, identity auth.Identity, props smithy.Properties) error {
	a.once.Do(a.find)
	if a.own == nil {
		return fmt.Errorf("STS has no scheme %s", auth.SchemeIDSigV4)
	}
	return a.own.SignRequest(ctx, r, identity, props)
}

func (a *V4SignerAdapter) find() {
	o := sts.Options{HTTPClient: smithyhttp.NopClient{}, HTTPSignerV4: a.Signer, Logger: a.Logger}
	if a.LogSigning {
		o.ClientLogMode = aws.LogSigning
	}
	for _, s := range sts.New(o).Options().AuthSchemes {
		if s.SchemeID() == auth.SchemeIDSigV4 {
			a.own = s.Signer()
		}
	}
}
