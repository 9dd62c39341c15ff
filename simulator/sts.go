package simulator

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/aws-sdk-go-v2/service/sts/types"
)

var stsOperations = operations{
	"AssumeRole":        handle(assumeRole),
	"GetCallerIdentity": handle(getCallerIdentity),
}

// identity is the identity of a caller.
type identity struct {
	account   string
	accessKey string
	arn       string
	userID    string
}

// session holds the contents of a session token. There is nothing more to a
// session, so any process that simulates the account knows it.
type session struct {
	Account string    `json:"a"`
	Role    string    `json:"r"`
	Name    string    `json:"n"`
	Expires time.Time `json:"e"`
}

const (
	sessionKeyPrefix   = "ASIASIM"
	sessionTokenPrefix = "simulated."
)

// identify tells who signed a request. Keys that the simulator did not give out
// belong to the management account. strange says what is wrong with keys that it
// did give out.
func (w *world) identify(h http.Header, now time.Time) (who identity, strange Kind) {
	key := accessKeyOf(h)
	if strings.HasPrefix(key, sessionKeyPrefix) {
		return identifySession(key, h.Get("X-Amz-Security-Token"), now)
	}
	account, ok := accountOfKey(key)
	if !ok {
		account = w.options.AccountID
	}
	return identity{
		account: account, accessKey: key, userID: longID("AIDA", mix(hash(account))),
		arn: "arn:aws:iam::" + account + ":user/simulator",
	}, ""
}

func identifySession(key, token string, now time.Time) (who identity, strange Kind) {
	who.accessKey = key
	var s session
	encoded, ok := strings.CutPrefix(token, sessionTokenPrefix)
	b, err := base64.RawURLEncoding.DecodeString(encoded)
	if !ok || err != nil || json.Unmarshal(b, &s) != nil {
		return who, InvalidCredentials
	}
	who.account = s.Account
	who.arn = "arn:aws:sts::" + s.Account + ":assumed-role/" + s.Role + "/" + s.Name
	who.userID = longID("AROA", mix(hash(s.Account+s.Role))) + ":" + s.Name
	if !now.Before(s.Expires) {
		return who, ExpiredCredentials
	}
	return who, ""
}

// longID returns an ID of IAM's form: a prefix and 17 characters of base 32.
func longID(prefix string, id uint64) string {
	var buf [21]byte
	b := append(append(buf[:0], prefix...), "5SIM"...)
	for shift := 60; shift >= 0; shift -= 5 {
		b = append(b, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[id>>shift&31])
	}
	return string(b)
}

// roleAsked returns the role that a call wants to assume.
func roleAsked(in any) (arn string, ok bool) {
	if in, is := in.(*sts.AssumeRoleInput); is && in.RoleArn != nil {
		return *in.RoleArn, true
	}
	return "", false
}

func assumeRole(r *request, in *sts.AssumeRoleInput) (*sts.AssumeRoleOutput, error) {
	account, role, ok := parseRoleARN(*in.RoleArn)
	if !ok {
		return nil, r.refuse(400, "ValidationError", "%s is invalid", *in.RoleArn)
	}
	life := time.Hour
	if in.DurationSeconds != nil {
		life = time.Duration(*in.DurationSeconds) * time.Second
		if life < 15*time.Minute || life > 12*time.Hour {
			return nil, r.refuse(400, "ValidationError", "The requested DurationSeconds is out of range.")
		}
	}
	if limit := r.world.options.Session; limit > 0 {
		life = min(life, limit)
	}
	wrongID := r.world.options.ExternalID != "" && (in.ExternalId == nil || *in.ExternalId != r.world.options.ExternalID)
	if wrongID || r.world.suspended(account) {
		return nil, r.refuse(403, "AccessDenied", "User: %s is not authorized to perform: sts:AssumeRole on resource: %s", r.caller.arn, *in.RoleArn)
	}

	s := session{Account: account, Role: role, Name: *in.RoleSessionName, Expires: r.now.Add(life).UTC().Truncate(time.Second)}
	b, err := json.Marshal(s)
	if err != nil {
		return nil, fmt.Errorf("make a session token: %w", err)
	}
	key := sessionKeyPrefix + longID("", mix(hash(string(b))))[4:]
	return &sts.AssumeRoleOutput{
		AssumedRoleUser: &types.AssumedRoleUser{
			Arn:           new("arn:aws:sts::" + account + ":assumed-role/" + role + "/" + s.Name),
			AssumedRoleId: new(longID("AROA", mix(hash(account+role))) + ":" + s.Name),
		},
		Credentials: &types.Credentials{
			AccessKeyId:     &key,
			SecretAccessKey: new("simulated"),
			SessionToken:    new(sessionTokenPrefix + base64.RawURLEncoding.EncodeToString(b)),
			Expiration:      &s.Expires,
		},
	}, nil
}

// parseRoleARN returns the account and the name of a role, without its path.
func parseRoleARN(arn string) (account, role string, ok bool) {
	rest, ok := strings.CutPrefix(arn, "arn:aws:iam::")
	account, resource, found := strings.Cut(rest, ":")
	path, isRole := strings.CutPrefix(resource, "role/")
	role = path[strings.LastIndexByte(path, '/')+1:]
	return account, role, ok && found && isRole && role != "" && isAccountID(account)
}

func getCallerIdentity(r *request, _ *sts.GetCallerIdentityInput) (*sts.GetCallerIdentityOutput, error) {
	return &sts.GetCallerIdentityOutput{Account: &r.caller.account, Arn: &r.caller.arn, UserId: &r.caller.userID}, nil
}

// suspended reports whether the account is a suspended one of the organisation.
func (w *world) suspended(account string) bool {
	for _, m := range w.members {
		if m.id == account {
			return m.suspended
		}
	}
	return false
}
