package simulator

import (
	"strings"

	"github.com/consolesensei/resource-tracker/internal/aws/organizations"
	"github.com/consolesensei/resource-tracker/internal/aws/organizations/types"
)

var organizationsOperations = operations{
	"DescribeOrganization": handle(describeOrganization),
	"ListAccounts":         handle(listAccounts),
}

const organizationID = "o-simulated1"

func describeOrganization(r *request, _ *organizations.DescribeOrganizationInput) (*organizations.DescribeOrganizationOutput, error) {
	manager := r.world.options.AccountID
	return &organizations.DescribeOrganizationOutput{Organization: &types.Organization{
		Id:                 new(organizationID),
		Arn:                new("arn:aws:organizations::" + manager + ":organization/" + organizationID),
		FeatureSet:         types.OrganizationFeatureSetAll,
		MasterAccountArn:   new(accountARN(manager, manager)),
		MasterAccountEmail: new("aws@example.com"),
		MasterAccountId:    &manager,
	}}, nil
}

func accountARN(manager, id string) string {
	return "arn:aws:organizations::" + manager + ":account/" + organizationID + "/" + id
}

var organizationsPaging = paging{least: 1, most: 20, standard: 20}

func listAccounts(r *request, in *organizations.ListAccountsInput) (*organizations.ListAccountsOutput, error) {
	manager := r.world.options.AccountID
	if r.AccountID != manager {
		return nil, r.refuse(400, "AccessDeniedException", "You don't have permissions to access this resource.")
	}
	size, ok := organizationsPaging.size(in.MaxResults)
	if !ok {
		return nil, r.refuse(400, "InvalidInputException", "You provided a value that does not match the required pattern.")
	}
	from, ok := r.position(in.NextToken, 0)
	if !ok {
		return nil, r.refuse(400, "InvalidInputException", "You provided an invalid nextToken.")
	}
	end := len(r.world.members) + 1
	accounts, next := page(from, end, size, func(n int) (types.Account, bool) {
		if n == 0 {
			return r.memberAccount(member{id: manager, name: "management"}), true
		}
		return r.memberAccount(r.world.members[n-1]), true
	})
	return &organizations.ListAccountsOutput{Accounts: accounts, NextToken: r.token(next, end)}, nil
}

func (r *request) memberAccount(m member) types.Account {
	status, state := types.AccountStatusActive, types.AccountStateActive
	if m.suspended {
		status, state = types.AccountStatusSuspended, types.AccountStateSuspended
	}
	return types.Account{
		Id:              &m.id,
		Arn:             new(accountARN(r.world.options.AccountID, m.id)),
		Name:            &m.name,
		Email:           new("aws+" + strings.ReplaceAll(m.name, " ", "-") + "@example.com"),
		JoinedMethod:    types.AccountJoinedMethodCreated,
		JoinedTimestamp: new(r.world.options.Epoch.AddDate(-3, 0, 0)),
		Status:          status,
		State:           state,
	}
}
