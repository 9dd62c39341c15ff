package simulator

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"

	cloudwatch "github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	classic "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancing/types"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
	tagging "github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi/types"
	"github.com/aws/smithy-go"

	logs "github.com/consolesensei/resource-tracker/internal/aws/cloudwatchlogs/types"
	iam "github.com/consolesensei/resource-tracker/internal/aws/iam/types"
	lambda "github.com/consolesensei/resource-tracker/internal/aws/lambda/types"
	organizations "github.com/consolesensei/resource-tracker/internal/aws/organizations/types"
	rds "github.com/consolesensei/resource-tracker/internal/aws/rds/types"
)

// answer is an error that the service answers, as opposed to a call that fails
// on its way. The SDK's own middleware wraps it as it wraps AWS's errors.
type answer struct {
	status int
	header http.Header
	err    error // a smithy.APIError
}

func (a *answer) Error() string { return a.err.Error() }
func (a *answer) Unwrap() error { return a.err }

// refuse returns an error that the called service answers.
func (c Call) refuse(status int, code, format string, args ...any) error {
	return &answer{status: status, err: c.apiError(status, code, fmt.Sprintf(format, args...))}
}

// apiError gives an error code the SDK's own type, for the services that model
// it.
func (c Call) apiError(status int, code, message string) error {
	if typed, ok := modelled[c.serviceID+":"+code]; ok {
		return typed(&message)
	}
	fault := smithy.FaultClient
	if status >= http.StatusInternalServerError {
		fault = smithy.FaultServer
	}
	return &smithy.GenericAPIError{Code: code, Message: message, Fault: fault}
}

var modelled = map[string]func(message *string) error{
	"CloudWatch Logs:AccessDeniedException":     func(m *string) error { return &logs.AccessDeniedException{Message: m} },
	"CloudWatch Logs:InvalidParameterException": func(m *string) error { return &logs.InvalidParameterException{Message: m} },
	"CloudWatch Logs:ThrottlingException":       func(m *string) error { return &logs.ThrottlingException{Message: m} },
	"CloudWatch:InvalidNextToken":               func(m *string) error { return &cloudwatch.InvalidNextToken{Message: m} },
	"Elastic Load Balancing v2:ListenerNotFound": func(m *string) error {
		return &elb.ListenerNotFoundException{Message: m}
	},
	"Elastic Load Balancing v2:LoadBalancerNotFound": func(m *string) error {
		return &elb.LoadBalancerNotFoundException{Message: m}
	},
	"Elastic Load Balancing v2:TargetGroupNotFound": func(m *string) error {
		return &elb.TargetGroupNotFoundException{Message: m}
	},
	"Elastic Load Balancing:LoadBalancerNotFound": func(m *string) error {
		return &classic.AccessPointNotFoundException{Message: m}
	},
	"IAM:NoSuchEntity":                               func(m *string) error { return &iam.NoSuchEntityException{Message: m} },
	"Lambda:InvalidParameterValueException":          func(m *string) error { return &lambda.InvalidParameterValueException{Message: m} },
	"Lambda:ServiceException":                        func(m *string) error { return &lambda.ServiceException{Message: m} },
	"Lambda:TooManyRequestsException":                func(m *string) error { return &lambda.TooManyRequestsException{Message: m} },
	"Organizations:AccessDeniedException":            func(m *string) error { return &organizations.AccessDeniedException{Message: m} },
	"Organizations:InvalidInputException":            func(m *string) error { return &organizations.InvalidInputException{Message: m} },
	"Organizations:ServiceException":                 func(m *string) error { return &organizations.ServiceException{Message: m} },
	"Organizations:TooManyRequestsException":         func(m *string) error { return &organizations.TooManyRequestsException{Message: m} },
	"RDS:DBInstanceNotFound":                         func(m *string) error { return &rds.DBInstanceNotFoundFault{Message: m} },
	"RDS:InvalidDBInstanceState":                     func(m *string) error { return &rds.InvalidDBInstanceStateFault{Message: m} },
	"Resource Groups Tagging API:ThrottledException": func(m *string) error { return &tagging.ThrottledException{Message: m} },
	"Resource Groups Tagging API:InternalServiceException": func(m *string) error {
		return &tagging.InternalServiceException{Message: m}
	},
	"Resource Groups Tagging API:InvalidParameterException": func(m *string) error {
		return &tagging.InvalidParameterException{Message: m}
	},
}

// protocol is the protocol of a service. It decides how the service words its
// errors.
type protocol uint8

const (
	ec2Query protocol = iota
	awsQuery
	awsJSON
	restJSON
	restXML
	protocols
)

// Kind is a way in which calls go wrong.
type Kind string

// The kinds. AWS's codes for them differ from protocol to protocol.
const (
	Denied    Kind = "denied"     // by an IAM policy
	DeniedSCP Kind = "denied_scp" // by a policy of the organisation
	// NotOptedIn is the answer of a region that is off. An opt-in region does
	// not know the account's keys; another region asks to subscribe.
	NotOptedIn         Kind = "not_opted_in"
	InvalidCredentials Kind = "invalid_credentials"
	ExpiredCredentials Kind = "expired_credentials"
	Throttled          Kind = "throttled"
	Outage             Kind = "outage"
	Timeout            Kind = "timeout"     // no answer until the call is given up
	NoEndpoint         Kind = "no_endpoint" // the service's host name does not exist
	Slow               Kind = "slow"        // the call takes longer by the fault's Delay
	Lost               Kind = "lost"        // the call is carried out, and its answer does not arrive
)

var kinds = []Kind{
	Denied, DeniedSCP, NotOptedIn, InvalidCredentials, ExpiredCredentials, Throttled, Outage, Timeout, NoEndpoint, Slow, Lost,
}

func (k Kind) known() bool { return slices.Contains(kinds, k) }

// wording is the status and code of an error in one protocol.
type wording struct {
	status int
	code   string
}

var denials = [protocols]wording{
	ec2Query: {403, "UnauthorizedOperation"},
	awsQuery: {403, "AccessDenied"},
	awsJSON:  {400, "AccessDeniedException"},
	restJSON: {403, "AccessDeniedException"},
	restXML:  {403, "AccessDenied"},
}

var strangers = [protocols]wording{
	ec2Query: {401, "AuthFailure"},
	awsQuery: {403, "InvalidClientTokenId"},
	awsJSON:  {400, "UnrecognizedClientException"},
	restJSON: {403, "UnrecognizedClientException"},
	restXML:  {403, "InvalidAccessKeyId"},
}

var expiries = [protocols]wording{
	ec2Query: {400, "RequestExpired"},
	awsQuery: {403, "ExpiredToken"},
	awsJSON:  {400, "ExpiredTokenException"},
	restJSON: {403, "ExpiredTokenException"},
	restXML:  {400, "ExpiredToken"},
}

var throttles = [protocols]wording{
	ec2Query: {503, "RequestLimitExceeded"},
	awsQuery: {400, "Throttling"},
	awsJSON:  {400, "ThrottlingException"},
	restJSON: {429, "TooManyRequestsException"},
	restXML:  {503, "SlowDown"},
}

var outages = [protocols]wording{
	ec2Query: {503, "Unavailable"},
	awsQuery: {503, "ServiceUnavailable"},
	awsJSON:  {500, "InternalFailure"},
	restJSON: {500, "ServiceException"},
	restXML:  {500, "InternalError"},
}

// dialects are codes that a service words differently from its protocol.
var dialects = map[string]map[Kind]wording{
	"organizations": {Throttled: {400, "TooManyRequestsException"}, Outage: {500, "ServiceException"}},
	"tag":           {Throttled: {400, "ThrottledException"}, Outage: {500, "InternalServiceException"}},
}

// Fail returns the answer of AWS to the call when it goes wrong in the given
// way. Slow, Timeout and Lost have no answer of their own and fail as an outage.
func (c Call) Fail(k Kind) error {
	if k == NoEndpoint {
		host := c.Service + "." + c.Region + ".amazonaws.com"
		return &net.OpError{Op: "dial", Net: "tcp", Err: &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}}
	}
	w, message := c.words(k)
	if special, ok := dialects[c.Service][k]; ok {
		w = special
	}
	return c.refuse(w.status, w.code, "%s", message)
}

func (c Call) words(k Kind) (wording, string) {
	switch k {
	case Denied:
		return denials[c.protocol], c.denial("because no identity-based policy allows the " + c.API() + " action")
	case DeniedSCP:
		return denials[c.protocol], c.denial("with an explicit deny in a service control policy")
	case NotOptedIn:
		if slices.Contains(optInRegions, c.Region) {
			return c.words(InvalidCredentials)
		}
		return wording{403, "OptInRequired"}, "You are not subscribed to this service. Please go to http://aws.amazon.com to subscribe."
	case InvalidCredentials:
		if c.protocol == ec2Query {
			return strangers[c.protocol], "AWS was not able to validate the provided access credentials"
		}
		return strangers[c.protocol], "The security token included in the request is invalid."
	case ExpiredCredentials:
		if c.protocol == ec2Query {
			return expiries[c.protocol], "Request has expired."
		}
		return expiries[c.protocol], "The security token included in the request is expired"
	case Throttled:
		if c.protocol == ec2Query {
			return throttles[c.protocol], "Request limit exceeded."
		}
		return throttles[c.protocol], "Rate exceeded"
	}
	return outages[c.protocol], "The service is unable to process the request. Please try again."
}

func (c Call) denial(reason string) string {
	message := fmt.Sprintf("User: %s is not authorized to perform: %s", c.principal, c.permission())
	if c.Role != "" {
		message += " on resource: " + c.Role
	}
	message += " " + reason
	if c.protocol == ec2Query {
		return "You are not authorized to perform this operation. " + message
	}
	return message
}

// permission is the IAM action that the call needs.
func (c Call) permission() string {
	if c.API() == "s3:ListBuckets" {
		return "s3:ListAllMyBuckets"
	}
	return c.API()
}

// isThrottle reports whether err is an answer of the kind Throttled.
func isThrottle(err error) bool {
	e, ok := errors.AsType[smithy.APIError](err)
	if !ok {
		return false
	}
	code := e.ErrorCode()
	return slices.ContainsFunc(throttles[:], func(w wording) bool { return w.code == code }) || code == "ThrottledException"
}
