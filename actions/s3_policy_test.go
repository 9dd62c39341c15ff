package actions

import "testing"

func TestDeniedIn(t *testing.T) {
	for name, row := range map[string]struct{ statement, denied, maybe string }{
		"everybody":            {`{"Effect":"Deny","Principal":"*","Action":"s3:DeleteObject"}`, "s3:DeleteObject", ""},
		"everybody in AWS":     {`{"Effect":"Deny","Principal":{"AWS":"*"},"Action":["s3:PutObject","s3:Delete*"]}`, "s3:DeleteBucket", ""},
		"the account":          {`{"Effect":"Deny","Principal":{"AWS":["arn:aws:iam::1:root"]},"Action":"s3:deleteobjectversion"}`, "s3:DeleteObjectVersion", ""},
		"another account":      {`{"Effect":"Deny","Principal":{"AWS":"arn:aws:iam::2:root"},"Action":"s3:*"}`, "", "s3:DeleteBucket"},
		"all but some":         {`{"Effect":"Deny","NotPrincipal":{"AWS":"arn:aws:iam::1:root"},"Action":"*"}`, "", "s3:DeleteBucket"},
		"without TLS":          {`{"Effect":"Deny","Principal":"*","Action":"s3:*","Condition":{"Bool":{"aws:SecureTransport":"false"}}}`, "", "s3:DeleteBucket"},
		"all but other things": {`{"Effect":"Deny","Principal":"*","NotAction":"s3:Get*"}`, "s3:DeleteBucket", ""},
		"all but these":        {`{"Effect":"Deny","Principal":"*","NotAction":"s3:Delete?*"}`, "", ""},
		"allowed":              {`{"Effect":"Allow","Principal":"*","Action":"s3:DeleteObject"}`, "", ""},
		"other things":         {`{"Effect":"Deny","Principal":"*","Action":"s3:PutObject"}`, "", ""},
	} {
		for _, policy := range []string{`{"Statement":` + row.statement + `}`, `{"Statement":[` + row.statement + `]}`} {
			denied, maybe, err := deniedIn(policy, "1", []string{"s3:DeleteBucket", "s3:DeleteObject", "s3:DeleteObjectVersion"})
			if denied != row.denied || maybe != row.maybe || err != nil {
				t.Errorf("%s: denied %q, maybe %q, %v", name, denied, maybe, err)
			}
		}
	}
	if _, _, err := deniedIn("{", "1", nil); err == nil {
		t.Error("a policy that is none has no error")
	}
}
