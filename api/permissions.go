package api

import (
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/consolesensei/resource-tracker/tracker"
)

// routes is the one place that says what each operation asks of its caller: one without a
// line does not start.
var routes = map[string]tracker.Permit{
	"who-am-i": tracker.PermitSelf, "read-credentials-key": tracker.PermitSelf, "read-quota": tracker.PermitSelf, "sign-in": tracker.PermitSelf, "list-sessions": tracker.PermitSelf, "end-session": tracker.PermitSelf, "sign-out": tracker.PermitSelf,

	"list-types": tracker.PermitRead, "read-policy": tracker.PermitRead, "list-actions": tracker.PermitRead, "validate-credentials": tracker.PermitRead,
	"filter-resources": tracker.PermitRead, "filter-resources-alias": tracker.PermitRead, "post-compliance": tracker.PermitRead,
	"list-jobs": tracker.PermitRead, "get-job": tracker.PermitRead, "follow-job": tracker.PermitRead, "get-result": tracker.PermitRead,
	"get-coverage": tracker.PermitRead, "get-costs": tracker.PermitRead, "get-compliance": tracker.PermitRead, "get-relations": tracker.PermitRead,
	"list-findings": tracker.PermitRead, "list-job-resources": tracker.PermitRead, "list-resources": tracker.PermitRead, "get-access-check": tracker.PermitRead,
	"list-inventory": tracker.PermitRead, "list-inventory-cells": tracker.PermitRead, "count-inventory": tracker.PermitRead, "group-inventory": tracker.PermitRead,
	"list-inventory-tags": tracker.PermitRead, "get-inventory-history": tracker.PermitRead, "list-live-findings": tracker.PermitRead,
	"list-schedules": tracker.PermitRead, "get-schedule": tracker.PermitRead, "list-schedule-runs": tracker.PermitRead, "list-schedule-history": tracker.PermitRead, "preview-schedule": tracker.PermitRead,
	"list-plans": tracker.PermitRead, "get-plan": tracker.PermitRead, "follow-plan": tracker.PermitRead, "report-plan": tracker.PermitRead,
	"get-diff":   tracker.PermitRead,
	"read-audit": tracker.PermitRead, "verify-audit": tracker.PermitRead,

	"get-trend": tracker.PermitRead, "get-forecast": tracker.PermitRead, "get-summary-report": tracker.PermitRead, "list-anomalies": tracker.PermitRead, "list-billed": tracker.PermitRead,
	"list-budgets": tracker.PermitRead, "get-budget": tracker.PermitRead,
	"add-budget": tracker.PermitSchedule, "put-budget": tracker.PermitSchedule, "delete-budget": tracker.PermitSchedule,

	"start-scan": tracker.PermitScan, "start-scan-alias": tracker.PermitScan, "check-access": tracker.PermitScan, "cancel-job": tracker.PermitScan, "retry-job": tracker.PermitScan,

	"add-schedule": tracker.PermitSchedule, "put-schedule": tracker.PermitSchedule, "delete-schedule": tracker.PermitSchedule,
	"pause-schedule": tracker.PermitSchedule, "resume-schedule": tracker.PermitSchedule, "run-schedule": tracker.PermitSchedule,

	"act": tracker.PermitPlan, "act-in-bulk": tracker.PermitPlan, "add-plan": tracker.PermitPlan, "plan-findings": tracker.PermitPlan, "plan-live-findings": tracker.PermitPlan,
	"acknowledge-finding": tracker.PermitPlan, "unacknowledge-finding": tracker.PermitPlan,
	"apply-plan": tracker.PermitPlan, "resume-plan": tracker.PermitPlan, "cancel-plan": tracker.PermitPlan, "undo-plan": tracker.PermitPlan,

	"approve-plan": tracker.PermitApprove,

	"list-keys": tracker.PermitManage, "add-key": tracker.PermitManage, "rotate-key": tracker.PermitManage, "delete-key": tracker.PermitManage,

	"list-accounts": tracker.PermitRead, "check-account": tracker.PermitScan,
	"add-account": tracker.PermitManage, "get-account": tracker.PermitManage, "put-account": tracker.PermitManage, "delete-account": tracker.PermitManage,
	"forget-history": tracker.PermitManage, "set-up-account": tracker.PermitManage, "get-allowed-accounts": tracker.PermitInstance, "put-allowed-accounts": tracker.PermitInstance,

	"list-webhooks": tracker.PermitRead, "get-webhook": tracker.PermitRead,
	"add-webhook": tracker.PermitManage, "change-webhook": tracker.PermitManage, "delete-webhook": tracker.PermitManage,
	"rotate-webhook-secret": tracker.PermitManage, "test-webhook": tracker.PermitManage,
	"list-webhook-deliveries": tracker.PermitManage, "replay-webhook-delivery": tracker.PermitManage,

	"list-tenants": tracker.PermitInstance, "add-tenant": tracker.PermitInstance, "delete-tenant": tracker.PermitInstance,
	"get-tenant-quota": tracker.PermitInstance, "put-tenant-quota": tracker.PermitInstance,
	"get-operations": tracker.PermitInstance,
}

// permissionOf is what an operation asks of its caller.
func permissionOf(op *huma.Operation) tracker.Permit { return routes[op.OperationID] }

// forbidden is the problem of a caller without a permission.
func forbidden(p tracker.Permit) *Problem {
	if p == tracker.PermitInstance {
		return newProblem(http.StatusForbidden, "only an admin of the tenant "+tracker.DefaultTenant+" may do this")
	}
	return newProblem(http.StatusForbidden, "your roles do not allow this: it needs the permission "+string(p))
}
