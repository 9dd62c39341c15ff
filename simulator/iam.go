package simulator

import (
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/consolesensei/resource-tracker/internal/aws/iam"
	"github.com/consolesensei/resource-tracker/internal/aws/iam/types"
)

var iamOperations = operations{
	"GenerateCredentialReport":       handle(generateCredentialReport),
	"GetAccessKeyLastUsed":           handle(getAccessKeyLastUsed),
	"GetAccountAuthorizationDetails": handle(getAccountAuthorizationDetails),
	"GetCredentialReport":            handle(getCredentialReport),
	"GetUser":                        handle(getUser),
	"ListAccessKeys":                 handle(listAccessKeys),
	"ListRoles":                      handle(listRoles),
	"ListUsers":                      handle(listUsers),
	"SimulatePrincipalPolicy":        handle(simulatePrincipalPolicy),
}

var iamPaging = paging{least: 1, most: 1000, standard: 100}

// iamPage reads the parameters that all IAM lists share.
func (r *request) iamPage(maxItems *int32, marker *string) (size, from int, err error) {
	size, ok := iamPaging.size(maxItems)
	if !ok {
		return 0, 0, r.refuse(400, "ValidationError", "Value '%d' at 'maxItems' failed to satisfy constraint: Member must have value between 1 and 1000", *maxItems)
	}
	from, ok = r.position(marker, 0)
	if !ok {
		return 0, 0, r.refuse(400, "ValidationError", "Invalid Marker: %s", *marker)
	}
	return size, from, nil
}

// getAccountAuthorizationDetails pages through users and then roles; the
// account has neither groups nor policies of its own.
func getAccountAuthorizationDetails(r *request, in *iam.GetAccountAuthorizationDetailsInput) (*iam.GetAccountAuthorizationDetailsOutput, error) {
	size, from, err := r.iamPage(in.MaxItems, in.Marker)
	if err != nil {
		return nil, err
	}
	userCount, roleCount := r.estate.count(users), r.estate.count(roles)
	if len(in.Filter) > 0 && !slices.Contains(in.Filter, types.EntityTypeUser) {
		userCount = 0
	}
	if len(in.Filter) > 0 && !slices.Contains(in.Filter, types.EntityTypeRole) {
		roleCount = 0
	}
	out := &iam.GetAccountAuthorizationDetailsOutput{}
	next := from
	if next < userCount {
		out.UserDetailList, next = page(next, userCount, size, func(n int) (types.UserDetail, bool) { return r.userDetail(n), true })
	}
	if room := size - len(out.UserDetailList); next >= userCount && room > 0 {
		var after int
		out.RoleDetailList, after = page(next-userCount, roleCount, room, func(n int) (types.RoleDetail, bool) { return r.roleDetail(n), true })
		next = userCount + after
	}
	out.Marker = r.token(next, userCount+roleCount)
	out.IsTruncated = out.Marker != nil
	return out, nil
}

func listUsers(r *request, in *iam.ListUsersInput) (*iam.ListUsersOutput, error) {
	size, from, err := r.iamPage(in.MaxItems, in.Marker)
	if err != nil {
		return nil, err
	}
	end := r.estate.count(users)
	list, next := page(from, end, size, func(n int) (types.User, bool) {
		u := r.user(n)
		u.Tags = nil // lists leave them out
		return u, in.PathPrefix == nil || strings.HasPrefix(*u.Path, *in.PathPrefix)
	})
	marker := r.token(next, end)
	return &iam.ListUsersOutput{Users: list, Marker: marker, IsTruncated: marker != nil}, nil
}

func listRoles(r *request, in *iam.ListRolesInput) (*iam.ListRolesOutput, error) {
	size, from, err := r.iamPage(in.MaxItems, in.Marker)
	if err != nil {
		return nil, err
	}
	end := r.estate.count(roles)
	list, next := page(from, end, size, func(n int) (types.Role, bool) {
		d := r.roleDetail(n)
		role := types.Role{
			Arn: d.Arn, RoleId: d.RoleId, RoleName: d.RoleName, Path: d.Path, CreateDate: d.CreateDate,
			AssumeRolePolicyDocument: d.AssumeRolePolicyDocument, MaxSessionDuration: new(int32(3600)),
		} // lists leave out tags and the last use
		return role, in.PathPrefix == nil || strings.HasPrefix(*role.Path, *in.PathPrefix)
	})
	marker := r.token(next, end)
	return &iam.ListRolesOutput{Roles: list, Marker: marker, IsTruncated: marker != nil}, nil
}

func getUser(r *request, in *iam.GetUserInput) (*iam.GetUserOutput, error) {
	if in.UserName == nil {
		return &iam.GetUserOutput{User: &types.User{
			Arn: &r.caller.arn, UserId: &r.caller.userID, UserName: new("simulator"), Path: new("/"), CreateDate: &r.estate.epoch,
		}}, nil
	}
	n, ok := r.estate.userNamed(*in.UserName)
	if !ok {
		return nil, r.refuse(404, "NoSuchEntity", "The user with name %s cannot be found.", *in.UserName)
	}
	return &iam.GetUserOutput{User: new(r.user(n))}, nil
}

var firstNames = []string{"alice", "bruno", "chidi", "dana", "emre", "fatima", "george", "hana", "ivan", "jun", "kofi", "lena"}

func (e *estate) userName(n int) string {
	d := e.dice(users, n, forTrait)
	return string(padded([]byte(pick(&d, firstNames)+"-"), n, 2))
}

func (e *estate) userNamed(name string) (n int, ok bool) {
	n, ok = lastNumber(name)
	return n, ok && n < e.count(users) && e.userName(n) == name
}

func iamTag(k, v *string) types.Tag { return types.Tag{Key: k, Value: v} }

// user makes a user. One in three has not been seen for long, if ever.
func (r *request) user(n int) types.User {
	e := r.estate
	d := e.dice(users, n, forDetail)
	name := e.userName(n)
	created := e.created(users, n)
	u := types.User{
		Arn:        new(e.arnOf(users, n)),
		CreateDate: &created,
		Path:       new("/"),
		UserId:     new(longID("AIDA", e.id(users, n))),
		UserName:   &name,
		Tags:       tagsAs(e, users, n, iamTag),
	}
	if n%3 != 2 {
		u.PasswordLastUsed = new(r.today().Add(-time.Duration(1+d.below(72)) * time.Hour))
	} else if d.below(2) == 0 {
		u.PasswordLastUsed = &created
	}
	return u
}

func (r *request) userDetail(n int) types.UserDetail {
	u := r.user(n)
	return types.UserDetail{
		Arn: u.Arn, CreateDate: u.CreateDate, Path: u.Path, UserId: u.UserId, UserName: u.UserName, Tags: u.Tags,
		AttachedManagedPolicies: []types.AttachedPolicy{managedPolicy("ReadOnlyAccess")},
	}
}

// roleDetail makes a role. One in three was never used, or not for long.
func (r *request) roleDetail(n int) types.RoleDetail {
	e := r.estate
	d := e.dice(roles, n, forDetail)
	name := e.name(roles, n)
	path := e.rolePath(n)
	principal := []string{"lambda", "ec2", "ecs-tasks", "codebuild"}[d.below(4)]
	created := e.created(roles, n)
	v := types.RoleDetail{
		Arn:                      new(e.arnOf(roles, n)),
		AssumeRolePolicyDocument: new(trustPolicy[principal]),
		AttachedManagedPolicies:  []types.AttachedPolicy{managedPolicy("AmazonS3ReadOnlyAccess")},
		CreateDate:               &created,
		Path:                     &path,
		RoleId:                   new(longID("AROA", e.id(roles, n))),
		RoleLastUsed:             &types.RoleLastUsed{},
		RoleName:                 &name,
		Tags:                     tagsAs(e, roles, n, iamTag),
	}
	if n%3 != 0 {
		v.RoleLastUsed.LastUsedDate = new(r.today().Add(-time.Duration(1+d.below(72)) * time.Hour))
	} else if d.below(2) == 0 {
		v.RoleLastUsed.LastUsedDate = &created
	}
	if v.RoleLastUsed.LastUsedDate != nil {
		v.RoleLastUsed.Region = &e.regions[0]
	}
	return v
}

func (e *estate) rolePath(n int) string {
	if n%4 == 1 {
		return "/service-role/"
	}
	return "/"
}

// today is the midnight before now. A user or role that is in use was used
// shortly before it.
func (r *request) today() time.Time { return r.now.UTC().Truncate(24 * time.Hour) }

func managedPolicy(name string) types.AttachedPolicy {
	return types.AttachedPolicy{PolicyName: &name, PolicyArn: new("arn:aws:iam::aws:policy/" + name)}
}

// trustPolicy holds URL-encoded documents, as IAM answers them.
var trustPolicy = func() map[string]string {
	documents := map[string]string{}
	for _, service := range []string{"lambda", "ec2", "ecs-tasks", "codebuild"} {
		documents[service] = url.QueryEscape(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"` +
			service + `.amazonaws.com"},"Action":"sts:AssumeRole"}]}`)
	}
	return documents
}()
