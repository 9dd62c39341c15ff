package tracker

// Caller is who credentials are in an account.
type Caller struct {
	AccountID string `json:"account_id"`
	// ARN is the user's, or the session's of an assumed role.
	ARN string `json:"arn"`
	// Method is how what the caller may do was found out.
	Method CheckMethod `json:"method" enum:"probe,probe+simulation"`
	// Reason says why IAM could not be asked, in one region at least.
	Reason string `json:"reason,omitempty" doc:"Why IAM's simulation was not possible"`
}

// CheckMethod is a way to find out what credentials may do.
type CheckMethod string

// The methods.
const (
	// CheckProbe makes the calls of a scan for the first page of each list.
	CheckProbe CheckMethod = "probe"
	// CheckSimulation asks IAM besides, which knows of calls that no probe reaches:
	// those about single resources, where there is none yet.
	CheckSimulation CheckMethod = "probe+simulation"
)
