package cloud

import "strings"

// Names tells how IAM calls a service, and the action that an operation of it needs,
// by what the SDK calls them: "logs" and "logs:DescribeLogGroups" for "CloudWatch Logs"
// and "DescribeLogGroups". Both are empty for a service that it does not know; nil
// knows none.
type Names func(serviceID, operation string) (service, action string)

// of is n for every service: those that it does not know are called as by the SDK,
// in lower case and without spaces.
func (n Names) of(serviceID, operation string) (service, action string) {
	if n != nil {
		service, action = n(serviceID, operation)
	}
	switch {
	case service != "":
		return service, action
	case serviceID == "Cost Explorer": // no Scanner calls it
		service = "ce"
	default:
		service = strings.ToLower(strings.ReplaceAll(serviceID, " ", ""))
	}
	return service, service + ":" + operation
}
