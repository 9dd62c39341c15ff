package cloudformation

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// everywhere are the actions that a statement may allow on every resource, and why.
var everywhere = map[string]string{
	"ecr:GetAuthorizationToken":         "AWS knows no resource for it",
	"organizations:ListAccounts":        "AWS knows no resource for it",
	"ec2:AssignPrivateIpAddresses":      "Lambda makes the interfaces, whose names nobody knows before; the function is denied it",
	"ec2:CreateNetworkInterface":        "as above",
	"ec2:DeleteNetworkInterface":        "as above",
	"ec2:DescribeNetworkInterfaces":     "as above",
	"ec2:DescribeSubnets":               "as above",
	"ec2:UnassignPrivateIpAddresses":    "as above",
	"a permission of a scan, or action": "lists know no narrower resource: deploy/iam/README.md",
}

// TestPermissions: no statement allows more actions than it names, or names every resource
// without a reason.
func TestPermissions(t *testing.T) {
	seen := 0
	for _, file := range files(t) {
		walk(read(t, file)["Resources"], func(m map[string]any) {
			if m["Effect"] != "Allow" {
				return
			}
			seen++
			for _, action := range texts(m["Action"]) {
				if strings.Contains(action, "*") {
					t.Errorf("%s allows %s", file, action)
				}
				_, known := everywhere[action]
				if m["Resource"] == "*" && !known && file != "../iam/scan-role.yaml" {
					t.Errorf("%s allows %s on everything", file, action)
				}
			}
			if resource := flat(m["Resource"]); strings.Contains(resource, "::*:") && !strings.Contains(flat(m["Condition"]), "aws:ResourceOrgID") {
				t.Errorf("%s allows %v in every account: %s", file, m["Action"], resource)
			}
		})
	}
	if seen < 15 {
		t.Errorf("%d statements were seen", seen)
	}
}

// TestTrust: a role is assumed by a service of AWS, or by one principal and with an external
// ID, or without one by the own organisation.
func TestTrust(t *testing.T) {
	roles := 0
	for _, file := range files(t) {
		walk(read(t, file)["Resources"], func(m map[string]any) {
			for _, s := range list(at(m, "AssumeRolePolicyDocument", "Statement")) {
				roles++
				statement := s.(map[string]any)
				if service, ok := at(statement, "Principal", "Service").(string); ok {
					if !slices.Contains([]string{"ecs-tasks.amazonaws.com", "lambda.amazonaws.com"}, service) {
						t.Errorf("%s trusts %s", file, service)
					}
					continue
				}
				choice := list(at(statement, "Condition", "Fn::If"))
				if len(choice) != 3 {
					t.Fatalf("%s trusts without a condition", file)
				}
				ours, others := flat(choice[1]), flat(choice[2])
				if !strings.Contains(ours, "aws:PrincipalOrgID") || !strings.Contains(ours, "Null:map[sts:ExternalId:true]") || !strings.Contains(others, "StringEquals:map[sts:ExternalId:map[Ref:ExternalId]]") {
					t.Errorf("%s trusts %s or %s", file, ours, others)
				}
			}
		})
	}
	if roles != 7 {
		t.Errorf("%d roles were seen", roles)
	}
}

// TestAPIHasNoRights: the API's role has no policy, and nothing that starts an API reads the
// key that opens credentials.
func TestAPIHasNoRights(t *testing.T) {
	role := at(read(t, "api.yaml"), "Resources", "ApiRole", "Properties").(map[string]any)
	if role["Policies"] != nil || role["ManagedPolicyArns"] != nil {
		t.Errorf("the API may %v", role)
	}
	for _, file := range []string{"api.yaml", "lambda.yaml"} {
		if body := text(t, file); strings.Contains(body, "CREDENTIALS_IDENTITY") || strings.Contains(body, "CredentialsIdentity") {
			t.Errorf("%s knows the identity", file)
		}
	}
}

// TestContainers: what runs is no root, and writes nothing to its disk.
func TestContainers(t *testing.T) {
	for _, file := range []string{"workers.yaml", "api.yaml"} {
		walk(read(t, file)["Resources"], func(m map[string]any) {
			for _, c := range list(m["ContainerDefinitions"]) {
				container := c.(map[string]any)
				if container["ReadonlyRootFilesystem"] != true {
					t.Errorf("%s: %v may write", file, container["Name"])
				}
				if container["Name"] != "collector" && (container["User"] != "65532:65532" || container["HealthCheck"] == nil) {
					t.Errorf("%s: %v runs as %v, and has the check %v", file, container["Name"], container["User"], container["HealthCheck"])
				}
			}
		})
	}
}

// walk visits every mapping under a value.
func walk(v any, visit func(map[string]any)) {
	switch v := v.(type) {
	case map[string]any:
		visit(v)
		for _, inner := range v {
			walk(inner, visit)
		}
	case []any:
		for _, inner := range v {
			walk(inner, visit)
		}
	}
}

// at is what stands under the keys, or nil.
func at(v any, keys ...string) any {
	for _, k := range keys {
		m, _ := v.(map[string]any)
		v = m[k]
	}
	return v
}

func list(v any) []any {
	l, _ := v.([]any)
	return l
}

// texts is one text, or a list of them.
func texts(v any) []string {
	if s, ok := v.(string); ok {
		return []string{s}
	}
	var all []string
	for _, s := range list(v) {
		all = append(all, s.(string))
	}
	return all
}

func flat(v any) string { return fmt.Sprint(v) }
