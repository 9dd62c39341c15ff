// Generated from the API's document by scripts/generate.mjs. Do not edit.

export interface paths {
    "/api/v1/access-check": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Find out which account it is and what a scan would be denied
         * @description Takes the body of POST /api/v1/scan. The check makes the calls that this scan would make for the first page of every
         *     list, and for the resources on it. It keeps none of the answers. Where the credentials may call iam:SimulatePrincipalPolicy, it also asks
         *     IAM about the calls that it could not make, because there was no resource to make them for. A cell is denied when IAM would deny such a
         *     call, even if all calls that were made are allowed. Where call and simulation disagree, the call is right.
         *
         *     The check is a job of kind access_check. The answer is 202 with its URL. With ?wait or Prefer: wait it is 200 with the report, if the check
         *     ends in time. The job has no resources, is never the newest scan and is not retried. Its credentials are deleted when it ends.
         */
        post: operations["check-access"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/access-check/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read what an access check has found
         * @description Answers 409 while the check runs, and when it was cancelled. Answers 422 when AWS refused the credentials.
         */
        get: operations["get-access-check"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/accounts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the accounts of the tenant */
        get: operations["list-accounts"];
        put?: never;
        /**
         * Register an account
         * @description Requests then name the account in place of keys, and the server's own identity
         *     assumes its role. The answer has the external ID that the server has made: the role's trust policy has to ask for it, which
         *     GET …/setup writes. A role is registered once, and a tenant has at most 1,000 accounts.
         */
        post: operations["add-account"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/accounts/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read an account with its external ID */
        get: operations["get-account"];
        /**
         * Change an account
         * @description The external ID stays, and the role stays in the same AWS account. Schedules and work under way use the new role.
         */
        put: operations["put-account"];
        post?: never;
        /**
         * Forget an account
         * @description Work under way in it ends, and runs of schedules that name it end as denied, both with AccountNotRegistered. Its history
         *     is deleted, unless another registration is of the same AWS account. The external ID is not used again: delete the role as well.
         */
        delete: operations["delete-account"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/accounts/{name}/check": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Check what the role of an account is allowed
         * @description An access check of all types, as POST /api/v1/access-check with this account.
         */
        post: operations["check-account"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/accounts/{name}/setup": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Write the role of an account
         * @description The CloudFormation template of the role, its trust policy with the external ID, and the exact policy for what the account is
         *     used for. The template is for a stack in the account itself.
         */
        get: operations["set-up-account"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/actions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List what can be done to resources, with what each verb takes and how it is undone */
        get: operations["list-actions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/anomalies": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the days on which cost left its band, and the resources that made it
         * @description The step from one observed day to the next is held against those of the last 28: it stands out when it is farther from their
         *     median than four robust standard deviations, than min_step and than min_percent. A day with fewer than seven steps before it is not judged.
         */
        get: operations["list-anomalies"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read what was planned, approved, sent, refused and verified
         * @description An append-only record of your plans: who, when, from where, with AWS's request IDs.
         */
        get: operations["read-audit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Check that no line of the audit was changed, removed, inserted or swapped
         * @description Each line carries the hash of the line before it and its own. A call checks as many lines as limit says, the oldest first, and
         *     answers where to go on; it stops at the first line that does not hold. Keep the hash of the last line elsewhere: whoever can write
         *     all that is kept here can also reckon all hashes anew.
         */
        get: operations["verify-audit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/device": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read how a program signs people in
         * @description What the device flow of RFC 8628 takes: the issuer, the client and the scopes. The ID token that the issuer answers is exchanged for a
         *     session with POST /api/v1/auth/token. 404 where nobody can sign in so.
         */
        get: operations["read-device-login"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** End the session that the request comes with */
        delete: operations["sign-out"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/token": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Exchange an API key, or a code or an ID token of the issuer, for a session
         * @description The session is an HttpOnly cookie, which pages and EventSource send by themselves, or with cookie: false a token for
         *     Authorization: Bearer. A session of a key may what the key may, and ends with it. GET /api/v1/auth/login does the same in a browser.
         */
        post: operations["sign-in"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/billed": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Compare what AWS has billed with the estimate
         * @description From the files of FOCUS or CUR 2.0 that BILLED_FILES names, beside what the history reckons for the same days. What Cost
         *     Explorer says of a scan is in that scan's costs.
         */
        get: operations["list-billed"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/budgets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List your budgets, and how each stands in this month */
        get: operations["list-budgets"];
        put?: never;
        /**
         * Say what a month may cost
         * @description Of what a filter selects, or of everything. Its days are reckoned within a minute from the history, those before it was made included,
         *     and again whenever a scan comes in. Each threshold that the month reaches is told to webhooks once, as budget.crossed. 409 when another budget has its name,
         *     or when there are 100.
         */
        post: operations["add-budget"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/budgets/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a budget, and how it stands in this month */
        get: operations["get-budget"];
        /**
         * Replace a budget
         * @description What is absent is reset. Its days are reckoned anew, and its thresholds can be crossed again.
         */
        put: operations["put-budget"];
        post?: never;
        /** Delete a budget */
        delete: operations["delete-budget"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/credentials-key": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read what to seal AWS keys with, so that only a worker reads them
         * @description A client that seals its keys sends sealed_credentials in place of them: base64 of a file of age to the recipient, which holds a JSON object of
         *     access_key_id, secret_access_key, session_token (if there is one), tenant and expires_at, the last two as answered here. Workers refuse a seal
         *     that names another tenant or came after its end: the outcome is bad_credentials, with the code SealOfAnotherTenant, SealExpired,
         *     SealToAnotherKey or SealMalformed. The time when it came counts, however much later a plan is carried out.
         */
        get: operations["read-credentials-key"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/diff": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Compare the inventory of two times, or two scans
         * @description What the inventory has now that it had not, has no more, and has otherwise: with the fields that differ, and the difference in
         *     cost. filter selects resources as they were or as they are; selected=now narrows that to what it has come to select. A cell (account, region,
         *     type) counts only where it was seen to its end before the first time, and again since. Every other cell is unknown: a scan that failed removes
         *     nothing. Of two scans only their own cells are compared. from=earlier compares a scan of a schedule with what the schedule's runs before it had seen.
         *
         *     JSON comes in pages, and the first has the summary of all. A cursor is valid for the query of its first page. Every other format streams all changes,
         *     without cursor and limit; the headers X-Scan-Complete and X-Unknown-Cells say what it lacks. 404 before the first scan is in the history,
         *     and for a scan that it does not have. 422 names the earliest time that can be asked for.
         */
        get: operations["get-diff"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/findings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Page through what is found in all accounts, since when, and what became of it; sum it up, or export it
         * @description A finding is open from the scan that first found it until a scan resolves it: its resource is gone, or its rule has decided on the
         *     cell, which was seen to its end, and does not find it any more. Where a scan could not see that, the finding stays open and is unconfirmed.
         *     JSON comes in pages; every other format is all that the query selects, streamed. 503 on a server without a history.
         */
        get: operations["list-live-findings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/findings/plan": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Plan what repairs open findings, whichever scans found them
         * @description A plan like that of POST /api/v1/plans: every resource is looked at as it is now, however old its finding is, and what has
         *     changed since is refused. Nothing is changed until the plan is applied, unless the request says apply. A finding of an account that the credentials
         *     are not of is refused in the plan. 422 names findings that are not there, are resolved or acknowledged, or that no verb repairs.
         */
        post: operations["plan-live-findings"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/findings/{id}/acknowledgement": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Say why a finding stays as it is
         * @description Until then it is no waste, and is not among the open ones. A finding that is resolved and comes back is open anew. The audit tells
         *     who said so. An acknowledgement takes the place of the one before. 409 when the finding is resolved.
         */
        post: operations["acknowledge-finding"];
        /**
         * Take an acknowledgement back
         * @description The finding is open again. 409 when it is resolved.
         */
        delete: operations["unacknowledge-finding"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/forecast": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read what this month costs: until today, and to its end with an interval
         * @description At list prices of what scans saw, not what AWS bills. Each answer says by which method, and of how many days.
         */
        get: operations["get-forecast"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Tell that the server runs */
        get: operations["health-v1"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/iam-policy": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Write the IAM policy for some uses
         * @description The exact policy for a scan of some types, for actions, and for scans that ask for details, metrics or billed costs. It is for whichever user or role
         *     the credentials of requests are of; the role of a registered account has it in its setup.
         */
        get: operations["read-policy"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/inventory": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Page through what there is, or was at a time, or export it
         * @description Of every cell (account, region, type) what its newest good reading saw, over all scans: a scan of one type hides nothing, and a
         *     cell that failed keeps what it had, as stale. coverage counts the cells and names the worst. Right after a scan has ended, the answer waits up to
         *     two seconds for it to be in, and names it in pending_scans otherwise. A scan with a filter or tags is never taken in.
         *      Answers 503 where the server keeps no history.
         *
         *     filter is a short query such as type:EBS_Volume -tag:env=prod cost>5 age>30d, or JSON. Ages are counted from the time
         *     of the first page, and a cursor is valid for its filter only. JSON comes in pages. Every other format streams all resources that meet the
         *     filters, without cursor and limit.
         *
         *     ?format= or Accept chooses the format: json; ndjson (application/x-ndjson), one resource a line; csv (text/csv); csv-excel
         *     (text/csv;profile=excel), for spreadsheets. csv-excel has a byte order mark, CRLF, every cell quoted, and an apostrophe before each cell
         *     that would be a formula. CSV has a line of headers. Tags, metadata and cost are JSON in a column each, and null is an empty cell. Formats of
         *     lines have no place for the state of the job; the headers X-Job-State and X-Scan-Complete have it. An answer that cannot be finished is cut
         *     off, never closed as if it were whole.
         */
        get: operations["list-inventory"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/inventory/accounts/{account_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Delete the history of an account
         * @description All that is known of an AWS account goes within seconds: what is in it, what it was, its findings and its part in totals. Scans that
         *     have begun before do not bring it back; the next one begins anew. A registration stays, and so does the audit. Answers 503 where the server keeps
         *     no history.
         */
        delete: operations["forget-history"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/inventory/coverage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List how much is known of each cell of the inventory
         * @description In the order of accounts, regions and types. What nobody has ever looked at is not in it. Answers 503 where the server keeps no history.
         */
        get: operations["list-inventory-cells"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/inventory/facets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Count what there is by one thing after the other
         * @description Of each facet the values with how many resources have it and what those cost, the costliest first. Answers 503 where the server keeps no history.
         */
        get: operations["count-inventory"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/inventory/groups": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Group what there is by up to three things at once
         * @description Such as by=account,type or by=tag:team,service: of each group how many resources it has and what they cost, the costliest first. Answers 503 where the server keeps no history.
         */
        get: operations["group-inventory"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/inventory/tags": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the keys of tags that resources carry
         * @description Of each key how many resources carry it, and how many distinct values it has. Answers 503 where the server keeps no history.
         */
        get: operations["list-inventory-tags"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/inventory/{key}/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Tell one resource's life: what it was since when, and what was found, planned and done about it
         * @description What a resource was from when to when, and which fields changed to what; how much is known of it now; what is found about it; and who
         *     planned and did what to it. cursor pages through versions. The audit is read from its end: an answer looks at up to 20,000 lines, says how far it
         *     looked, and audit_before goes on from there. 404 where no scan has ever seen it, or nothing of it is kept any more. Answers 503 where the server keeps no history.
         */
        get: operations["get-inventory-history"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List your jobs, newest first */
        get: operations["list-jobs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a job: state, progress, counts so far, errors */
        get: operations["get-job"];
        put?: never;
        post?: never;
        /**
         * Cancel a job
         * @description The job keeps what it has found. Answers 202 while the job stops, and 200 once it has ended, also when it had ended before.
         */
        delete: operations["cancel-job"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{id}/compliance": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Report how a scan's resources carry required tags
         * @description Counts how the resources carry the tags that they have to, by key, type, account and region, with what those cost that do not; also while
         *     the scan runs. Tags that the scan could not read are missing: see the coverage.
         */
        get: operations["get-compliance"];
        put?: never;
        /**
         * Report how a scan's resources carry tags, required in the body
         * @description Counts how the resources carry the tags that they have to, by key, type, account and region, with what those cost that do not; also while
         *     the scan runs. Tags that the scan could not read are missing: see the coverage.
         */
        post: operations["post-compliance"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{id}/costs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Add up what a scan's resources cost a month
         * @description By type, region, account, service, state, how the cost is known, or the value of a tag; also while the scan runs.
         */
        get: operations["get-costs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{id}/coverage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List what a scan has seen and what it has not
         * @description One cell for each account, region and type, with its outcome and, where it failed, AWS's error.
         */
        get: operations["get-coverage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow a job as server-sent events
         * @description A message job has the job; it comes on connecting and when the state changes. A message cells has the cells that have
         *     closed since the one before. The message done ends the stream: close it then, or the browser connects again. The id of a message is the number
         *     of its last event; Last-Event-ID or ?after resumes after it. There are at most ten messages a second, and a comment after 15 s of silence.
         *     A tenant follows a number of streams at once; one more is answered 429.
         */
        get: operations["follow-job"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{id}/findings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Page through what a scan's resources could cost less, or export it
         * @description What the scan's resources could cost less, by the rules of savings, at list prices. Found when the last cell has closed, before
         *     the job ends. A rule that could not see what it relies on is not evaluated, and says why. Findings that need CloudWatch are there
         *     only when the scan was started with metrics.
         *
         *     JSON comes in pages; every other format is all that the query selects, streamed. Of those: 409 unless the scan was evaluated.
         */
        get: operations["list-findings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{id}/findings/{rule}/plan": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Plan what repairs the counted findings of a rule
         * @description A plan like that of POST /api/v1/plans: every resource is looked at as it is now, and nothing is changed until the plan is applied,
         *     unless the request says apply. 409 when the rule has found nothing that counts, or nothing that a verb repairs.
         */
        post: operations["plan-findings"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{id}/resources": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Page through what a scan has found, or export it, also while it runs
         * @description filter is a short query such as type:EBS_Volume -tag:env=prod cost>5 age>30d, or JSON. Ages are counted from the time
         *     of the first page, and a cursor is valid for its filter only. JSON comes in pages. Every other format streams all resources that meet the
         *     filters, without cursor and limit.
         *
         *     ?format= or Accept chooses the format: json; ndjson (application/x-ndjson), one resource a line; csv (text/csv); csv-excel
         *     (text/csv;profile=excel), for spreadsheets. csv-excel has a byte order mark, CRLF, every cell quoted, and an apostrophe before each cell
         *     that would be a formula. CSV has a line of headers. Tags, metadata and cost are JSON in a column each, and null is an empty cell. Formats of
         *     lines have no place for the state of the job; the headers X-Job-State and X-Scan-Complete have it. An answer that cannot be finished is cut
         *     off, never closed as if it were whole.
         */
        get: operations["list-job-resources"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{id}/resources/{key}/relations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List what a resource belongs together with
         * @description From tags and metadata: what it is attached to, in, made from, part of, and what is so to it. One step; ask again with a key that was answered.
         */
        get: operations["get-relations"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{id}/result": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Fetch a scan's whole result
         * @description The result is streamed, however large it is. Answers 409 while the job runs, unless ?partial=true.
         *
         *     ?format= or Accept chooses the format: json; ndjson (application/x-ndjson), one resource a line; csv (text/csv); csv-excel
         *     (text/csv;profile=excel), for spreadsheets. csv-excel has a byte order mark, CRLF, every cell quoted, and an apostrophe before each cell
         *     that would be a formula. CSV has a line of headers. Tags, metadata and cost are JSON in a column each, and null is an empty cell. Formats of
         *     lines have no place for the state of the job; the headers X-Job-State and X-Scan-Complete have it. An answer that cannot be finished is cut
         *     off, never closed as if it were whole.
         */
        get: operations["get-result"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Scan a job's failed cells again
         * @description Needs credentials like POST /api/v1/scan: those of the first run were deleted when it ended. Answers 409 while the job runs, or when no cell failed.
         */
        post: operations["retry-job"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the API keys of your tenant */
        get: operations["list-keys"];
        put?: never;
        /**
         * Make an API key
         * @description The secret is answered once; the server keeps its SHA-256. The roles operator and actor can be narrowed: of a grant's accounts,
         *     regions, types, actions and tags all must hold, and of several grants one is enough.
         */
        post: operations["add-key"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/keys/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** End a key at once */
        delete: operations["delete-key"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/keys/{id}/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Give a key a new secret
         * @description The key stays the same: its tenant, its roles, its name in the audit. The old secret is taken for a while longer.
         */
        post: operations["rotate-key"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/operations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read how the service is: queues, workers, Redis and calls to AWS
         * @description It is of all tenants. What is not known is absent or null, and 0 is a figure: a Redis that others run may refuse to tell of itself, and a part that does not answer leaves the others as they are. Looks are ten seconds old at most; each says when it was.
         */
        get: operations["get-operations"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/plans": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List your plans, newest first */
        get: operations["list-plans"];
        put?: never;
        /**
         * Plan changes
         * @description Looks at every resource as it is now and answers what would happen to it, what is refused and why, what depends on it, what it
         *     saves and whether it can be undone. Nothing is changed until the plan is applied under its digest.
         *
         *     Waits as ?wait says; 202 while the items are still being looked at.
         */
        post: operations["add-plan"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/plans/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a plan and its items */
        get: operations["get-plan"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/plans/{id}/apply": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Carry a plan out
         * @description Carries out exactly what the plan says: an item that has changed since is refused by name. Uses the credentials that the plan was
         *     made with, unless others are given. With after_seconds it can be cancelled until then. A phrase that is not the plan's is answered 422, and nothing is
         *     changed.
         */
        post: operations["apply-plan"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/plans/{id}/approve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Agree to somebody else's plan */
        post: operations["approve-plan"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/plans/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Stop a plan: what was not begun is not run */
        post: operations["cancel-plan"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/plans/{id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow a plan as server-sent events
         * @description Messages are plan (the plan, on connecting and when its state changes), audit (what has happened since: items that were
         *     sent, accepted, verified, refused) and done, after which the stream ends. The id of a message is that of its last line of the audit;
         *     Last-Event-ID or ?after resumes behind it. A tenant follows a number of streams at once; one more is answered 429.
         */
        get: operations["follow-plan"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/plans/{id}/report": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Report on a plan, as JSON, as CSV or as a page to print
         * @description What was asked, looked at, refused, sent, verified and undone: all items, streamed. ?format= or Accept chooses the format: json;
         *     csv (text/csv), a line for each item, with a byte order mark, CRLF, every cell quoted, and an apostrophe before each cell that a
         *     spreadsheet would take for a formula; html (text/html), a page to print that loads nothing and runs nothing. While a plan is carried out
         *     the report tells of each item what is known as it is written.
         */
        get: operations["report-plan"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/plans/{id}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Go on with a plan that is held */
        post: operations["resume-plan"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/plans/{id}/undo": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Plan the undoing of a plan
         * @description Makes a plan of the inverse of every verified item that has one, the last first. It is applied like any other.
         */
        post: operations["undo-plan"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/quota": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read what you may use, and what you have used
         * @description Every quota of your tenant, and of yourself. What is over a limit is answered 429.
         */
        get: operations["read-quota"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/reports/summary": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Report on cost, trend, changes, waste and coverage, as one page
         * @description One page for who pays: what there is costs now, how that went and what the month comes to, what has changed, the ten dearest
         *     resources, what findings would save and have saved, and what of all this could not be seen. Each figure is the sum of a list, whose path its
         *     section names. ?format= or Accept chooses the format: json; html (text/html), a page that loads nothing and runs nothing, to read, mail and
         *     print on A4; md (text/markdown); csv (text/csv), a figure a line, and csv-excel. Findings are as they are when the report is written, also where to is in the
         *     past. Where the history keeps nothing by the filter, a section says so. 404 before the first scan is in the history; 422 names the earliest
         *     time that can be asked for.
         */
        get: operations["get-summary-report"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/resources": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Page through what there is, or export it
         * @description What your scans saw of every cell last, where the server keeps a history: a scan of one type hides nothing. job_id and state are then those of your newest finished scan, absent where it is not kept any more, and complete says whether the last look at every cell saw all. GET /api/v1/inventory has more. Without a history, and before a scan is in it, what your newest finished scan found. A cursor stays with its moment, or its scan. Answers 404 before the first scan has ended.
         *
         *     filter is a short query such as type:EBS_Volume -tag:env=prod cost>5 age>30d, or JSON. Ages are counted from the time
         *     of the first page, and a cursor is valid for its filter only. JSON comes in pages. Every other format streams all resources that meet the
         *     filters, without cursor and limit.
         *
         *     ?format= or Accept chooses the format: json; ndjson (application/x-ndjson), one resource a line; csv (text/csv); csv-excel
         *     (text/csv;profile=excel), for spreadsheets. csv-excel has a byte order mark, CRLF, every cell quoted, and an apostrophe before each cell
         *     that would be a formula. CSV has a line of headers. Tags, metadata and cost are JSON in a column each, and null is an empty cell. Formats of
         *     lines have no place for the state of the job; the headers X-Job-State and X-Scan-Complete have it. An answer that cannot be finished is cut
         *     off, never closed as if it were whole.
         */
        get: operations["list-resources"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/resources/action": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Change a resource
         * @description Plans and applies in one: each resource is looked at, guarded, changed by at most one call, and read back. With dry_run it answers
         *     the plan, as POST /api/v1/plans does. Waits as ?wait says; what is not read back by then is pending, and goes on.
         */
        post: operations["act"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/resources/bulk-action": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Change several resources
         * @description Plans and applies in one: each resource is looked at, guarded, changed by at most one call, and read back. With dry_run it answers
         *     the plan, as POST /api/v1/plans does. Waits as ?wait says; what is not read back by then is pending, and goes on. A malformed item refuses all before anything runs.
         */
        post: operations["act-in-bulk"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/resources/filter": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Filter resources of the request or of a job
         * @description Takes either resources, which come back as they were sent, or job_id. All of filters must hold, exactly. A member of
         *     filters that is null or an empty string counts as absent. filter, beside filters or in their place, is a short query or an object of the
         *     schema Filter.
         */
        post: operations["filter-resources"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/scan": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Start a scan
         * @description Answers 202 with the job at once. With ?wait, Prefer: wait or a server that is set to wait, answers 200 with the
         *     whole result if the scan ends in time as succeeded, partial, or cancelled with something found. Otherwise answers 202 as well.
         *
         *     A scan that fails within the wait answers 422 with the reason, when AWS refused the credentials or denied everything. In all other cases it
         *     answers 500 with error "Internal server error during scan" and the reason in details. A scan that is cancelled with nothing found answers
         *     409.
         *
         *     Credentials are sealed for the workers before anything is stored. Each of the three key fields is taken from the body first,
         *     then from its X-AWS-* header.
         */
        post: operations["start-scan"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/schedules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List your schedules, oldest first */
        get: operations["list-schedules"];
        put?: never;
        /**
         * Scan again and again
         * @description Takes cron or every_seconds, and what POST /api/v1/scan takes to say what to scan. A schedule runs with the server's own
         *     credentials, or in a registered account; access keys are refused, because they would have to be kept. 403 where the
         *     server does not lend its credentials. Of the times that pass while no worker runs only the newest is made up for, where that is not
         *     later than starting_deadline_seconds; the others are missed, which the history and the audit say.
         */
        post: operations["add-schedule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/schedules/next": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Tell when a schedule would come, before it is written
         * @description Reckons as schedules are run, and refuses what they are refused for. It writes nothing.
         */
        get: operations["preview-schedule"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/schedules/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a schedule: its next five runs, its last run and its last good one, and why the newest could not be started */
        get: operations["get-schedule"];
        /**
         * Replace a schedule
         * @description As POST, for a schedule that exists. What is absent is reset.
         */
        put: operations["put-schedule"];
        post?: never;
        /**
         * Delete a schedule
         * @description A run that is under way goes on; results stay until they expire.
         */
        delete: operations["delete-schedule"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/schedules/{id}/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List what happened to a schedule, newest first
         * @description Who made and changed it, which runs it started, which it missed, and which it could not start and why. The audit says the same, for longer.
         */
        get: operations["list-schedule-history"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/schedules/{id}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Start no more runs by itself */
        post: operations["pause-schedule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/schedules/{id}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Start runs again, from the next tick on */
        post: operations["resume-schedule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/schedules/{id}/run": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Start a run now, also of a paused schedule */
        post: operations["run-schedule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/schedules/{id}/runs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the kept runs of a schedule, newest first */
        get: operations["list-schedule-runs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List your sessions; as an admin, those of your tenant */
        get: operations["list-sessions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sessions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** End a session of yours; as an admin, one of your tenant */
        delete: operations["end-session"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the tenants of the service
         * @description The tenant default is that of the keys of the environment. Its admins are those of the whole service.
         */
        get: operations["list-tenants"];
        put?: never;
        /**
         * Add a tenant
         * @description POST /api/v1/keys with its name makes its first key. A name is never given again.
         */
        post: operations["add-tenant"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Delete a tenant with its keys
         * @description 409 while it has schedules. Its history is deleted within seconds. What its scans found expires in its time; nobody reads it until then.
         */
        delete: operations["delete-tenant"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/allowed-accounts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read which AWS accounts a tenant may work in */
        get: operations["get-allowed-accounts"];
        /**
         * Set which AWS accounts a tenant may work in
         * @description Holds for keys, roles and registered accounts alike. A worker asks AWS whose the credentials are before it calls anything else. Work in
         *     another account, also work under way, ends as denied with AccountNotAllowed.
         */
        put: operations["put-allowed-accounts"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/quota": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read what a tenant may use, and what it has used */
        get: operations["get-tenant-quota"];
        /**
         * Give a tenant limits of its own
         * @description They replace those that it had. A quota that is not named has the server's limit. Requests have the new limit within five seconds.
         */
        put: operations["put-tenant-quota"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/trend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read how many resources there were and what they cost, by day, week or month
         * @description There is a point for every day, also where nothing changed or no scan looked: it is then as the day before, and observed is
         *     false. Days before the first look are left out: nothing is known of them. 422 names the tags that have a trend where by is of another.
         */
        get: operations["get-trend"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/types": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the resource types, the permissions that scanning them needs and what can be done to them */
        get: operations["list-types"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List your webhooks, oldest first */
        get: operations["list-webhooks"];
        put?: never;
        /**
         * Have events sent
         * @description Events are sent as Standard Webhooks (standardwebhooks.com), signed with the secret that this answer shows once, or as messages of
         *     Slack, Teams, PagerDuty or e-mail. A delivery that fails is tried again for a day, under the same webhook-id.
         */
        post: operations["add-webhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a webhook, and how it fares */
        get: operations["get-webhook"];
        put?: never;
        post?: never;
        /** Delete a webhook with its deliveries */
        delete: operations["delete-webhook"];
        options?: never;
        head?: never;
        /**
         * Change a webhook
         * @description What is absent stays as it is.
         */
        patch: operations["change-webhook"];
        trace?: never;
    };
    "/api/v1/webhooks/{id}/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List deliveries to a webhook with their attempts, newest first */
        get: operations["list-webhook-deliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks/{id}/deliveries/{delivery}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send an event again, under the same webhook-id */
        post: operations["replay-webhook-delivery"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks/{id}/secret": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make a new secret
         * @description The secret before signs too, for a day or as long as the request says, so that receivers can change without missing an event.
         */
        post: operations["rotate-webhook-secret"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks/{id}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send an event of the type webhook.test */
        post: operations["test-webhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/whoami": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read who you are here, and what you may do */
        get: operations["who-am-i"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Tell that the server runs */
        get: operations["health"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Tell whether the server can do its work
         * @description Answers 503 when a part that it needs does not answer, or Redis takes no write.
         */
        get: operations["ready"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        APIKey: {
            /** Format: date-time */
            created_at: string;
            /**
             * Format: date-time
             * @description null is never
             */
            expires_at: string | null;
            grants: components["schemas"]["Grant"][];
            /** @description What the key begins with, after trk_ */
            key_id: string;
            /**
             * Format: date-time
             * @description When it was used last, to a minute; null is never
             */
            last_used_at: string | null;
            made_by?: string;
            name: string;
            /**
             * Format: date-time
             * @description Until when the secret of before the rotation is taken as well
             */
            old_secret_until?: string;
            person: string;
            /** Format: date-time */
            rotated_at?: string;
            tenant: string;
        };
        Accepted: {
            /** @description False when the request was answered with a job that existed */
            created: boolean;
            job_id: string;
            links: components["schemas"]["Links"];
            state: string;
            /** @description Always true */
            success: boolean;
        };
        AccessReport: {
            /** @description The account, when there is one only; otherwise see accounts */
            account_id?: string;
            /** @description The accounts that the credentials reach */
            accounts: components["schemas"]["Caller"][];
            /**
             * Format: int64
             * @description Cells that a scan would list in full
             */
            allowed: number;
            /** @description The user or role of the credentials */
            arn?: string;
            /** Format: int64 */
            cells_total: number;
            job_id: string;
            links: components["schemas"]["Links"];
            /**
             * @description How the check was made: probe+simulation when IAM answered for every account
             * @enum {string}
             */
            method: "probe" | "probe+simulation";
            /** @description An IAM policy with the missing permissions; null when none is missing. It leaves out permissions that a policy of the organisation denies */
            policy: {
                [key: string]: unknown;
            } | null;
            /** @description succeeded when nothing stands in the way of a complete scan */
            state: string;
            /** @description Always true: the check was made, whatever it found */
            success: boolean;
            /** @description Cells that a scan would not list in full, because a permission is missing */
            would_be_denied: components["schemas"]["ShortCell"][];
            /** @description Cells that a scan would not list in full, or that could not be checked, for another reason */
            would_fail: components["schemas"]["ShortCell"][];
        };
        AccountAnswer: {
            account: components["schemas"]["RegisteredAccount"];
            /** @description Always true */
            success: boolean;
        };
        AccountBody: {
            description?: string;
            /** @description What requests name it by; it stays */
            name: string;
            /** @description What is scanned where a request names no regions; none is every region that the account has enabled */
            regions?: string[];
            /** @description Role that the server's own identity assumes */
            role_arn: string;
        };
        AccountRef: {
            account?: string;
            external_id?: string;
            regions?: string[];
            role_arn: string;
        };
        AccountsAnswer: {
            /** @description By name, without their external IDs */
            accounts: components["schemas"]["RegisteredAccount"][];
            /** @description The AWS accounts that the tenant may work in, registered or with keys; empty is all */
            allowed_accounts: string[];
            /** @description Absent on the last page */
            next_cursor?: string;
            /** @description Always true */
            success: boolean;
        };
        AcknowledgeBody: {
            /** @description Why it stays as it is */
            reason: string;
            /**
             * Format: date-time
             * @description When it is to count again by itself; absent: never
             */
            until?: string;
        };
        Acknowledgement: {
            /** Format: date-time */
            at: string;
            /** @description Who said so */
            by: string;
            reason: string;
            /**
             * Format: date-time
             * @description When the finding counts again by itself; absent: never
             */
            until?: string;
        };
        ActionBody: {
            /** @description Refused unless the credentials are of this account */
            account_id?: string;
            /** @description A verb that GET /api/v1/types names for the type, in any case */
            action?: string;
            /** @description Rules that must not stop this item, such as termination_protection */
            lift?: string[];
            /** @description What the verb takes, such as {"retention_days": 30} */
            params?: {
                [key: string]: string | number | boolean | string[] | {
                    [key: string]: string;
                };
            };
            /** @description As a scan answers it; global for resources of no region */
            region?: string;
            /** @description As a scan answers it */
            resource_id?: string;
            resource_type?: string;
        };
        ActionInfo: {
            action: string;
            /** @description Other words for the verb */
            aliases?: string[];
            creates?: boolean;
            destroys: boolean;
            /** @description Rules that an item may lift */
            liftable?: string[];
            /** @description The action that off-hours pair it with */
            opposite?: string;
            params?: components["schemas"]["Param"][];
            /** @description IAM actions that looking, acting and verifying call */
            permissions: string[];
            resource_type: string;
            reversible: boolean;
            steps: string[];
            summary: string;
            undo?: string;
        };
        ActionItem: {
            account_id?: string;
            action: string;
            lift?: string[];
            params?: {
                [key: string]: unknown;
            };
            region: string;
            resource_id: string;
            resource_type: string;
        };
        ActionRef: {
            account_id?: string;
            action: string;
            region: string;
            resource_id: string;
            resource_type: string;
        };
        ActionResult: {
            action: string;
            error: string | null;
            item_state?: string;
            message: string;
            /** @description Where to follow it: GET /api/v1/plans/{id} */
            plan_id?: string;
            resource_id: string;
            resource_type: string;
            /** @description False when it was refused or failed */
            success: boolean;
            /**
             * @description verified only when the change was read back from AWS
             * @enum {string}
             */
            verification_status: "verified" | "pending" | "failed";
        };
        ActionsAnswer: {
            actions: components["schemas"]["ActionInfo"][];
            /** @description Always true */
            success: boolean;
        };
        AliasBody: {
            /** @description Access key, else X-AWS-Access-Key */
            access_key_id?: string;
            /** @description Name of a registered account, which the server's own identity enters: in place of keys and role */
            account?: string;
            /** @description Accounts to scan, each through a role; without any, the account of the credentials */
            accounts?: components["schemas"]["ScanAccount"][];
            /** @description Ask Cost Explorer what AWS has billed. …/costs answers it beside the estimate */
            billed_cost?: components["schemas"]["BilledBody"];
            /** @description Details that take a call or more for each resource and are read only when they are named, as in GET /api/v1/types: bucket_lifecycle, bucket_uploads. They need permissions of their own */
            details?: string[];
            /** @description Regions that are not scanned, whether the request names them or the account has enabled them. Their buckets are not listed. Resources that belong to no region are listed. Each is a region that is known here, or that the request names */
            exclude_regions?: string[];
            /** @description Services whose types are not scanned. Other belongs to the service tag */
            exclude_services?: string[];
            /** @description Types that are not scanned. Their resources are not listed as Other either */
            exclude_types?: string[];
            /** @description The role's external ID */
            external_id?: string;
            /** @description Keep only resources that a filter selects. The scan makes the same calls and stores fewer resources. Ages are counted from the time when the job is created */
            filter?: components["schemas"]["Filter"];
            /**
             * @description Look for savings before the scan ends
             * @default true
             */
            findings?: boolean;
            /**
             * Format: int64
             * @description How many regions of an account are scanned at once; without it, as many as the workers run
             */
            max_workers?: number;
            /** @description Read metrics of CloudWatch for the findings, such as the CPU use of instances. AWS charges the account for each metric that is read, $0.01 a thousand at list price. The scan needs cloudwatch:GetMetricData */
            metrics?: boolean;
            /** @description Leave out the listeners of application, network and gateway load balancers; they are null then. Listeners take a call for each load balancer, from a quota of ten a second */
            no_listeners?: boolean;
            /** @description Scan every active account of the organisation */
            organization?: boolean;
            regions?: string[] | number;
            /** @description Role to assume with the keys; without keys, that of a registered account */
            role_arn?: string;
            /** @description Keys that the client has sealed to the key of GET /api/v1/credentials-key, in base64, in place of access_key_id, secret_access_key and session_token */
            sealed_credentials?: string;
            /**
             * Format: password
             * @description Secret key, else X-AWS-Secret-Key
             */
            secret_access_key?: string;
            /** @description AWS services, as in GET /api/v1/types: all their types are scanned. The job keeps the types that they had when it was created */
            services?: string[];
            /**
             * Format: password
             * @description Token of temporary keys, else X-AWS-Session-Token
             */
            session_token?: string;
            /**
             * @description Answer the scan that already runs with the same credentials and scope; false always starts one, and so do keys that the client has sealed
             * @default true
             */
            single_flight?: boolean;
            /** @description Keep only resources that carry all these tags, with exactly these values. The scan makes the same calls and stores fewer resources. Resources of types without tags are not kept */
            tags?: {
                [key: string]: string;
            };
            /**
             * Format: int64
             * @description How long the scan may take
             */
            timeout_seconds?: number;
            /** @description Resource types, in addition to those of services. Without types and services, all of GET /api/v1/types */
            types?: string[];
        };
        AllowedAnswer: {
            /** @description Numbers of AWS accounts; empty is all */
            accounts: string[];
            /** @description Always true */
            success: boolean;
            tenant: string;
        };
        AllowedBody: {
            /** @description Numbers of AWS accounts; none is all */
            accounts: string[];
        };
        AnomaliesAnswer: {
            /** @description The newest first, of a day the largest step first */
            anomalies: components["schemas"]["Anomaly"][];
            by: string;
            cells: components["schemas"]["CellsSeen"];
            /** @enum {string} */
            currency: "USD";
            /**
             * Format: int64
             * @description All that were found, those beyond limit included
             */
            found: number;
            /**
             * Format: int64
             * @description Observed days of the total with enough observed days before them: only these can be told from usual ones
             */
            judged_days: number;
            /** @description Always true */
            success: boolean;
        };
        Anomaly: {
            /**
             * Format: double
             * @description A month, on the day
             */
            after: number;
            /**
             * Format: double
             * @description A month, on the previous day
             */
            before: number;
            /** Format: date */
            day: string;
            /** Format: double */
            expected_high: number;
            /**
             * Format: double
             * @description The band that after is outside of
             */
            expected_low: number;
            /** @description Null is the total */
            key: string | null;
            /**
             * Format: date
             * @description The observed day before: what changed, changed between the two
             */
            previous_day: string;
            /** @description The versions of that time are not kept any more: the resources are not known */
            pruned?: boolean;
            /** @description Those whose cost changed most between the two days, at most ten */
            resources: components["schemas"]["Mover"][];
            /** Format: double */
            step: number;
        };
        ApplyBody: {
            /** @description Access key, else X-AWS-Access-Key */
            access_key_id?: string;
            /** @description Name of a registered account, which the server's own identity enters: in place of keys and role */
            account?: string;
            /**
             * Format: int64
             * @description Carry it out so much later
             */
            after_seconds?: number;
            /** @description The plan's digest, as it was looked at */
            digest: string;
            /** @description The role's external ID */
            external_id?: string;
            /** @description What was typed to confirm it. Where it is given it has to be the plan's phrase, as GET /api/v1/plans/{id} answers it */
            phrase?: string;
            /** @description Role to assume with the keys; without keys, that of a registered account */
            role_arn?: string;
            /** @description Keys that the client has sealed to the key of GET /api/v1/credentials-key, in base64, in place of access_key_id, secret_access_key and session_token */
            sealed_credentials?: string;
            /**
             * Format: password
             * @description Secret key, else X-AWS-Secret-Key
             */
            secret_access_key?: string;
            /**
             * Format: password
             * @description Token of temporary keys, else X-AWS-Session-Token
             */
            session_token?: string;
        };
        Approval: {
            /** Format: date-time */
            at?: string;
            by?: string;
            required: boolean;
        };
        ApproveInputBody: {
            /** @description The plan's digest, as it was looked at */
            digest: string;
        };
        Attempt: {
            /** @description How the body of a failed answer begins: at most 256 bytes */
            answer?: string;
            /** Format: date-time */
            at: string;
            /** Format: int64 */
            duration_ms: number;
            /** @description Why it failed; absent where it succeeded */
            error?: string;
            /**
             * Format: int64
             * @description The HTTP status that was answered; absent where none was
             */
            status?: number;
        };
        AuditAnswer: {
            /** @description Oldest first, or as order says */
            events: components["schemas"]["AuditEvent"][];
            /** @description The after of the next page, oldest first; absent on the last */
            next_after?: string;
            /** @description The before of the next page, newest first; absent on the last. A page looks at 20,000 lines at most, so it may have few lines, or none, and a next one */
            next_before?: string;
            /** @description Always true */
            success: boolean;
        };
        AuditEvent: {
            /** Format: date-time */
            at: string;
            aws_request_id?: string;
            /**
             * Format: int64
             * @description How many calls the step has made so far, on a line that tells of several
             */
            calls?: number;
            detail?: string;
            event_id: string;
            from?: string;
            /** @description SHA-256, in hex, of prev_hash, a line feed and the line without prev_hash and hash, as JSON with sorted members and no spaces */
            hash?: string;
            /** Format: int64 */
            item?: number;
            job_id?: string;
            /**
             * Format: int64
             * @description Counts the lines of your audit, from 1
             */
            number?: number;
            /** @description The plan that it is about; absent where it is about none */
            plan_id?: string;
            /** @description The hash of the line before it; absent on the first */
            prev_hash?: string;
            schedule_id?: string;
            /**
             * Format: date-time
             * @description When the first of these calls was about to be sent
             */
            since?: string;
            step?: string;
            target?: components["schemas"]["ActionRef"];
            webhook_id?: string;
            what: string;
            who: string;
        };
        AuditFault: {
            /** @description Absent where lines are missing at the end */
            event_id?: string;
            /**
             * @description changed: it is not as it was written; missing: lines before it are; not_chained: it has no hash; out_of_place: it does not follow the line before it
             * @enum {string}
             */
            fault: "changed" | "missing" | "not_chained" | "out_of_place";
            message: string;
            /**
             * Format: int64
             * @description The number that the line has to have
             */
            number: number;
        };
        AuditMark: {
            event_id: string;
            hash: string;
            /** Format: int64 */
            number: number;
        };
        AuditMessage: {
            events: components["schemas"]["AuditEvent"][];
        };
        BillAccount: {
            account_id: string;
            /**
             * Format: date
             * @description Absent where nothing is known to be billed
             */
            first_day?: string;
            /** Format: date */
            last_day?: string;
        };
        BillPeriod: {
            /** @description Why it could not be read since */
            fault?: string;
            /** @description The folder of its files */
            period: string;
            /**
             * Format: date-time
             * @description Null is never
             */
            read_at: string | null;
        };
        BilledBody: {
            /**
             * Format: int64
             * @description How many days, the last of which is yesterday. Without days, start and end, it is 30
             */
            days?: number;
            /**
             * Format: date
             * @description The last day, which counts
             */
            end?: string;
            /** @description service, region, tag:KEY with a tag that is activated for billing, or resource: the EC2 instances of the last 14 days, where the account has switched that on. Each grouping is a sum of its own for each account */
            group_by: string[];
            /**
             * Format: int64
             * @description How many calls may be made in all. AWS charges the account $0.01 for each. Without it, no call is made. A sum that lacks pages says so
             */
            max_paid_calls?: number;
            /**
             * Format: date
             * @description The first day, as YYYY-MM-DD, in place of days
             */
            start?: string;
        };
        BilledGroup: {
            /** Format: double */
            amount: number;
            /** @description Empty for what has none, such as what lacks the tag */
            key: string;
        };
        BilledLine: {
            /**
             * Format: double
             * @description All categories together; null where nothing is known to be billed
             */
            billed: number | null;
            /** @description billed by FOCUS's category of charge: Usage, Purchase, Tax, Credit, Adjustment */
            categories: {
                [key: string]: number;
            };
            currency: string;
            /**
             * Format: double
             * @description usage less estimate; null without either, and where the bill lacks an account that the estimate has
             */
            difference: number | null;
            /**
             * Format: double
             * @description The same, with what was paid in advance spread over its time
             */
            effective: number | null;
            /**
             * Format: double
             * @description What the history reckons for the compared days; null where there is none to compare
             */
            estimate: number | null;
            /** @description Of day: as 2026-11-01 */
            key: string;
            /**
             * Format: int64
             * @description Resources at the end whose cost is not known: the estimate lacks them
             */
            unpriced: number;
            /**
             * Format: double
             * @description Usage of the compared days, at list prices where the files have them, or else as billed
             */
            usage: number | null;
        };
        BilledReport: {
            /** @description False when a sum lacks something, and says why */
            complete: boolean;
            /** @description The last day */
            end: string;
            /**
             * Format: int64
             * @description How many calls of Cost Explorer were made, at $0.01 each
             */
            paid_calls: number;
            /** @description Why there is no sum */
            reason?: string;
            /** @description The first day */
            start: string;
            /** @description One for each account and grouping */
            sums: components["schemas"]["BilledSum"][];
        };
        BilledRequest: {
            /** Format: int64 */
            days?: number;
            end?: string;
            group_by: string[];
            /** Format: int64 */
            max_paid_calls: number;
            start?: string;
        };
        BilledSpan: {
            /** Format: date */
            from: string;
            /**
             * Format: date
             * @description The last day
             */
            to: string;
        };
        BilledSum: {
            account_id: string;
            /** @description False when pages are missing: reason says why */
            complete: boolean;
            currency?: string;
            /** @description True when AWS may still change the amounts */
            estimated: boolean;
            group_by: string;
            /** @description The costliest first, 10,000 at most; the total has them all */
            groups: components["schemas"]["BilledGroup"][];
            reason?: string;
            /**
             * Format: double
             * @description Of the groups that were read; null when none was
             */
            total: number | null;
        };
        BillsAnswer: {
            /** @description Which days of each account are billed: of others nothing is known, which is not zero */
            accounts: components["schemas"]["BillAccount"][];
            /** @description By key and currency: currencies are never added up */
            billed: components["schemas"]["BilledLine"][];
            /** @enum {string} */
            by: "account" | "day" | "region" | "service";
            /** @description The days that usage, estimate and difference are of: those that the bill and the history both have. Absent where there are none */
            compared?: components["schemas"]["BilledSpan"];
            /** @description What is wrong with the files: what is in them is not known. Sums are as they were read before. Other tenants than default see only that something is */
            faults: string[];
            /** Format: date */
            from: string;
            /** @description What the bill and the estimate do not both have */
            not_covered: string[];
            /** @description The files by period, as they were last read. Only the tenant default, which is that of the operators, sees them */
            periods: components["schemas"]["BillPeriod"][];
            /**
             * Format: date-time
             * @description When the newest of the periods was read; null is never
             */
            read_at: string | null;
            /**
             * @description files: those of BILLED_FILES. none: none was ever read
             * @enum {string}
             */
            source: "files" | "none";
            /** @description Always true */
            success: boolean;
            /**
             * Format: date
             * @description The last day
             */
            to: string;
        };
        BudgetAnswer: {
            budget_id: string;
            /** Format: date-time */
            changed_at: string;
            changed_by: string;
            /** Format: date-time */
            created_at: string;
            /** @description The thresholds that were crossed in this month, the first one first */
            crossed: components["schemas"]["Crossed"][];
            /** @description What it is of, in the language of filters; absent is everything */
            filter?: string;
            links: components["schemas"]["BudgetLinks"];
            /**
             * Format: double
             * @description What a month may cost, in US dollars
             */
            monthly_amount: number;
            name: string;
            /** @description In this month, at list prices of what scans saw */
            standing: components["schemas"]["Standing"];
            /** @description Always true */
            success: boolean;
            /** @description By what they are of and their percent */
            thresholds: components["schemas"]["Threshold"][];
        };
        BudgetBody: {
            /**
             * @description What it is of, in the language of filters, without ages; absent is everything
             * @example tag:team=search
             */
            filter?: string;
            /**
             * Format: double
             * @description What a month may cost, in US dollars
             */
            monthly_amount: number;
            /** @description What people know it by; each once */
            name: string;
            /** @description What is told once a month, by the event budget.crossed, when it is reached. Absent is 80 and 100 of actual, and 100 of forecast */
            thresholds?: components["schemas"]["Threshold"][];
        };
        BudgetItem: {
            budget_id: string;
            /** Format: date-time */
            changed_at: string;
            changed_by: string;
            /** Format: date-time */
            created_at: string;
            /** @description The thresholds that were crossed in this month, the first one first */
            crossed: components["schemas"]["Crossed"][];
            /** @description What it is of, in the language of filters; absent is everything */
            filter?: string;
            links: components["schemas"]["BudgetLinks"];
            /**
             * Format: double
             * @description What a month may cost, in US dollars
             */
            monthly_amount: number;
            name: string;
            /** @description In this month, at list prices of what scans saw */
            standing: components["schemas"]["Standing"];
            /** @description By what they are of and their percent */
            thresholds: components["schemas"]["Threshold"][];
        };
        BudgetLinks: {
            self: string;
        };
        BudgetsAnswer: {
            /** @description The oldest first: 100 at most */
            budgets: components["schemas"]["BudgetItem"][];
            /** @description Always true */
            success: boolean;
        };
        BulkActionBody: {
            /** @description Access key, else X-AWS-Access-Key */
            access_key_id?: string;
            /** @description Name of a registered account, which the server's own identity enters: in place of keys and role */
            account?: string;
            /** @description The items, one by one; or select is given */
            actions?: components["schemas"]["ActionBody"][];
            /**
             * Format: int64
             * @description Carry it out so much later; until then it can be cancelled
             */
            after_seconds?: number;
            /** @description One item first, then a tenth, then all; absent is yes from ten items on */
            canary?: boolean;
            /** @description Answer the plan and change nothing */
            dry_run?: boolean;
            /** @description The role's external ID */
            external_id?: string;
            /**
             * Format: int64
             * @description The share of failed items that holds the rest; none is 10
             */
            max_failure_percent?: number;
            /**
             * Format: int64
             * @description The most items that it may have; none is the server's limit
             */
            max_items?: number;
            /**
             * Format: int64
             * @description The largest share of a type's resources that a selection may take; none is the server's limit
             */
            max_share_percent?: number;
            /** @description Role to assume with the keys; without keys, that of a registered account */
            role_arn?: string;
            /** @description Keys that the client has sealed to the key of GET /api/v1/credentials-key, in base64, in place of access_key_id, secret_access_key and session_token */
            sealed_credentials?: string;
            /**
             * Format: password
             * @description Secret key, else X-AWS-Secret-Key
             */
            secret_access_key?: string;
            select?: components["schemas"]["SelectionBody"];
            /**
             * Format: password
             * @description Token of temporary keys, else X-AWS-Session-Token
             */
            session_token?: string;
        };
        BulkActionResult: {
            /** Format: int64 */
            failed: number;
            /**
             * Format: int64
             * @description Those of the successful that are under way
             */
            pending: number;
            plan_id?: string;
            plan_state?: string;
            results: components["schemas"]["ActionResult"][];
            /** @description False when an item was refused or failed */
            success: boolean;
            /**
             * Format: int64
             * @description Verified or under way
             */
            successful: number;
            /** Format: int64 */
            total_actions: number;
        };
        ByChange: {
            added: components["schemas"]["KindSum"];
            changed: components["schemas"]["KindSum"];
            removed: components["schemas"]["KindSum"];
        };
        CallCount: {
            /**
             * Format: int64
             * @description Attempts that were sent
             */
            calls: number;
            /**
             * Format: int64
             * @description Of them, those that were refused for another reason or not answered
             */
            failed: number;
            /**
             * Format: int64
             * @description Of them, those that AWS refused as too many
             */
            throttled: number;
            /**
             * Format: int64
             * @description Attempts that were not sent, because the budget was empty for too long: they are tried again later
             */
            unsent: number;
            /**
             * Format: double
             * @description How long all attempts together waited for budgets
             */
            waited_seconds: number;
        };
        CallCounts: {
            last_hour: components["schemas"]["CallCount"];
            /** @description As in IAM actions, such as ec2 */
            service: string;
            today: components["schemas"]["CallCount"];
        };
        CallLimit: {
            /**
             * @description SERVICE:OPERATION; * is any
             * @example ec2:*
             */
            api: string;
            /** @description The budget that all that it names share, with others of the same budget; absent where each API has its own */
            budget?: string;
            /**
             * Format: int64
             * @description Calls at once after a pause
             */
            burst: number;
            /**
             * Format: double
             * @description The rate that may be learnt, where AWS documents none; 0 is that per_second stays
             */
            most: number;
            /** Format: double */
            per_second: number;
        };
        CallProcess: {
            host: string;
            id: string;
            /** Format: int64 */
            pid: number;
            /** Format: date-time */
            started_at: string;
            /**
             * Format: date-time
             * @description When it last told of its calls: every ten seconds while it lives
             */
            told_at: string;
            version: string;
        };
        Caller: {
            account_id: string;
            arn: string;
            /** @enum {string} */
            method: "probe" | "probe+simulation";
            /** @description Why IAM's simulation was not possible */
            reason?: string;
        };
        CallsToAWS: {
            /**
             * Format: date-time
             * @description From then on last_hour counts: fifty to sixty minutes ago
             */
            hour_since: string;
            /** @description How fast one API may be called for an account and a region, as the newest process tells; a more precise one counts */
            limits: components["schemas"]["CallLimit"][];
            /** @description All processes tell the same limits. Else AWS_CALL_LIMITS differs between workers */
            limits_agree: boolean;
            /** @description Worker processes that tell, the newest first. One that died stays for ten minutes */
            processes: components["schemas"]["CallProcess"][];
            /** @description The most called first */
            services: components["schemas"]["CallCounts"][];
            /**
             * Format: date-time
             * @description Midnight UTC: from then on today counts
             */
            since: string;
        };
        Cell: {
            account_id: string;
            region: string;
            resource_type: string;
        };
        CellReport: {
            account_id: string;
            /**
             * Format: int64
             * @description How often the cell was tried since the job was started or retried
             */
            attempts: number;
            /**
             * Format: int64
             * @description Duration of the attempt that closed the cell, in milliseconds
             */
            elapsed_ms: number;
            error?: components["schemas"]["Failure"];
            /** @description What could not be seen of resources in regions that are off for the account; the cell may be complete */
            notes?: components["schemas"]["Note"][];
            /** @description How it ended; empty while it is open, as it is again after a retry */
            outcome: string;
            region: string;
            resource_type: string;
            /** Format: int64 */
            resources: number;
        };
        CellsAnswer: {
            cells: components["schemas"]["KnownCell"][];
            /** @description Of all cells, whatever standing asks for */
            coverage: components["schemas"]["Coverage"];
            /** @description Absent on the last page */
            next_cursor?: string;
            /** @description Always true */
            success: boolean;
        };
        CellsEvent: {
            cells: components["schemas"]["CellReport"][];
        };
        CellsSeen: {
            /**
             * Format: int64
             * @description Cells (account, region, type) that were ever looked at
             */
            cells: number;
            /**
             * Format: int64
             * @description Of these, those that no look saw to its end: what is in them is not known and not counted
             */
            never_seen: number;
            /**
             * Format: int64
             * @description Of them, those whose newest look was not to the end: they count as they were last seen
             */
            stale: number;
        };
        Change: {
            account_id: string;
            /** @enum {string} */
            change: "added" | "removed" | "changed";
            /**
             * Format: double
             * @description US dollars a month; null where it is not known, and of what was added
             */
            cost_before: number | null;
            /**
             * Format: double
             * @description By how much the known cost has changed; null where either is not known
             */
            cost_difference: number | null;
            /**
             * Format: double
             * @description US dollars a month; null where it is not known, and of what was removed
             */
            cost_now: number | null;
            /** @description Of what was changed: what differs; of the rest empty */
            fields: components["schemas"]["Field"][];
            /** @description What differs although nobody has changed anything */
            noise?: components["schemas"]["Field"][];
            region: string;
            resource_id: string;
            /** @description account_id/region/resource_type/resource_id */
            resource_key: string;
            resource_name: string | null;
            resource_type: string;
            /**
             * @description When the filter selects it: before only, as what was removed; now only, as what was added; or both times
             * @enum {string}
             */
            selected: "before" | "now" | "both";
            /**
             * Format: date-time
             * @description When a scan first saw it as it is now; of what was removed, when a scan first saw that it was gone
             */
            since: string;
            /** @description Its state now; of what was removed, its last */
            state: string;
        };
        ChangeGroup: {
            /** Format: int64 */
            added: number;
            /** Format: int64 */
            changed: number;
            /**
             * Format: double
             * @description By how much known costs have changed, in US dollars a month; resources_with_unknown_cost says how many it lacks
             */
            cost_difference: number;
            /** @description A value for each part of group_by; empty for resources without the tag */
            key: string[];
            /** Format: int64 */
            removed: number;
            /** Format: int64 */
            resources_with_unknown_cost: number;
        };
        ComplianceAnswer: {
            /** @description True when the scan saw everything */
            complete: boolean;
            job_id: string;
            policy: components["schemas"]["Policy"];
            report: components["schemas"]["Report"];
            state: string;
            /** @description Always true */
            success: boolean;
        };
        CompliancePolicy: {
            /** @description Types that cannot carry tags, or need not */
            exempt_types?: string[];
            /** @description The tags that resources have to carry */
            required: components["schemas"]["TagRequirement"][];
        };
        Cost: {
            as_of?: string;
            /** @enum {string} */
            basis: "list" | "spot" | "other_region" | "free" | "usage_based" | "unknown";
            components: components["schemas"]["CostComponent"][];
            /** @enum {string} */
            confidence: "high" | "medium" | "low" | "none";
            /** @enum {string} */
            currency: "USD";
            reason?: string;
            source?: string;
            /** @description The actual cost is less or as much, such as that of blocks which snapshots share; what deleting the resource saves is then not known */
            upper_bound?: boolean;
            /** Format: double */
            value: number | null;
        };
        CostComponent: {
            /** Format: double */
            monthly: number | null;
            name: string;
            /** Format: double */
            quantity?: number;
            reason?: string;
            unit?: string;
            /** Format: double */
            unit_price?: number | null;
        };
        CostGroup: {
            /** Format: double */
            estimated_monthly_total: number;
            /** @description What the resources have in common; null for those without the tag, and in other */
            key: string | null;
            /**
             * Format: double
             * @description How many of all resources are free or priced at their own region's prices, from 0 to 1; null without resources
             */
            known_share: number | null;
            /**
             * Format: double
             * @description The part of the total that is at another region's price
             */
            other_region_monthly_total: number;
            /**
             * Format: double
             * @description How many are priced at another region's prices
             */
            other_region_share: number | null;
            /** Format: int64 */
            resources_with_known_cost: number;
            /** Format: int64 */
            resources_with_unknown_cost: number;
            /**
             * Format: double
             * @description How many have no known cost
             */
            unknown_share: number | null;
        };
        CostReport: {
            /** Format: double */
            monthly_known: number;
            /** Format: int64 */
            resources_with_unknown_cost: number;
        };
        CostSummary: {
            by_account: {
                [key: string]: number;
            };
            by_region: {
                [key: string]: number;
            };
            by_resource_type: {
                [key: string]: number;
            };
            by_service: {
                [key: string]: number;
            };
            /**
             * Format: double
             * @description The sum of the known costs; resources_with_unknown_cost says how many it lacks
             */
            estimated_monthly_total: number;
            /**
             * Format: double
             * @description How many of all resources are free or priced at their own region's prices, from 0 to 1; null without resources
             */
            known_share: number | null;
            /**
             * Format: double
             * @description The part of the total that is at another region's price
             */
            other_region_monthly_total: number;
            /**
             * Format: double
             * @description How many are priced at another region's prices
             */
            other_region_share: number | null;
            /** @description Resources by how their cost is known */
            resources_by_basis: {
                [key: string]: number;
            };
            /**
             * Format: int64
             * @description Resources in the total, those that are free included
             */
            resources_with_known_cost: number;
            /** Format: int64 */
            resources_with_unknown_cost: number;
            /**
             * Format: double
             * @description How many have no known cost
             */
            unknown_share: number | null;
        };
        CostsAnswer: {
            /** @description What AWS has billed, by Cost Explorer; absent unless the scan was started with billed_cost */
            billed?: components["schemas"]["BilledReport"];
            /** @description True when the scan saw everything */
            complete: boolean;
            /** @enum {string} */
            currency: "USD";
            /**
             * Format: double
             * @description The sum of the known costs; resources_with_unknown_cost says how many it lacks
             */
            estimated_monthly_total: number;
            group_by: string;
            /** @description The costliest first; at most 10,000, and those without the tag */
            groups: components["schemas"]["CostGroup"][];
            job_id: string;
            /**
             * Format: double
             * @description How many of all resources are free or priced at their own region's prices, from 0 to 1; null without resources
             */
            known_share: number | null;
            /** @description The resources of all further groups; absent where there are none */
            other?: components["schemas"]["CostGroup"];
            /**
             * Format: double
             * @description The part of the total that is at another region's price
             */
            other_region_monthly_total: number;
            /**
             * Format: double
             * @description How many are priced at another region's prices
             */
            other_region_share: number | null;
            /** Format: int64 */
            resources_with_known_cost: number;
            /** Format: int64 */
            resources_with_unknown_cost: number;
            state: string;
            /** @description Always true */
            success: boolean;
            /**
             * Format: double
             * @description How many have no known cost
             */
            unknown_share: number | null;
        };
        Count: {
            /**
             * Format: double
             * @description The sum of the known costs; resources_with_unknown_cost says how many it lacks
             */
            estimated_monthly_total: number;
            /** Format: int64 */
            resources: number;
            /** Format: int64 */
            resources_with_unknown_cost: number;
        };
        Counts: {
            by: string[];
            groups: components["schemas"]["Group"][];
            /** @description The resources of all further groups; absent where there are none */
            other?: components["schemas"]["Count"];
        };
        Coverage: {
            /**
             * Format: int64
             * @description Cells (account, region, type) that were ever looked at and can hold what the filter selects
             */
            cells: number;
            /** Format: int64 */
            good: number;
            /**
             * Format: date-time
             * @description When the cell that was seen longest ago was seen; null without one
             */
            oldest: string | null;
            /**
             * Format: double
             * @description Of the cells, how many are good, from 0 to 1; null without cells
             */
            share: number | null;
            /** Format: int64 */
            stale: number;
            /** Format: int64 */
            unknown: number;
            /** @description Up to 20 cells that are not good: those never seen first, then by when they were seen. GET /api/v1/inventory/coverage has all */
            worst: components["schemas"]["KnownCell"][];
        };
        CoverageAnswer: {
            cells: components["schemas"]["CellReport"][];
            complete: boolean;
            /** @description All cells by outcome; open counts those that have not ended */
            counts: {
                [key: string]: number;
            };
            job_id: string;
            /** @description Kinds that no scan lists, beside types of this one */
            not_covered: components["schemas"]["Uncovered"][];
            state: string;
            /** @description Always true */
            success: boolean;
        };
        CredentialsKey: {
            /**
             * Format: date-time
             * @description What a seal made now has for its expires_at, by the clock of the server
             */
            expires_at: string;
            /**
             * @description The public key of the workers, a recipient of age
             * @example age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p
             */
            recipient: string;
            /**
             * Format: int64
             * @description How long a seal is taken
             */
            seconds: number;
            /** @description Always true */
            success: boolean;
            /** @description What a seal of yours has for its tenant */
            tenant: string;
        };
        Crossed: {
            /** Format: date-time */
            at: string;
            /**
             * @description actual: what the month has cost until now. forecast: what the whole month is forecast to cost
             * @enum {string}
             */
            of: "actual" | "forecast";
            /**
             * Format: double
             * @description Of the monthly amount
             */
            percent: number;
            /**
             * Format: date-time
             * @description When webhooks were told; null: not yet
             */
            told_at: string | null;
        };
        DeliveriesAnswer: {
            /** @description Newest first: of 30 days, and 1,000 at most */
            deliveries: components["schemas"]["Delivery"][];
            /** @description Absent on the last page */
            next_cursor?: string;
            /** @description Always true */
            success: boolean;
        };
        Delivery: {
            /** @description The last 20, oldest first */
            attempts: components["schemas"]["Attempt"][];
            /** Format: date-time */
            created_at: string;
            /** @description The event's ID, which the receiver sees as webhook-id: the same at every attempt */
            delivery_id: string;
            /**
             * Format: date-time
             * @description When it is tried next; absent once it has ended
             */
            next_attempt_at?: string;
            /** @enum {string} */
            state: "pending" | "succeeded" | "failed";
            /** @description The event's type, such as job.failed */
            type: string;
        };
        DeliveryAnswer: {
            /** @description The last 20, oldest first */
            attempts: components["schemas"]["Attempt"][];
            /** Format: date-time */
            created_at: string;
            /** @description The event's ID, which the receiver sees as webhook-id: the same at every attempt */
            delivery_id: string;
            /**
             * Format: date-time
             * @description When it is tried next; absent once it has ended
             */
            next_attempt_at?: string;
            /** @enum {string} */
            state: "pending" | "succeeded" | "failed";
            /** @description Always true */
            success: boolean;
            /** @description The event's type, such as job.failed */
            type: string;
        };
        DetailInfo: {
            doc: string;
            name: string;
            /** @description IAM actions that it calls besides those of the type */
            permissions: string[];
        };
        DeviceAnswer: {
            /** @description A public client: it has no secret */
            client_id: string;
            /**
             * @description Its URL: /.well-known/openid-configuration below it says where a device code is asked for
             * @example https://login.example.com
             */
            issuer: string;
            /** @description What to ask for */
            scopes: string[];
            /** @description Always true */
            success: boolean;
        };
        DiffAnswer: {
            changes: components["schemas"]["Change"][];
            /** @description False when there are cells of which it is not known what has changed: see unknown */
            complete: boolean;
            from: components["schemas"]["DiffTime"];
            group_by: string[];
            /** @description Absent on the last page */
            next_cursor?: string;
            /** @description Always true */
            success: boolean;
            /** @description Of all pages; on the first page only */
            summary?: components["schemas"]["Totals"];
            to: components["schemas"]["DiffTime"];
            /** @description The cells that can hold what the filter selects, and of which it is not known what has changed: nothing of them is in changes, and nothing of them counts as removed */
            unknown: components["schemas"]["UnknownCells"];
        };
        DiffTime: {
            /**
             * Format: date-time
             * @description As of this time; of a scan, when it began
             */
            at: string;
            /** @description The scan that was asked for */
            job_id?: string;
            /** @description The schedule of which earlier runs count */
            schedule_id?: string;
        };
        DoneEvent: {
            complete: boolean;
            job_id: string;
            state: string;
        };
        FacetsAnswer: {
            /**
             * Format: date-time
             * @description The moment that the answer is of
             */
            at: string;
            /** @description How much is known of the cells that can hold what the filter selects */
            coverage: components["schemas"]["Coverage"];
            facets: components["schemas"]["Counts"][];
            /** @description Scans that have ended and are not in the inventory yet */
            pending_scans: string[];
            /** @description Always true */
            success: boolean;
            /** @description All that the filter selects */
            total: components["schemas"]["Count"];
        };
        Failure: {
            api?: string;
            code?: string;
            message: string;
            /** @description Of an access check: the IAM actions that are missing */
            missing_permissions?: string[];
            outcome: string;
            request_id?: string;
        };
        FailureGroup: {
            /** @description The call that failed */
            api?: string;
            /**
             * Format: int64
             * @description How many cells
             */
            cells: number;
            /** @description AWS's own error code */
            code?: string;
            /** @description The first such cell */
            example: components["schemas"]["Cell"];
            /** @description The message of the first such cell */
            message: string;
            outcome: string;
        };
        Field: {
            /** @example metadata.public_ip */
            field: string;
            /** @description As it is; null where it is not there */
            new: unknown;
            /** @description As it was; null where it was not there */
            old: unknown;
        };
        FieldError: {
            /** @description The place of the field, such as body.regions[1] or query.limit */
            location?: string;
            message: string;
        };
        /**
         * @description Conditions on resources, as an object whose members must all hold or as a short query in a string. A list of values means any of them. A comparison with what is not known holds neither way.
         * @example {
         *       "and": [
         *         {
         *           "type": [
         *             "EBS_Volume"
         *           ]
         *         },
         *         {
         *           "not": {
         *             "tag": {
         *               "equals": "prod",
         *               "key": "env"
         *             }
         *           }
         *         },
         *         {
         *           "cost": {
         *             "min": 5
         *           }
         *         },
         *         {
         *           "age": {
         *             "over": "30d"
         *           }
         *         }
         *       ]
         *     }
         * @example type:EBS_Volume -tag:env=prod cost>=5 age>30d (state:available or state:error) name~web tag:owner! meta.size_gb>=100
         */
        Filter: string | {
            account?: ((string | number | boolean) | (string | number | boolean)[]) | {
                contains?: (string | number | boolean) | (string | number | boolean)[];
                equals?: (string | number | boolean) | (string | number | boolean)[];
                /** @constant */
                missing?: true;
                prefix?: (string | number | boolean) | (string | number | boolean)[];
                /** @constant */
                present?: true;
            };
            age?: {
                /** @description A number of s, m, h, d or w */
                max?: string;
                /** @description A number of s, m, h, d or w */
                min?: string;
                /** @description A number of s, m, h, d or w */
                over?: string;
                /** @description A number of s, m, h, d or w */
                under?: string;
            };
            and?: components["schemas"]["Filter"][];
            arn?: ((string | number | boolean) | (string | number | boolean)[]) | {
                contains?: (string | number | boolean) | (string | number | boolean)[];
                equals?: (string | number | boolean) | (string | number | boolean)[];
                /** @constant */
                missing?: true;
                prefix?: (string | number | boolean) | (string | number | boolean)[];
                /** @constant */
                present?: true;
            };
            /** @description US dollars a month */
            cost?: ("known" | "unknown") | {
                max?: number;
                min?: number;
                over?: number;
                under?: number;
            };
            created?: ("known" | "unknown") | {
                after?: string;
                before?: string;
                from?: string;
                until?: string;
            };
            id?: ((string | number | boolean) | (string | number | boolean)[]) | {
                contains?: (string | number | boolean) | (string | number | boolean)[];
                equals?: (string | number | boolean) | (string | number | boolean)[];
                /** @constant */
                missing?: true;
                prefix?: (string | number | boolean) | (string | number | boolean)[];
                /** @constant */
                present?: true;
            };
            meta?: {
                contains?: (string | number | boolean) | (string | number | boolean)[];
                equals?: (string | number | boolean) | (string | number | boolean)[];
                key: string;
                max?: number;
                min?: number;
                /** @constant */
                missing?: true;
                over?: number;
                prefix?: (string | number | boolean) | (string | number | boolean)[];
                /** @constant */
                present?: true;
                under?: number;
            };
            name?: ((string | number | boolean) | (string | number | boolean)[]) | {
                contains?: (string | number | boolean) | (string | number | boolean)[];
                equals?: (string | number | boolean) | (string | number | boolean)[];
                /** @constant */
                missing?: true;
                prefix?: (string | number | boolean) | (string | number | boolean)[];
                /** @constant */
                present?: true;
            };
            not?: components["schemas"]["Filter"];
            or?: components["schemas"]["Filter"][];
            region?: ((string | number | boolean) | (string | number | boolean)[]) | {
                contains?: (string | number | boolean) | (string | number | boolean)[];
                equals?: (string | number | boolean) | (string | number | boolean)[];
                /** @constant */
                missing?: true;
                prefix?: (string | number | boolean) | (string | number | boolean)[];
                /** @constant */
                present?: true;
            };
            service?: ((string | number | boolean) | (string | number | boolean)[]) | {
                contains?: (string | number | boolean) | (string | number | boolean)[];
                equals?: (string | number | boolean) | (string | number | boolean)[];
                /** @constant */
                missing?: true;
                prefix?: (string | number | boolean) | (string | number | boolean)[];
                /** @constant */
                present?: true;
            };
            state?: ((string | number | boolean) | (string | number | boolean)[]) | {
                contains?: (string | number | boolean) | (string | number | boolean)[];
                equals?: (string | number | boolean) | (string | number | boolean)[];
                /** @constant */
                missing?: true;
                prefix?: (string | number | boolean) | (string | number | boolean)[];
                /** @constant */
                present?: true;
            };
            tag?: {
                contains?: (string | number | boolean) | (string | number | boolean)[];
                equals?: (string | number | boolean) | (string | number | boolean)[];
                key: string;
                /** @constant */
                missing?: true;
                prefix?: (string | number | boolean) | (string | number | boolean)[];
                /** @constant */
                present?: true;
            };
            type?: ((string | number | boolean) | (string | number | boolean)[]) | {
                contains?: (string | number | boolean) | (string | number | boolean)[];
                equals?: (string | number | boolean) | (string | number | boolean)[];
                /** @constant */
                missing?: true;
                prefix?: (string | number | boolean) | (string | number | boolean)[];
                /** @constant */
                present?: true;
            };
        };
        FilterAnswer: {
            /** @description With job_id: whether the scan saw everything */
            complete?: boolean;
            job_id?: string;
            /** @description As they were sent, or as the scan found them */
            resources: {
                [key: string]: unknown;
            }[];
            /** @description Always true */
            success: boolean;
            /** Format: int64 */
            total: number;
        };
        FilterBody: {
            /** @description A filter that must hold too */
            filter?: components["schemas"]["Filter"];
            /** @description All must hold, exactly */
            filters?: components["schemas"]["FilterFields"];
            /** @description The job whose resources are filtered, in place of resources */
            job_id?: string;
            /** @description Resources to filter */
            resources?: unknown[];
        };
        FilterFields: {
            account_id?: string;
            region?: string;
            resource_type?: string;
            state?: string;
            tags?: {
                [key: string]: string;
            };
        };
        Finding: {
            account_id: string;
            /** @description How the saving was computed */
            basis: string;
            /** @enum {string} */
            confidence: "high" | "medium" | "low" | "none";
            counted: boolean;
            evidence: {
                [key: string]: unknown;
            };
            finding_id: string;
            fix?: components["schemas"]["ActionItem"];
            /** @description Why a person has to look first: the plan that repairs it would refuse. The saving is not counted */
            held?: string;
            /** Format: double */
            monthly_saving: number | null;
            region: string;
            /** @description Keys of other resources that the finding is about */
            related?: string[];
            resource_id: string;
            resource_key: string;
            resource_name: string | null;
            resource_type: string;
            /** @enum {string} */
            risk: "none" | "low" | "medium" | "high";
            risk_note?: string;
            rule: string;
            title: string;
        };
        FindingGroup: {
            /**
             * Format: int64
             * @description Of several findings about one resource only one counts
             */
            counted: number;
            /** Format: int64 */
            findings: number;
            /** @description The value that they have in common; empty where they have none */
            key: string;
            /**
             * Format: double
             * @description Of the counted findings that have a price
             */
            monthly_saving: number;
            /**
             * Format: double
             * @description Of the counted findings that are resolved, where it is known: an estimate
             */
            realised_saving: number;
            /**
             * Format: int64
             * @description Counted findings that are resolved, of which it is not known
             */
            realised_unknown: number;
            /**
             * Format: int64
             * @description Open findings that the newest scan of their account has not decided on
             */
            unconfirmed: number;
            /**
             * Format: int64
             * @description Counted findings that have no price, and are not in the sum
             */
            unpriced: number;
        };
        FindingsAnswer: {
            /** @description True when the scan saw everything */
            complete: boolean;
            findings: components["schemas"]["Finding"][];
            job_id: string;
            /** @description Absent on the last page */
            next_cursor?: string;
            state: string;
            /** @description Always true */
            success: boolean;
            /** @description Of all findings, whatever the query selects */
            summary: components["schemas"]["FindingsSummary"];
        };
        FindingsSummary: {
            /** @description What saves most first; then those that found nothing, or were not evaluated */
            by_rule: components["schemas"]["RuleReport"][];
            /**
             * Format: int64
             * @description Of several findings about one resource only one counts
             */
            counted: number;
            /** Format: int64 */
            findings: number;
            /**
             * Format: int64
             * @description How many metrics CloudWatch was asked for: it charges for each
             */
            metrics_read: number;
            /**
             * Format: double
             * @description The sum of the counted findings that have a price; null unless evaluated
             */
            monthly_saving: number | null;
            /** @description Why nothing was evaluated */
            reason?: string;
            /**
             * @description pending until the last cell has closed; only where it is evaluated, no findings means that there are none
             * @enum {string}
             */
            status: "evaluated" | "not_evaluated" | "pending";
            /**
             * Format: int64
             * @description Counted findings that have no price, and are not in the sum
             */
            unpriced: number;
        };
        ForecastAnswer: {
            by: string;
            cells: components["schemas"]["CellsSeen"];
            /** @enum {string} */
            currency: "USD";
            /**
             * Format: int64
             * @description Today, of the month
             */
            day: number;
            /**
             * Format: int64
             * @description Of the month
             */
            days: number;
            /** @description Each on its own: their intervals do not add up to that of the total */
            groups: components["schemas"]["GroupForecast"][];
            /**
             * Format: double
             * @description The share of months that is to end within low and high
             */
            interval: number;
            /** @description Such as 2026-11 */
            month: string;
            /** @description All further keys together; absent where there are none */
            other?: components["schemas"]["MonthForecast"];
            /** @description Always true */
            success: boolean;
            total: components["schemas"]["MonthForecast"];
        };
        Grant: {
            /** @description Only in these accounts. For operator and actor */
            accounts?: string[];
            /** @description Only these actions, such as stop. For actor */
            actions?: string[];
            /** @description Only in these regions; global stands for what has none. For operator and actor */
            regions?: string[];
            /**
             * @description viewer reads; operator starts scans and keeps schedules; actor makes and applies plans; approver agrees to plans of others; admin does everything in the tenant
             * @enum {string}
             */
            role: "viewer" | "operator" | "actor" | "approver" | "admin";
            /** @description Only resources that have one of the values under each of these tag keys. For actor */
            tags?: {
                [key: string]: string[];
            };
            /** @description Only these resource types. For operator and actor */
            types?: string[];
        };
        GrantBody: {
            /** @description Only in these accounts. For operator and actor */
            accounts?: string[];
            /** @description Only these actions, such as stop. For actor */
            actions?: string[];
            /** @description Only in these regions; global stands for what has none. For operator and actor */
            regions?: string[];
            /**
             * @description viewer reads; operator starts scans and keeps schedules; actor makes and applies plans; approver agrees to plans of others; admin does everything in the tenant
             * @enum {string}
             */
            role: "viewer" | "operator" | "actor" | "approver" | "admin";
            /** @description Only resources that have one of the values under each of these tag keys. For actor */
            tags?: {
                [key: string]: string[];
            };
            /** @description Only these resource types. For operator and actor */
            types?: string[];
        };
        Group: {
            /**
             * Format: double
             * @description The sum of the known costs; resources_with_unknown_cost says how many it lacks
             */
            estimated_monthly_total: number;
            /** @description What the resources have in common, by the dimensions in their order; null for those without the tag */
            keys: (string | null)[];
            /** Format: int64 */
            resources: number;
            /** Format: int64 */
            resources_with_unknown_cost: number;
        };
        GroupForecast: {
            /**
             * Format: int64
             * @description Days of the month before the first look: they count as the first known day
             */
            assumed_days: number;
            /**
             * Format: int64
             * @description Days of the month until today on which no scan looked: they count as the day before
             */
            carried_days: number;
            /**
             * Format: double
             * @description The whole month
             */
            forecast: number;
            /** Format: double */
            high: number;
            /** @description Empty is without the tag */
            key: string;
            /** Format: double */
            low: number;
            /**
             * @description damped_trend: exponential smoothing, with the interval from what it was wrong by. flat: today's cost for the days to come and a wide interval, because fewer than 14 days were observed. none: nothing is known
             * @enum {string}
             */
            method: "damped_trend" | "flat" | "none";
            /**
             * Format: double
             * @description Until the end of today: of each day its monthly cost, divided by the days of the month
             */
            month_to_date: number;
            /**
             * Format: double
             * @description What there is now costs a month
             */
            monthly_cost: number;
            /**
             * Format: int64
             * @description Days that the method looked at and a scan saw something on; of the last 60
             */
            observed_days: number;
            /**
             * Format: int64
             * @description Resources now whose cost is not known: no sum has them
             */
            unpriced: number;
        };
        GroupsAnswer: {
            /**
             * Format: date-time
             * @description The moment that the answer is of
             */
            at: string;
            by: string[];
            /** @description How much is known of the cells that can hold what the filter selects */
            coverage: components["schemas"]["Coverage"];
            groups: components["schemas"]["Group"][];
            /** @description The resources of all further groups; absent where there are none */
            other?: components["schemas"]["Count"];
            /** @description Scans that have ended and are not in the inventory yet */
            pending_scans: string[];
            /** @description Always true */
            success: boolean;
            /** @description All that the filter selects */
            total: components["schemas"]["Count"];
        };
        Health: {
            service: string;
            /** @enum {string} */
            status: "healthy";
            /** Format: date-time */
            timestamp: string;
            version: string;
        };
        HistoryAnswer: {
            /** @description Newest first: the last 200 */
            history: components["schemas"]["ScheduleEvent"][];
            /** @description Always true */
            success: boolean;
        };
        InventoryAnswer: {
            /**
             * Format: date-time
             * @description The moment that all pages are of
             */
            at: string;
            /** @description How much is known of the cells that can hold what the filter selects */
            coverage: components["schemas"]["Coverage"];
            /** @description Absent on the last page */
            next_cursor?: string;
            /** @description Scans that have ended and are not in the inventory yet */
            pending_scans: string[];
            resources: components["schemas"]["InventoryResource"][];
            /** @description Always true */
            success: boolean;
        };
        InventoryResource: {
            account_id: string;
            arn: string;
            cost: components["schemas"]["Cost"] | null;
            /** Format: date-time */
            creation_date: string | null;
            /** Format: double */
            estimated_cost_monthly: number | null;
            /**
             * Format: date-time
             * @description When a scan saw it first
             */
            first_seen: string | null;
            metadata: {
                [key: string]: unknown;
            };
            region: string;
            resource_id: string;
            resource_name: string | null;
            resource_type: string;
            /**
             * Format: date-time
             * @description When its cell was last seen to its end
             */
            seen_at: string | null;
            /** @description True when the last look at its cell failed, or is older than max_age: it may have changed, or be gone */
            stale: boolean;
            state: string;
            /**
             * Format: date-time
             * @description Since when, as far as scans saw, it is in its state
             */
            state_since: string | null;
            tags: {
                [key: string]: string;
            };
        };
        ItemLedger: {
            /** Format: date-time */
            begun_at?: string;
            current_state?: string;
            error?: components["schemas"]["Failure"];
            /** Format: date-time */
            finished_at?: string;
            inverse?: components["schemas"]["ActionItem"];
            /** @enum {string} */
            item_state: "planned" | "waiting" | "ready" | "running" | "refused" | "verified" | "failed" | "blocked" | "verify_timeout" | "reappeared" | "not_run";
            message?: string;
            steps?: components["schemas"]["StepRecord"][];
        };
        JobAnswer: {
            /** @description Only in a list of one account: which accounts the job is about is not known yet, or never was, so that it may be about this one */
            account_unknown?: boolean;
            /**
             * Format: int64
             * @description Calls to AWS that the cells took, retries and pages included: those of each try of a cell that ended. A try that a worker died in is not counted, nor is what found the regions, read metrics or asked for bills. null for a job of a time before calls were counted
             */
            calls: number | null;
            /** @description True when the job has ended with every cell seen */
            complete: boolean;
            cost_summary: components["schemas"]["CostSummary"];
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            deadline_at: string;
            /** @description Why cells were not seen, by cause; coverage names each cell */
            errors: components["schemas"]["FailureGroup"][];
            /**
             * Format: date-time
             * @description When the job and its result are deleted
             */
            expires_at: string;
            /** Format: date-time */
            finished_at: string | null;
            job_id: string;
            /** @enum {string} */
            kind: "scan" | "access_check";
            /** @enum {string} */
            lane: "interactive" | "scheduled";
            links: components["schemas"]["Links"];
            progress: components["schemas"]["Progress"];
            reason?: string;
            request: components["schemas"]["ScanRequest"];
            schedule_id?: string;
            /** Format: date-time */
            started_at: string | null;
            /** @enum {string} */
            state: "queued" | "running" | "finalizing" | "succeeded" | "partial" | "failed" | "cancelled";
            /** @description Always true */
            success: boolean;
            summary: components["schemas"]["Summary"];
            /**
             * @description worker: the job is queued and no worker is alive
             * @enum {string}
             */
            waiting_for?: "worker";
        };
        JobItem: {
            /** @description Only in a list of one account: which accounts the job is about is not known yet, or never was, so that it may be about this one */
            account_unknown?: boolean;
            /**
             * Format: int64
             * @description Calls to AWS that the cells took, retries and pages included: those of each try of a cell that ended. A try that a worker died in is not counted, nor is what found the regions, read metrics or asked for bills. null for a job of a time before calls were counted
             */
            calls: number | null;
            /** @description True when the job has ended with every cell seen */
            complete: boolean;
            cost_summary: components["schemas"]["CostSummary"];
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            deadline_at: string;
            /**
             * Format: date-time
             * @description When the job and its result are deleted
             */
            expires_at: string;
            /** Format: date-time */
            finished_at: string | null;
            job_id: string;
            /** @enum {string} */
            kind: "scan" | "access_check";
            /** @enum {string} */
            lane: "interactive" | "scheduled";
            links: components["schemas"]["Links"];
            progress: components["schemas"]["Progress"];
            reason?: string;
            request: components["schemas"]["ScanRequest"];
            schedule_id?: string;
            /** Format: date-time */
            started_at: string | null;
            /** @enum {string} */
            state: "queued" | "running" | "finalizing" | "succeeded" | "partial" | "failed" | "cancelled";
            summary: components["schemas"]["Summary"];
            /**
             * @description worker: the job is queued and no worker is alive
             * @enum {string}
             */
            waiting_for?: "worker";
        };
        JobsAnswer: {
            /** @description Newest first, without their requests */
            jobs: components["schemas"]["ListedJob"][];
            /** @description Absent on the last page */
            next_cursor?: string;
            /** @description Always true */
            success: boolean;
        };
        Key: {
            by_account: components["schemas"]["Place"][];
            by_region: components["schemas"]["Place"][];
            by_type: components["schemas"]["Place"][];
            /** Format: int64 */
            compliant: number;
            cost: components["schemas"]["CostReport"];
            /** Format: int64 */
            invalid: number;
            invalid_samples: components["schemas"]["Sample"][];
            key: string;
            /** Format: int64 */
            missing: number;
            missing_samples: components["schemas"]["Sample"][];
        };
        KeyBody: {
            /**
             * Format: int64
             * @description None is never
             */
            expires_in_days?: number;
            /** @description What it may do */
            grants: components["schemas"]["GrantBody"][];
            /** @description What it is for */
            name: string;
            /** @description Who it is for; none is yourself. Somebody who signs in is oidc: and their subject. A person is one however many keys they have: nobody approves what any of their keys asked for */
            person?: string;
            /** @description Another tenant than yours; only for admins of the tenant default */
            tenant?: string;
        };
        KeysAnswer: {
            /** @description Oldest first; those of the environment are not listed */
            keys: components["schemas"]["APIKey"][];
            /** @description Always true */
            success: boolean;
        };
        KindSum: {
            /**
             * Format: double
             * @description Of known costs, in US dollars a month
             */
            cost_difference: number;
            /** Format: int64 */
            resources: number;
            /** Format: int64 */
            resources_with_unknown_cost: number;
        };
        KnownCell: {
            account_id: string;
            /**
             * Format: date-time
             * @description When it was last looked at
             */
            looked_at: string;
            /** @description How the last look at it ended; superseded where a newer scan was in before */
            outcome: string;
            region: string;
            resource_type: string;
            /**
             * Format: date-time
             * @description When it was last seen to its end; null: never
             */
            seen_at: string | null;
            /**
             * @description good: seen to its end by the last look, within max_age. stale: seen to its end once, but the last look failed or is too old. unknown: never seen to its end
             * @enum {string}
             */
            standing: "good" | "stale" | "unknown";
        };
        LifeAnswer: {
            audit: components["schemas"]["LifeAudit"];
            /** @description How much is known of its cell. Of one that is not good, the resource may have changed, or be gone, or be back, since seen_at */
            cell: components["schemas"]["KnownCell"];
            /** @description About it, open, acknowledged and resolved, those that were opened last first; up to 100 */
            findings: components["schemas"]["LiveFinding"][];
            /**
             * Format: date-time
             * @description When a scan saw it first
             */
            first_seen: string;
            /**
             * Format: date-time
             * @description When a scan first saw that it was not there any more; null while it is there, as far as scans saw
             */
            gone_at: string | null;
            /** @description Of older versions; absent on the last page */
            next_cursor?: string;
            /** @description Items of plans that are about it, those of the newest plan first, while the plans are kept; up to 100 */
            plans: components["schemas"]["PlanAbout"][];
            /** @description As a scan saw it last */
            resource: components["schemas"]["Resource"];
            /** @description account_id/region/resource_type/resource_id */
            resource_key: string;
            /** @description Always true */
            success: boolean;
            /** @description The newest first */
            versions: components["schemas"]["LifeVersion"][];
        };
        LifeAudit: {
            /** @description Whether all lines were looked at that are kept and are older than audit_before */
            complete: boolean;
            /** @description Lines about the resource, and about the plans above as a whole; the newest first, up to 100 */
            events: components["schemas"]["AuditEvent"][];
            /**
             * Format: int64
             * @description How many lines of the audit were looked at
             */
            lines_read: number;
            /** @description The audit_before of the answer with older lines; absent where complete */
            next_before?: string;
            /**
             * Format: date-time
             * @description When the oldest line was written that was looked at; null without one
             */
            read_since: string | null;
        };
        LifeVersion: {
            /**
             * @description added: it was not there before. changed: it was otherwise before. Absent: what it was before is not kept any more
             * @enum {string}
             */
            began?: "added" | "changed";
            /**
             * Format: double
             * @description US dollars a month; null where it is not known
             */
            cost: number | null;
            /**
             * Format: double
             * @description By how much the known cost had changed since the version before; null where either is not known
             */
            cost_difference: number | null;
            /**
             * @description changed: it was otherwise after. removed: it was gone after. Absent: it is still so
             * @enum {string}
             */
            ended?: "changed" | "removed";
            /** @description What differs from the version before, where it was changed */
            fields: components["schemas"]["Field"][];
            /** @description What differs although nobody has changed anything */
            noise?: components["schemas"]["Field"][];
            /**
             * Format: date-time
             * @description When a scan first saw it like this
             */
            since: string;
            state: string;
            /**
             * Format: date-time
             * @description Since when, as far as scans saw, it was in its state
             */
            state_since: string;
            /**
             * Format: date-time
             * @description When a scan first saw it otherwise, or gone; null: it is still so, as far as scans saw
             */
            until: string | null;
        };
        Links: {
            coverage: string;
            events: string;
            /** @description Absent for an access check, which keeps none */
            resources?: string;
            result: string;
            self: string;
        };
        ListedJob: {
            /** @description Only in a list of one account: which accounts the job is about is not known yet, or never was, so that it may be about this one */
            account_unknown?: boolean;
            /**
             * Format: int64
             * @description Calls to AWS that the cells took, retries and pages included: those of each try of a cell that ended. A try that a worker died in is not counted, nor is what found the regions, read metrics or asked for bills. null for a job of a time before calls were counted
             */
            calls: number | null;
            /** @description True when the job has ended with every cell seen */
            complete: boolean;
            cost_summary: components["schemas"]["CostSummary"];
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            deadline_at: string;
            /**
             * Format: date-time
             * @description When the job and its result are deleted
             */
            expires_at: string;
            /** Format: date-time */
            finished_at: string | null;
            job_id: string;
            /** @enum {string} */
            kind: "scan" | "access_check";
            /** @enum {string} */
            lane: "interactive" | "scheduled";
            links: components["schemas"]["Links"];
            progress: components["schemas"]["Progress"];
            reason?: string;
            schedule_id?: string;
            /** Format: date-time */
            started_at: string | null;
            /** @enum {string} */
            state: "queued" | "running" | "finalizing" | "succeeded" | "partial" | "failed" | "cancelled";
            summary: components["schemas"]["Summary"];
            /**
             * @description worker: the job is queued and no worker is alive
             * @enum {string}
             */
            waiting_for?: "worker";
        };
        LiveFinding: {
            account_id: string;
            acknowledgement?: components["schemas"]["Acknowledgement"];
            /** @description How the saving was computed */
            basis: string;
            /** @enum {string} */
            confidence: "high" | "medium" | "low" | "none";
            counted: boolean;
            evidence: {
                [key: string]: unknown;
            };
            finding_id: string;
            fix?: components["schemas"]["ActionItem"];
            /** @description Why a person has to look first: the plan that repairs it would refuse. The saving is not counted */
            held?: string;
            /** Format: double */
            monthly_saving: number | null;
            /**
             * Format: date-time
             * @description Since when, as far as scans saw, it is so
             */
            opened_at: string;
            /**
             * Format: double
             * @description An estimate: what the resource costs a month less than when the finding was seen last, at list prices; of one that is gone, what it cost. null while it is open, and where a cost is not known or only a bound of it
             */
            realised_saving: number | null;
            region: string;
            /** @description Keys of other resources that the finding is about */
            related?: string[];
            /**
             * Format: int64
             * @description How often it came back after it was resolved
             */
            reopened: number;
            /**
             * @description gone: the resource is not there any more; repaired: it is, and its rule does not find it
             * @enum {string}
             */
            resolution?: "gone" | "repaired";
            /**
             * Format: date-time
             * @description When a scan saw that it is so no more
             */
            resolved_at?: string;
            resource_id: string;
            resource_key: string;
            resource_name: string | null;
            resource_type: string;
            /** @enum {string} */
            risk: "none" | "low" | "medium" | "high";
            risk_note?: string;
            rule: string;
            /**
             * Format: date-time
             * @description When a scan saw it last
             */
            seen_at: string;
            /**
             * @description acknowledged: open, and somebody has said why
             * @enum {string}
             */
            state: "open" | "acknowledged" | "resolved";
            /** @description Of the resource, when the finding was seen last */
            tags: {
                [key: string]: string;
            };
            title: string;
            /** @description Open, and the newest scan of the account has not decided on it: its cell or what its rule relies on was not seen, or metrics were not asked for */
            unconfirmed: boolean;
        };
        LiveFindingAnswer: {
            finding: components["schemas"]["LiveFinding"];
            /** @description Always true */
            success: boolean;
        };
        LiveFindingsAnswer: {
            /** @description Empty with group_by */
            findings: components["schemas"]["LiveFinding"][];
            /** @description With group_by */
            groups?: components["schemas"]["FindingGroup"][];
            /** @description Absent on the last page */
            next_cursor?: string;
            /** @description Always true */
            success: boolean;
            /** @description Of all that the query selects */
            summary: components["schemas"]["FindingGroup"];
        };
        LivePlanBody: {
            /** @description Access key, else X-AWS-Access-Key */
            access_key_id?: string;
            /** @description Name of a registered account, which the server's own identity enters: in place of keys and role */
            account?: string;
            /**
             * Format: int64
             * @description Carry it out so much later; until then it can be cancelled
             */
            after_seconds?: number;
            /** @description Carry it out as soon as it is planned */
            apply?: boolean;
            /** @description One item first, then a tenth, then all; absent is yes from ten items on */
            canary?: boolean;
            /** @description The role's external ID */
            external_id?: string;
            /** @description Open findings, as GET /api/v1/findings names them. Each has to be repaired by a verb */
            finding_ids: string[];
            /**
             * Format: int64
             * @description The share of failed items that holds the rest; none is 10
             */
            max_failure_percent?: number;
            /**
             * Format: int64
             * @description The most items that it may have; none is the server's limit
             */
            max_items?: number;
            /**
             * Format: int64
             * @description The largest share of a type's resources that a selection may take; none is the server's limit
             */
            max_share_percent?: number;
            /** @description Role to assume with the keys; without keys, that of a registered account */
            role_arn?: string;
            /** @description Keys that the client has sealed to the key of GET /api/v1/credentials-key, in base64, in place of access_key_id, secret_access_key and session_token */
            sealed_credentials?: string;
            /**
             * Format: password
             * @description Secret key, else X-AWS-Secret-Key
             */
            secret_access_key?: string;
            /**
             * Format: password
             * @description Token of temporary keys, else X-AWS-Session-Token
             */
            session_token?: string;
        };
        LostUnits: {
            /** Format: int64 */
            last_hour: number;
            /**
             * Format: int64
             * @description Since midnight UTC
             */
            today: number;
        };
        MonthForecast: {
            /**
             * Format: int64
             * @description Days of the month before the first look: they count as the first known day
             */
            assumed_days: number;
            /**
             * Format: int64
             * @description Days of the month until today on which no scan looked: they count as the day before
             */
            carried_days: number;
            /**
             * Format: double
             * @description The whole month
             */
            forecast: number;
            /** Format: double */
            high: number;
            /** Format: double */
            low: number;
            /**
             * @description damped_trend: exponential smoothing, with the interval from what it was wrong by. flat: today's cost for the days to come and a wide interval, because fewer than 14 days were observed. none: nothing is known
             * @enum {string}
             */
            method: "damped_trend" | "flat" | "none";
            /**
             * Format: double
             * @description Until the end of today: of each day its monthly cost, divided by the days of the month
             */
            month_to_date: number;
            /**
             * Format: double
             * @description What there is now costs a month
             */
            monthly_cost: number;
            /**
             * Format: int64
             * @description Days that the method looked at and a scan saw something on; of the last 60
             */
            observed_days: number;
            /**
             * Format: int64
             * @description Resources now whose cost is not known: no sum has them
             */
            unpriced: number;
        };
        Mover: {
            account_id: string;
            /** @enum {string} */
            is: "added" | "removed" | "changed";
            region: string;
            resource_id: string;
            resource_name?: string;
            resource_type: string;
            /**
             * Format: double
             * @description A month
             */
            step: number;
        };
        NextRunsAnswer: {
            /** @description The next five, or those that come within five years */
            next_runs: string[];
            /** @description Always true */
            success: boolean;
        };
        Note: {
            /**
             * Format: int64
             * @description How many resources there are
             */
            count: number;
            message: string;
            outcome: string;
            region: string;
            /** @description IDs of the resources, the first twenty */
            resources: string[];
        };
        Notice: {
            changes?: ("added" | "removed" | "changed")[];
            filter?: components["schemas"]["Filter"];
            selected?: ("before" | "now" | "both")[];
        };
        NoticeBody: {
            /** @description Only these; none is all */
            changes?: ("added" | "removed" | "changed")[];
            /** @description Only resources that it selects as they were or as they are, at most 800 characters as a short query; none is all */
            filter?: components["schemas"]["Filter"];
            /** @description Only what the filter selects at these times. now is what it selects now and has not selected before, such as an address that has appeared; none is all */
            selected?: ("before" | "now" | "both")[];
        };
        OffHours: {
            /** @description Cron line at which the plan's action is carried out, such as stop at 0 19 * * 1-5 */
            begin: string;
            /** @description Cron line at which the opposite action is, such as start at 0 7 * * 1-5 */
            end: string;
        };
        OpenJobs: {
            /** Format: int64 */
            jobs: number;
            /** @enum {string} */
            lane: "interactive" | "scheduled";
            /**
             * Format: double
             * @description Age of the oldest; 0 without one
             */
            oldest_seconds: number;
        };
        OpenWork: {
            /**
             * Format: date-time
             * @description When it was looked at: every ten seconds at most
             */
            at: string;
            /**
             * Format: int64
             * @description Ended scans that wait to be taken into the history
             */
            history_waiting_scans: number;
            jobs: components["schemas"]["OpenJobs"][];
            /**
             * Format: int64
             * @description Plans that have not ended, those that wait for a person among them
             */
            plans: number;
            /**
             * Format: double
             * @description How long the tick of a schedule has been due that is due the longest; 0 without one
             */
            schedule_lag_seconds: number;
            /**
             * Format: int64
             * @description Worker processes that are alive
             */
            workers: number;
        };
        Operations: {
            /**
             * Format: date-time
             * @description When this was asked for
             */
            at: string;
            /** @description What workers have told of their calls to AWS. Absent where it cannot be read */
            calls?: components["schemas"]["CallsToAWS"];
            /** @description Parts of scans that were lost, such as with a worker that died, and queued again. Absent where they cannot be read */
            lost_units?: components["schemas"]["LostUnits"];
            /** @description What has not ended. Absent where the last look at it failed */
            open?: components["schemas"]["OpenWork"];
            /** @description Absent where the last look at the queues failed */
            queues?: components["schemas"]["QueuesSeen"];
            redis: components["schemas"]["RedisSeen"];
            /** @description Absent where the last look at them failed */
            workers?: components["schemas"]["WorkersSeen"];
        };
        OperationsAnswer: {
            operations: components["schemas"]["Operations"];
            /** @description Always true */
            success: boolean;
        };
        Param: {
            description: string;
            enum?: string[];
            /** @enum {string} */
            kind: "string" | "integer" | "boolean" | "strings" | "map";
            /** Format: int64 */
            maximum?: number;
            /** Format: int64 */
            minimum?: number;
            name: string;
            required: boolean;
        };
        Permission: {
            denied?: string[];
            how?: string;
            message?: string;
            /** @enum {string} */
            verdict: "allowed" | "denied" | "not_known";
        };
        Place: {
            /** Format: int64 */
            compliant: number;
            /** @description Of those that do not comply */
            cost: components["schemas"]["CostReport"];
            name: string;
            /** Format: int64 */
            resources: number;
        };
        PlanAbout: {
            action: string;
            /** Format: date-time */
            applied_at: string | null;
            approval: components["schemas"]["Approval"];
            /** @description Who asked for the plan, as in the audit */
            author: string;
            /** Format: date-time */
            created_at: string;
            /**
             * Format: date-time
             * @description When the item ended
             */
            finished_at: string | null;
            /**
             * Format: int64
             * @description The index of the item that is about the resource
             */
            item: number;
            /** @enum {string} */
            item_state: "planned" | "waiting" | "ready" | "running" | "refused" | "verified" | "failed" | "blocked" | "verify_timeout" | "reappeared" | "not_run";
            /** @description What became of the item, such as why it was refused */
            message?: string;
            /**
             * Format: double
             * @description What the item was planned to save, in US dollars a month; null where it is not known
             */
            monthly_saving: number | null;
            params?: {
                [key: string]: unknown;
            };
            plan_id: string;
            /** @description Why the plan failed, is held or was cancelled */
            reason?: string;
            /** @description What started the plan */
            schedule_id?: string;
            /** @description What the plan's resources were selected by; absent where they were named */
            select?: components["schemas"]["PlanSelection"];
            /**
             * @description Of the plan
             * @enum {string}
             */
            state: "planning" | "planned" | "scheduled" | "applying" | "held" | "succeeded" | "partial" | "failed" | "cancelled" | "expired";
            /** @description The plan that it undoes */
            undo_of?: string;
            /** @description The newest plan that was made to undo it */
            undone_by?: string;
        };
        PlanAnswer: {
            /** @description A page of them, each with what was seen, what would happen and what has; empty while planning */
            items: components["schemas"]["PlanItem"][];
            /** @description The cursor of the next page of items at GET /api/v1/plans/{id}; absent on the last */
            next_cursor?: string;
            /** @description What a person types to confirm that it is carried out, such as delete 20 123456789012: its verb, or change where it has several, how many items would be carried out, and the account. Absent where nothing can be applied, and with a cursor */
            phrase?: string;
            plan: components["schemas"]["PlanView"];
            /** @description Always true */
            success: boolean;
        };
        PlanBody: {
            /** @description Access key, else X-AWS-Access-Key */
            access_key_id?: string;
            /** @description Name of a registered account, which the server's own identity enters: in place of keys and role */
            account?: string;
            /** @description The items, one by one; or select is given */
            actions?: components["schemas"]["ActionBody"][];
            /**
             * Format: int64
             * @description Carry it out so much later; until then it can be cancelled
             */
            after_seconds?: number;
            /** @description Carry it out as soon as it is planned */
            apply?: boolean;
            /** @description One item first, then a tenth, then all; absent is yes from ten items on */
            canary?: boolean;
            /** @description The role's external ID */
            external_id?: string;
            /**
             * Format: int64
             * @description The share of failed items that holds the rest; none is 10
             */
            max_failure_percent?: number;
            /**
             * Format: int64
             * @description The most items that it may have; none is the server's limit
             */
            max_items?: number;
            /**
             * Format: int64
             * @description The largest share of a type's resources that a selection may take; none is the server's limit
             */
            max_share_percent?: number;
            /** @description Role to assume with the keys; without keys, that of a registered account */
            role_arn?: string;
            /** @description Keys that the client has sealed to the key of GET /api/v1/credentials-key, in base64, in place of access_key_id, secret_access_key and session_token */
            sealed_credentials?: string;
            /**
             * Format: password
             * @description Secret key, else X-AWS-Secret-Key
             */
            secret_access_key?: string;
            select?: components["schemas"]["SelectionBody"];
            /**
             * Format: password
             * @description Token of temporary keys, else X-AWS-Session-Token
             */
            session_token?: string;
        };
        PlanItem: {
            account_id?: string;
            action: string;
            dependents?: string[];
            depends_on?: number[];
            /** Format: int64 */
            index: number;
            ledger: components["schemas"]["ItemLedger"];
            lift?: string[];
            /** Format: double */
            monthly_saving: number | null;
            notes?: string[];
            params?: {
                [key: string]: unknown;
            };
            permission?: components["schemas"]["Permission"];
            refusals: components["schemas"]["Refusal"][];
            region: string;
            resource_id: string;
            resource_name: string | null;
            resource_type: string;
            state: string;
            undo?: string;
            watched?: {
                [key: string]: string;
            };
            would: string;
        };
        PlanLinks: {
            apply: string;
            self: string;
            undo: string;
        };
        PlanReport: {
            /** @description All of them: each as it was looked at, what refused it, what was sent of it, and what it came to */
            items: components["schemas"]["PlanItem"][];
        };
        PlanRequest: {
            actions?: components["schemas"]["ActionItem"][];
            /** Format: int64 */
            after_seconds?: number;
            apply: boolean;
            canary?: boolean;
            /** Format: int64 */
            max_failure_percent?: number;
            /** Format: int64 */
            max_items?: number;
            /** Format: int64 */
            max_share_percent?: number;
            select?: components["schemas"]["PlanSelection"];
        };
        PlanSelection: {
            action: string;
            filter: components["schemas"]["Filter"];
            job_id?: string;
            lift?: string[];
            params?: {
                [key: string]: unknown;
            };
            regions?: string[];
        };
        PlanTotals: {
            by_state: {
                [key: string]: number;
            };
            /** Format: int64 */
            items: number;
            /** Format: double */
            monthly_saving: number;
            /** Format: int64 */
            saving_unknown: number;
        };
        PlanView: {
            /** @description The account that it is about; absent while that is not known */
            account_id?: string;
            /** @description Only in a list of one account: which account the plan is about is not known yet, or never was, so that it may be about this one */
            account_unknown?: boolean;
            /** Format: date-time */
            applied_at: string | null;
            /**
             * Format: date-time
             * @description When it is applied, if later
             */
            apply_at?: string;
            approval: components["schemas"]["Approval"];
            /** @description Who asked for the plan, as in the audit */
            author: string;
            /** Format: date-time */
            created_at: string;
            digest?: string;
            /**
             * Format: date-time
             * @description Until when it can be applied; after its end, until when it can be read
             */
            expires_at: string;
            /** Format: date-time */
            finished_at: string | null;
            links: components["schemas"]["PlanLinks"];
            plan_id: string;
            reason?: string;
            request: components["schemas"]["PlanRequest"];
            schedule_id?: string;
            /** @enum {string} */
            state: "planning" | "planned" | "scheduled" | "applying" | "held" | "succeeded" | "partial" | "failed" | "cancelled" | "expired";
            totals: components["schemas"]["PlanTotals"];
            undo_of?: string;
            /** @description The newest plan that was made to undo this one */
            undone_by?: string;
        };
        PlansAnswer: {
            /** @description Absent on the last page */
            next_cursor?: string;
            /** @description Newest first */
            plans: components["schemas"]["PlanView"][];
            /** @description Always true */
            success: boolean;
        };
        PoliciesAnswer: {
            /** @description All that these uses need, and no more; more than one where IAM's limit of size asks for it */
            policies: ({
                [key: string]: unknown;
            } | null)[];
            /** @description Always true */
            success: boolean;
        };
        Policy: {
            exempt_types?: string[];
            required: components["schemas"]["Requirement"][];
        };
        Problem: {
            /** @description What is wrong with this request */
            detail?: string;
            /** @description The reason, where there is more to say */
            details?: string;
            /** @description Where the documentation is */
            docs?: string;
            /** @description What is wrong, in one sentence */
            error: string;
            /** @description The fields at fault. Values are never repeated */
            errors?: components["schemas"]["FieldError"][];
            /** @description The job that the problem is about */
            job_id?: string;
            /** @description The quota that does not allow it */
            quota?: components["schemas"]["QuotaUse"];
            /** @description Names the request in the server's log */
            request_id?: string;
            /** Format: int64 */
            status: number;
            /** @description Always false */
            success: boolean;
            /** @description The status in words */
            title: string;
        };
        Progress: {
            by_outcome: {
                [key: string]: number;
            };
            /** Format: int64 */
            cells_closed: number;
            /** Format: int64 */
            cells_total: number;
            /** Format: int64 */
            discovering: number;
            /** Format: int64 */
            percent: number;
        };
        PutAccountBody: {
            description?: string;
            /** @description What is scanned where a request names no regions; none is every region that the account has enabled */
            regions?: string[];
            /** @description Role that the server's own identity assumes */
            role_arn: string;
        };
        Queue: {
            /**
             * Format: int64
             * @description Tasks that a worker has
             */
            active: number;
            /**
             * Format: int64
             * @description Tasks that failed too often and are given up
             */
            archived: number;
            /**
             * Format: int64
             * @description Tasks that failed since midnight UTC, each time that they did
             */
            failed_today: number;
            /**
             * @description The kind of work
             * @enum {string}
             */
            lane: "interactive" | "scheduled" | "actions" | "webhooks";
            /**
             * Format: double
             * @description Age of the oldest task that waits for a worker
             */
            latency_seconds: number;
            /**
             * @description The kind of work, and which of its queues
             * @example interactive-0
             */
            name: string;
            /** @description No worker takes tasks of it */
            paused: boolean;
            /**
             * Format: int64
             * @description Tasks that wait for a worker
             */
            pending: number;
            /**
             * Format: int64
             * @description Tasks that ended since midnight UTC, those that failed among them
             */
            processed_today: number;
            /**
             * Format: int64
             * @description Tasks that are tried again later
             */
            retry: number;
            /**
             * Format: int64
             * @description Tasks whose time has not come
             */
            scheduled: number;
        };
        QueueServer: {
            /**
             * Format: int64
             * @description Tasks that it has
             */
            active: number;
            /**
             * Format: int64
             * @description Tasks at once
             */
            concurrency: number;
            host: string;
            /**
             * @description The kind of work
             * @enum {string}
             */
            lane: "interactive" | "scheduled" | "actions" | "webhooks";
            /** Format: int64 */
            pid: number;
            /** @description Those that it takes tasks of */
            queues: string[];
            /** Format: date-time */
            started_at: string;
            /**
             * @description active, or stopped while it ends what it has begun
             * @example active
             */
            status: string;
        };
        QueuesSeen: {
            /**
             * Format: date-time
             * @description When they were looked at: every ten seconds at most
             */
            at: string;
            queues: components["schemas"]["Queue"][];
        };
        QuotaAnswer: {
            quotas: components["schemas"]["QuotaUse"][];
            /** @description Always true */
            success: boolean;
        };
        QuotaBody: {
            /** @description Limits by the name of the quota; 0 is no limit */
            limits: {
                [key: string]: number;
            };
        };
        QuotaUse: {
            /**
             * Format: int64
             * @description 0 is no limit
             */
            limit: number;
            /** @description Of the tenant; principal. before it is what you may use of it yourself */
            name: string;
            /**
             * @description The time that it is counted in, or job; absent where it counts what there is at once
             * @enum {string}
             */
            per?: "second" | "job" | "day" | "month";
            /**
             * Format: date-time
             * @description When it is counted anew
             */
            resets_at?: string;
            /** Format: int64 */
            used: number;
        };
        Readiness: {
            /** @description ok or failed, by part; the log says why. workers is none when no worker is alive: what is submitted waits, and the server is ready for it */
            checks: {
                [key: string]: string;
            };
            /** @enum {string} */
            status: "ready" | "not ready";
        };
        RedisNode: {
            /** @description Null where sentinels name it */
            address: string | null;
            /** @description It answered when it was asked */
            answers: boolean;
            /** @description It writes each change to a file */
            append_only: boolean | null;
            /** @description How the last write to that file ended: ok or err */
            append_status: string | null;
            /** Format: int64 */
            connected_clients: number | null;
            /**
             * Format: int64
             * @description How many are connected to it
             */
            connected_replicas: number | null;
            /** @description Its policy lets it drop keys when it is full: tasks and results are lost */
            drops_keys: boolean | null;
            /**
             * Format: int64
             * @description Keys that it dropped since it began
             */
            evicted_keys: number | null;
            /** @description Of a replica: up or down */
            master_link: string | null;
            /** Format: int64 */
            max_clients: number | null;
            /**
             * Format: int64
             * @description maxmemory; 0 is no bound: it grows until the machine ends it
             */
            max_memory_bytes: number | null;
            /**
             * @description maxmemory-policy
             * @example noeviction
             */
            memory_policy: string | null;
            /**
             * Format: int64
             * @description Connections that were one too many, since it began
             */
            rejected_connections: number | null;
            /** @description Those of them that it tells more of */
            replicas: components["schemas"]["RedisReplica"][];
            /** @description How the last rewrite of that file ended: ok or err */
            rewrite_status: string | null;
            /** @description master or replica */
            role: string | null;
            /** @description How the last whole copy ended: ok or err. After err a Redis may refuse writes */
            save_status: string | null;
            /**
             * Format: date-time
             * @description When its last whole copy was saved, or when it began
             */
            saved_at: string | null;
            /** Format: int64 */
            uptime_seconds: number | null;
            /** Format: int64 */
            used_memory_bytes: number | null;
            version: string | null;
        };
        RedisReplica: {
            address: string;
            /**
             * Format: int64
             * @description Since it was last heard of
             */
            lag_seconds: number | null;
            /** @description online when it follows */
            state: string;
        };
        RedisSeen: {
            /**
             * Format: date-time
             * @description When it was asked: every ten seconds at most; null where its nodes are not known
             */
            at: string | null;
            /**
             * Format: int64
             * @description Commands and connections of this process of the API that failed since it began
             */
            errors: number;
            /**
             * @description What the server is told that it is
             * @enum {string}
             */
            kind: "server" | "cluster" | "sentinel";
            /** @description Of a cluster all that are known, else the one that is written to */
            nodes: components["schemas"]["RedisNode"][];
        };
        Ref: {
            resource_id: string;
            resource_type: string;
        };
        Refusal: {
            cleared_by?: components["schemas"]["Ref"][];
            how_to_lift?: string;
            liftable: boolean;
            message: string;
            rule: string;
        };
        RegisteredAccount: {
            /** @description The AWS account of the role */
            account_id: string;
            /** Format: date-time */
            changed_at: string;
            /** Format: date-time */
            created_at: string;
            description?: string;
            /** @description Made by the server for this registration: the role's trust policy has to ask for it */
            external_id?: string;
            /** @description What requests name it by */
            name: string;
            /** @description What is scanned where a request names no regions */
            regions?: string[];
            role_arn: string;
        };
        Relation: {
            /**
             * @description out: the resource names the other; in: the other names it
             * @enum {string}
             */
            direction: "in" | "out";
            /** @description False when the scan did not find the other: it is gone, or was not scanned */
            found: boolean;
            /** @description Of the other; absent when the scan did not find it */
            key?: string;
            name: string | null;
            /** @description Such as attached_to, in the words of the resource that names the other */
            relation: string;
            /** @description Of the other; its ARN where it is named by that and was not found */
            resource_id: string;
            resource_type: string;
        };
        RelationsAnswer: {
            /** @description Whether the scan saw everything */
            complete: boolean;
            job_id: string;
            /** @description Those that name the resource, then those that it names */
            relations: components["schemas"]["Relation"][];
            resource: components["schemas"]["Resource"];
            /** @description Always true */
            success: boolean;
        };
        Report: {
            by_account: components["schemas"]["Place"][];
            by_region: components["schemas"]["Place"][];
            by_type: components["schemas"]["Place"][];
            /** Format: int64 */
            compliant: number;
            cost: components["schemas"]["CostReport"];
            /**
             * Format: int64
             * @description Resources of which no key is required
             */
            exempt: number;
            keys: components["schemas"]["Key"][];
            /** Format: int64 */
            resources: number;
        };
        ReportAnswer: {
            /** @enum {string} */
            currency: "USD";
            /** @description What the report is narrowed to; absent: all that the history has */
            filter?: string;
            /**
             * Format: date-time
             * @description What changed and what the trend is of begins here
             */
            from: string;
            /** @description What holds of all figures */
            notes?: string[];
            sections: components["schemas"]["ReportSection"][];
            /** @description Always true */
            success: boolean;
            /** @enum {string} */
            time_zone: "UTC";
            title: string;
            /**
             * Format: date-time
             * @description As of when the inventory is
             */
            to: string;
            /** Format: date-time */
            written_at: string;
        };
        ReportColumn: {
            /** @enum {string} */
            kind: "money" | "count" | "share" | "time" | "day" | "text";
            label: string;
            name: string;
            /** @description The fact of the section that the column adds up to */
            sum?: string;
        };
        ReportFact: {
            /** @enum {string} */
            kind: "money" | "count" | "share" | "time" | "day" | "text";
            label: string;
            name: string;
            note?: string;
            /** @description Of money a number of US dollars, of share a number from 0 to 1; null is not known */
            value: unknown;
        };
        ReportSection: {
            facts: components["schemas"]["ReportFact"][];
            /** @description Paths of the API with the lists that the figures are sums of */
            lists: string[];
            /** @description By which programs know it, such as cost */
            name: string;
            notes?: string[];
            tables: components["schemas"]["ReportTable"][];
            title: string;
            /** @description Why nothing is known; absent where figures are there */
            unknown?: string;
        };
        ReportTable: {
            columns: components["schemas"]["ReportColumn"][];
            name: string;
            /** @description A value for each column; null is not known, or there is none */
            rows: unknown[][];
            title: string;
        };
        Requirement: {
            key: string;
            resource_types?: string[];
            values?: string[];
        };
        Resource: {
            account_id: string;
            arn: string;
            cost: components["schemas"]["Cost"] | null;
            /** Format: date-time */
            creation_date: string | null;
            /** Format: double */
            estimated_cost_monthly: number | null;
            metadata: {
                [key: string]: unknown;
            };
            region: string;
            resource_id: string;
            resource_name: string | null;
            resource_type: string;
            state: string;
            tags: {
                [key: string]: string;
            };
        };
        ResourcesAnswer: {
            /** @description False while the scan runs, and when it could not see everything */
            complete: boolean;
            /** Format: date-time */
            finished_at: string | null;
            job_id?: string;
            /** @description Absent on the last page */
            next_cursor?: string;
            /** @description Of what all scans saw last: scans that have ended and are not in it yet */
            pending_scans?: string[];
            resources: components["schemas"]["Resource"][];
            state?: string;
            /** @description Always true */
            success: boolean;
            /**
             * Format: int64
             * @description Resources found so far; absent with a filter
             */
            total?: number;
        };
        ResumeBody: {
            /** @description Access key, else X-AWS-Access-Key */
            access_key_id?: string;
            /** @description Name of a registered account, which the server's own identity enters: in place of keys and role */
            account?: string;
            /** @description The role's external ID */
            external_id?: string;
            /** @description Role to assume with the keys; without keys, that of a registered account */
            role_arn?: string;
            /** @description Keys that the client has sealed to the key of GET /api/v1/credentials-key, in base64, in place of access_key_id, secret_access_key and session_token */
            sealed_credentials?: string;
            /**
             * Format: password
             * @description Secret key, else X-AWS-Secret-Key
             */
            secret_access_key?: string;
            /**
             * Format: password
             * @description Token of temporary keys, else X-AWS-Session-Token
             */
            session_token?: string;
        };
        RetryBody: {
            /** @description Access key, else X-AWS-Access-Key */
            access_key_id?: string;
            /** @description Name of a registered account, which the server's own identity enters: in place of keys and role */
            account?: string;
            /** @description The role's external ID */
            external_id?: string;
            /** @description Role to assume with the keys; without keys, that of a registered account */
            role_arn?: string;
            /** @description Keys that the client has sealed to the key of GET /api/v1/credentials-key, in base64, in place of access_key_id, secret_access_key and session_token */
            sealed_credentials?: string;
            /**
             * Format: password
             * @description Secret key, else X-AWS-Secret-Key
             */
            secret_access_key?: string;
            /**
             * Format: password
             * @description Token of temporary keys, else X-AWS-Session-Token
             */
            session_token?: string;
        };
        RotateBody: {
            /**
             * Format: int64
             * @description How long the secret before signs too; none is a day, and 0 ends it at once
             */
            keep_old_seconds?: number;
        };
        RulePlanBody: {
            /** @description Access key, else X-AWS-Access-Key */
            access_key_id?: string;
            /** @description Name of a registered account, which the server's own identity enters: in place of keys and role */
            account?: string;
            /**
             * Format: int64
             * @description Carry it out so much later; until then it can be cancelled
             */
            after_seconds?: number;
            /** @description Carry it out as soon as it is planned */
            apply?: boolean;
            /** @description One item first, then a tenth, then all; absent is yes from ten items on */
            canary?: boolean;
            /** @description The role's external ID */
            external_id?: string;
            /** @description Only findings about resources that it selects, as GET …/findings takes it */
            filter?: components["schemas"]["Filter"];
            /**
             * Format: int64
             * @description The share of failed items that holds the rest; none is 10
             */
            max_failure_percent?: number;
            /**
             * Format: int64
             * @description The most items that it may have; none is the server's limit
             */
            max_items?: number;
            /**
             * Format: int64
             * @description The largest share of a type's resources that a selection may take; none is the server's limit
             */
            max_share_percent?: number;
            /** @description Role to assume with the keys; without keys, that of a registered account */
            role_arn?: string;
            /** @description Keys that the client has sealed to the key of GET /api/v1/credentials-key, in base64, in place of access_key_id, secret_access_key and session_token */
            sealed_credentials?: string;
            /**
             * Format: password
             * @description Secret key, else X-AWS-Secret-Key
             */
            secret_access_key?: string;
            /**
             * Format: password
             * @description Token of temporary keys, else X-AWS-Session-Token
             */
            session_token?: string;
        };
        RuleReport: {
            description: string;
            /** Format: int64 */
            findings: number;
            /** Format: double */
            monthly_saving: number;
            reason?: string;
            rule: string;
            /** @enum {string} */
            status: "evaluated" | "not_evaluated";
            /** Format: int64 */
            unpriced: number;
        };
        RunsAnswer: {
            /** @description Runs of a schedule that carries a plan, newest first */
            plans?: components["schemas"]["PlanView"][];
            /** @description Newest first, without their requests */
            runs: components["schemas"]["ListedJob"][];
            /** @description Always true */
            success: boolean;
        };
        Sample: {
            resource_key: string;
            resource_name: string | null;
            resource_type: string;
            value?: string;
        };
        ScanAccount: {
            /** @description Name of a registered account, in a request without keys */
            account?: string;
            external_id?: string;
            /** @description Regions of this account; without any, those of the request */
            regions?: string[];
            /** @description Role to assume in the account, in place of account; without keys, that of a registered account */
            role_arn?: string;
        };
        ScanAnswer: {
            data: components["schemas"]["ScanResult"];
            /** @description Always true */
            success: boolean;
        };
        ScanBody: {
            /** @description Access key, else X-AWS-Access-Key */
            access_key_id?: string;
            /** @description Name of a registered account, which the server's own identity enters: in place of keys and role */
            account?: string;
            /** @description Accounts to scan, each through a role; without any, the account of the credentials */
            accounts?: components["schemas"]["ScanAccount"][];
            /** @description Ask Cost Explorer what AWS has billed. …/costs answers it beside the estimate */
            billed_cost?: components["schemas"]["BilledBody"];
            /** @description Details that take a call or more for each resource and are read only when they are named, as in GET /api/v1/types: bucket_lifecycle, bucket_uploads. They need permissions of their own */
            details?: string[];
            /** @description Regions that are not scanned, whether the request names them or the account has enabled them. Their buckets are not listed. Resources that belong to no region are listed. Each is a region that is known here, or that the request names */
            exclude_regions?: string[];
            /** @description Services whose types are not scanned. Other belongs to the service tag */
            exclude_services?: string[];
            /** @description Types that are not scanned. Their resources are not listed as Other either */
            exclude_types?: string[];
            /** @description The role's external ID */
            external_id?: string;
            /** @description Keep only resources that a filter selects. The scan makes the same calls and stores fewer resources. Ages are counted from the time when the job is created */
            filter?: components["schemas"]["Filter"];
            /**
             * @description Look for savings before the scan ends
             * @default true
             */
            findings?: boolean;
            /**
             * Format: int64
             * @description How many regions of an account are scanned at once; without it, as many as the workers run
             */
            max_workers?: number;
            /** @description Read metrics of CloudWatch for the findings, such as the CPU use of instances. AWS charges the account for each metric that is read, $0.01 a thousand at list price. The scan needs cloudwatch:GetMetricData */
            metrics?: boolean;
            /** @description Leave out the listeners of application, network and gateway load balancers; they are null then. Listeners take a call for each load balancer, from a quota of ten a second */
            no_listeners?: boolean;
            /** @description Scan every active account of the organisation */
            organization?: boolean;
            /** @description Regions; without any, every region that the account has enabled. A region that is newer than this service is tried too; the coverage says how it went */
            regions?: string[];
            /** @description Role to assume with the keys; without keys, that of a registered account */
            role_arn?: string;
            /** @description Keys that the client has sealed to the key of GET /api/v1/credentials-key, in base64, in place of access_key_id, secret_access_key and session_token */
            sealed_credentials?: string;
            /**
             * Format: password
             * @description Secret key, else X-AWS-Secret-Key
             */
            secret_access_key?: string;
            /** @description AWS services, as in GET /api/v1/types: all their types are scanned. The job keeps the types that they had when it was created */
            services?: string[];
            /**
             * Format: password
             * @description Token of temporary keys, else X-AWS-Session-Token
             */
            session_token?: string;
            /**
             * @description Answer the scan that already runs with the same credentials and scope; false always starts one, and so do keys that the client has sealed
             * @default true
             */
            single_flight?: boolean;
            /** @description Keep only resources that carry all these tags, with exactly these values. The scan makes the same calls and stores fewer resources. Resources of types without tags are not kept */
            tags?: {
                [key: string]: string;
            };
            /**
             * Format: int64
             * @description How long the scan may take
             */
            timeout_seconds?: number;
            /** @description Resource types, in addition to those of services. Without types and services, all of GET /api/v1/types */
            types?: string[];
        };
        ScanError: {
            account_id?: string;
            message: string;
            outcome?: string;
            region?: string;
            resource_type?: string;
            /** @enum {string} */
            type: "scan_error" | "S3_scan_error" | "IAM_scan_error";
        };
        ScanRequest: {
            accounts?: components["schemas"]["AccountRef"][];
            billed_cost?: components["schemas"]["BilledRequest"];
            details?: string[];
            exclude_regions?: string[];
            exclude_types?: string[];
            filter?: components["schemas"]["Filter"];
            findings?: boolean;
            /** Format: int64 */
            max_workers?: number;
            metrics?: boolean;
            no_listeners?: boolean;
            organization?: boolean;
            regions?: string[];
            tags?: {
                [key: string]: string;
            };
            /** Format: int64 */
            timeout_seconds?: number;
            types?: string[];
        };
        ScanResult: {
            /** @description True when every cell was listed in full */
            complete: boolean;
            cost_summary: components["schemas"]["CostSummary"];
            /** @description One for each cell that was not listed in full */
            errors: components["schemas"]["ScanError"][];
            job_id: string;
            /** @description Regions in which at least one type was listed in full */
            regions_scanned: string[];
            resources: components["schemas"]["Resource"][];
            state: string;
            summary: components["schemas"]["Summary"];
            /**
             * Format: date-time
             * @description When the scan ended; while it runs, when it was submitted
             */
            timestamp: string;
        };
        ScheduleAnswer: {
            account?: string;
            /** @description Only in a list of one account: neither the schedule nor its newest run says which accounts it is about, so that it may be about this one */
            account_unknown?: boolean;
            /** Format: date-time */
            created_at: string;
            cron?: string;
            /** Format: int64 */
            every_seconds?: number;
            /**
             * Format: int64
             * @description How many runs in a row could not be started
             */
            failures?: number;
            /** Format: int64 */
            keep: number;
            /** @description Why the newest run could not be started; absent once one is */
            last_error?: string;
            /** Format: date-time */
            last_error_at?: string;
            last_good?: string;
            last_run?: string;
            links: components["schemas"]["ScheduleLinks"];
            name: string;
            /** Format: date-time */
            next_at: string | null;
            /** @description The next five; none while paused */
            next_runs: string[];
            /** @description The changes between runs that webhooks are told of; absent is none */
            notify?: components["schemas"]["Notice"];
            off_hours?: components["schemas"]["OffHours"];
            paused: boolean;
            /** @description Why it paused itself; absent where a person did */
            paused_reason?: string;
            plan?: components["schemas"]["PlanRequest"];
            request: components["schemas"]["ScanRequest"];
            role_arn?: string;
            schedule_id: string;
            /**
             * Format: int64
             * @description How long after its time a run may still start; absent is 3600
             */
            starting_deadline_seconds?: number;
            /** @description Always true */
            success: boolean;
            time_zone?: string;
            wanted?: components["schemas"]["WantedState"];
        };
        ScheduleBody: {
            /** @description Refused: a schedule would have to keep it */
            access_key_id?: string;
            /** @description Name of a registered account to work in */
            account?: string;
            /** @description Accounts to scan, each through a role; without any, the account of the credentials */
            accounts?: components["schemas"]["ScanAccount"][];
            /** @description Ask Cost Explorer what AWS has billed. …/costs answers it beside the estimate */
            billed_cost?: components["schemas"]["BilledBody"];
            /** @description Minute, hour, day, month and weekday, such as 0 6 * * 1-5; or every_seconds or off_hours is given. Sunday is 0 and 7. A time that the clock jumps over runs at the first instant after, one that it shows twice runs once */
            cron?: string;
            /** @description Details that take a call or more for each resource and are read only when they are named, as in GET /api/v1/types: bucket_lifecycle, bucket_uploads. They need permissions of their own */
            details?: string[];
            /**
             * Format: int64
             * @description Time from one run to the next, at least 60, in place of cron
             */
            every_seconds?: number;
            /** @description Regions that are not scanned, whether the request names them or the account has enabled them. Their buckets are not listed. Resources that belong to no region are listed. Each is a region that is known here, or that the request names */
            exclude_regions?: string[];
            /** @description Services whose types are not scanned. Other belongs to the service tag */
            exclude_services?: string[];
            /** @description Types that are not scanned. Their resources are not listed as Other either */
            exclude_types?: string[];
            /** @description Keep only resources that a filter selects. The scan makes the same calls and stores fewer resources. Ages are counted from the time when the job is created */
            filter?: components["schemas"]["Filter"];
            /**
             * @description Look for savings before the scan ends
             * @default true
             */
            findings?: boolean;
            /**
             * Format: int64
             * @description How many results are kept, and beside them the newest good one; none is 10
             */
            keep?: number;
            /**
             * Format: int64
             * @description How many regions of an account are scanned at once; without it, as many as the workers run
             */
            max_workers?: number;
            /** @description Read metrics of CloudWatch for the findings, such as the CPU use of instances. AWS charges the account for each metric that is read, $0.01 a thousand at list price. The scan needs cloudwatch:GetMetricData */
            metrics?: boolean;
            /** @description What people know the schedule by */
            name: string;
            /** @description Leave out the listeners of application, network and gateway load balancers; they are null then. Listeners take a call for each load balancer, from a quota of ten a second */
            no_listeners?: boolean;
            /** @description Tell webhooks that want inventory.changed what a run saw otherwise than the runs before it. It needs a history, and a scan without tags and filter */
            notify?: components["schemas"]["NoticeBody"];
            /** @description Two times of a plan in place of cron: its action at one, the opposite at the other, such as stop and start. After a pause of the service the newest of the two that has passed is carried out, however late */
            off_hours?: components["schemas"]["OffHours"];
            /** @description Scan every active account of the organisation */
            organization?: boolean;
            /** @description Start no runs by itself */
            paused?: boolean;
            /** @description Carry out a plan in place of a scan: such as stop at 19:00, and start at 07:00 */
            plan?: components["schemas"]["SchedulePlan"];
            /** @description Regions; without any, every region that the account has enabled. A region that is newer than this service is tried too; the coverage says how it went */
            regions?: string[];
            /** @description Role of a registered account, in place of account; none of both is the server's credentials themselves */
            role_arn?: string;
            /** @description Refused: a schedule would have to keep it */
            sealed_credentials?: string;
            /**
             * Format: password
             * @description Refused: a schedule would have to keep it
             */
            secret_access_key?: string;
            /** @description AWS services, as in GET /api/v1/types: all their types are scanned. The job keeps the types that they had when it was created */
            services?: string[];
            /**
             * Format: password
             * @description Refused: a schedule would have to keep it
             */
            session_token?: string;
            /**
             * Format: int64
             * @description How long after its time a run may still start; a later one is missed. None is 3600
             */
            starting_deadline_seconds?: number;
            /** @description Keep only resources that carry all these tags, with exactly these values. The scan makes the same calls and stores fewer resources. Resources of types without tags are not kept */
            tags?: {
                [key: string]: string;
            };
            /** @description Where cron's hours are, such as Europe/Berlin; none is UTC */
            time_zone?: string;
            /**
             * Format: int64
             * @description How long the scan may take
             */
            timeout_seconds?: number;
            /** @description Resource types, in addition to those of services. Without types and services, all of GET /api/v1/types */
            types?: string[];
        };
        ScheduleEvent: {
            /** Format: date-time */
            at: string;
            detail?: string;
            from?: string;
            job_id?: string;
            plan_id?: string;
            /**
             * Format: date-time
             * @description The time of the run that it is about
             */
            tick?: string;
            /** @enum {string} */
            what: "schedule.created" | "schedule.changed" | "schedule.paused" | "schedule.resumed" | "schedule.deleted" | "schedule.run" | "schedule.fired" | "schedule.missed" | "schedule.failed";
            who: string;
        };
        ScheduleItem: {
            account?: string;
            /** @description Only in a list of one account: neither the schedule nor its newest run says which accounts it is about, so that it may be about this one */
            account_unknown?: boolean;
            /** Format: date-time */
            created_at: string;
            cron?: string;
            /** Format: int64 */
            every_seconds?: number;
            /**
             * Format: int64
             * @description How many runs in a row could not be started
             */
            failures?: number;
            /** Format: int64 */
            keep: number;
            /** @description Why the newest run could not be started; absent once one is */
            last_error?: string;
            /** Format: date-time */
            last_error_at?: string;
            last_good?: string;
            last_run?: string;
            links: components["schemas"]["ScheduleLinks"];
            name: string;
            /** Format: date-time */
            next_at: string | null;
            /** @description The next five; none while paused */
            next_runs: string[];
            /** @description The changes between runs that webhooks are told of; absent is none */
            notify?: components["schemas"]["Notice"];
            off_hours?: components["schemas"]["OffHours"];
            paused: boolean;
            /** @description Why it paused itself; absent where a person did */
            paused_reason?: string;
            plan?: components["schemas"]["PlanRequest"];
            request: components["schemas"]["ScanRequest"];
            role_arn?: string;
            schedule_id: string;
            /**
             * Format: int64
             * @description How long after its time a run may still start; absent is 3600
             */
            starting_deadline_seconds?: number;
            time_zone?: string;
            wanted?: components["schemas"]["WantedState"];
        };
        ScheduleLinks: {
            history: string;
            last_good?: string;
            last_run?: string;
            runs: string;
            self: string;
        };
        SchedulePlan: {
            /**
             * Format: int64
             * @description The share of failed items that holds the rest; none is 10
             */
            max_failure_percent?: number;
            /**
             * Format: int64
             * @description The most items that it may have; none is the server's limit
             */
            max_items?: number;
            /**
             * Format: int64
             * @description The largest share of a type's resources that it may take; none is the server's limit
             */
            max_share_percent?: number;
            /** @description What to select from the account as it is at the time; without job_id */
            select: components["schemas"]["SelectionBody"];
        };
        SchedulesAnswer: {
            /** @description Absent on the last page */
            next_cursor?: string;
            /** @description Oldest first */
            schedules: components["schemas"]["ScheduleItem"][];
            /** @description Always true */
            success: boolean;
        };
        SecretAnswer: {
            /** @description What goes into X-API-Key. It is not kept, and not shown again */
            api_key: string;
            key: components["schemas"]["APIKey"];
            /** @description Always true */
            success: boolean;
        };
        SelectionBody: {
            /** @description The verb, for all of them */
            action: string;
            /** @description What to select */
            filter: components["schemas"]["Filter"];
            /** @description The finished scan to select from; none lists the account as it is now */
            job_id?: string;
            lift?: string[];
            params?: {
                [key: string]: string | number | boolean | string[] | {
                    [key: string]: string;
                };
            };
            /** @description Regions to list without job_id; none is every enabled one */
            regions?: string[];
        };
        Session: {
            /** Format: date-time */
            created_at: string;
            /** @description It is the one that this request came with */
            current: boolean;
            /**
             * Format: date-time
             * @description When it ends at the latest; it ends sooner when it is not used
             */
            expires_at: string;
            /** @description The address that signed in */
            from?: string;
            /**
             * Format: date-time
             * @description To a minute
             */
            last_used_at: string;
            /** @description What the issuer calls the person; nothing is decided by it */
            name?: string;
            person: string;
            session_id: string;
            tenant: string;
            /** @description What signed in, as it calls itself */
            user_agent?: string;
            /** @description The name in the audit */
            who: string;
        };
        SessionsAnswer: {
            /** @description The cursor of the next page; absent on the last */
            next_cursor?: string;
            /** @description Newest first */
            sessions: components["schemas"]["Session"][];
            /** @description Always true */
            success: boolean;
        };
        SetupAnswer: {
            /** @description The AWS account that the role is in */
            account_id: string;
            external_id: string;
            /** @description All that the role needs, and no more; more than one where IAM's limit of size asks for it */
            policies: ({
                [key: string]: unknown;
            } | null)[];
            /** @description Who may assume the role */
            principal: string;
            role_arn: string;
            /** @description Always true */
            success: boolean;
            /** @description A CloudFormation template of the role, in YAML */
            template: string;
            trust_policy: {
                [key: string]: unknown;
            } | null;
        };
        ShortCell: {
            account_id: string;
            /** @description The call that failed; absent when only IAM's simulation denies it */
            api?: string;
            message: string;
            /** @description IAM actions that are missing. Where IAM could not be asked, they include those that could not be tried after the first denial */
            missing_permissions: string[];
            outcome: string;
            region: string;
            resource_type: string;
        };
        SingleActionBody: {
            /** @description Access key, else X-AWS-Access-Key */
            access_key_id?: string;
            /** @description Name of a registered account, which the server's own identity enters: in place of keys and role */
            account?: string;
            /** @description Refused unless the credentials are of this account */
            account_id?: string;
            /** @description A verb that GET /api/v1/types names for the type, in any case */
            action?: string;
            /**
             * Format: int64
             * @description Carry it out so much later; until then it can be cancelled
             */
            after_seconds?: number;
            /** @description One item first, then a tenth, then all; absent is yes from ten items on */
            canary?: boolean;
            /** @description Answer the plan and change nothing */
            dry_run?: boolean;
            /** @description The role's external ID */
            external_id?: string;
            /** @description Rules that must not stop this item, such as termination_protection */
            lift?: string[];
            /**
             * Format: int64
             * @description The share of failed items that holds the rest; none is 10
             */
            max_failure_percent?: number;
            /**
             * Format: int64
             * @description The most items that it may have; none is the server's limit
             */
            max_items?: number;
            /**
             * Format: int64
             * @description The largest share of a type's resources that a selection may take; none is the server's limit
             */
            max_share_percent?: number;
            /** @description What the verb takes, such as {"retention_days": 30} */
            params?: {
                [key: string]: string | number | boolean | string[] | {
                    [key: string]: string;
                };
            };
            /** @description As a scan answers it; global for resources of no region */
            region?: string;
            /** @description As a scan answers it */
            resource_id?: string;
            resource_type?: string;
            /** @description Role to assume with the keys; without keys, that of a registered account */
            role_arn?: string;
            /** @description Keys that the client has sealed to the key of GET /api/v1/credentials-key, in base64, in place of access_key_id, secret_access_key and session_token */
            sealed_credentials?: string;
            /**
             * Format: password
             * @description Secret key, else X-AWS-Secret-Key
             */
            secret_access_key?: string;
            /**
             * Format: password
             * @description Token of temporary keys, else X-AWS-Session-Token
             */
            session_token?: string;
        };
        Standing: {
            /**
             * Format: int64
             * @description Days of the month before the first look: they count as the first known day
             */
            assumed_days: number;
            /**
             * Format: int64
             * @description Days of the month until today on which no scan looked: they count as the day before
             */
            carried_days: number;
            /**
             * Format: int64
             * @description Cells (account, region, type) that were ever looked at, whether they can hold what the filter selects or not
             */
            cells: number;
            /**
             * Format: int64
             * @description Of these, those that no look saw to its end: what is in them is not known and not counted
             */
            cells_never_seen: number;
            /**
             * Format: int64
             * @description Of them, those whose newest look was not to the end: they count as they were last seen, never as cheaper
             */
            cells_stale: number;
            /**
             * Format: int64
             * @description Today, of the month
             */
            day: number;
            /**
             * Format: int64
             * @description Of the month
             */
            days: number;
            /**
             * Format: date
             * @description The day on which the month costs more than the amount; of a day to come, where what is forecast is spread evenly. Absent where it does not
             */
            exceeds_on?: string;
            /**
             * Format: double
             * @description The whole month
             */
            forecast: number;
            /**
             * Format: double
             * @description forecast, divided by the amount; null while the state is unknown
             */
            forecast_ratio: number | null;
            /** Format: double */
            high: number;
            /**
             * Format: double
             * @description 8 of 10 months end within low and high
             */
            low: number;
            /**
             * @description As that of GET /api/v1/forecast
             * @enum {string}
             */
            method: "damped_trend" | "flat" | "none";
            /** @description Such as 2026-11 */
            month: string;
            /**
             * Format: double
             * @description Until the end of today: of each day its monthly cost, divided by the days of the month
             */
            month_to_date: number;
            /**
             * Format: double
             * @description What there is now costs a month
             */
            monthly_cost: number;
            /**
             * Format: int64
             * @description Days that the method looked at and a scan saw something on
             */
            observed_days: number;
            /**
             * Format: double
             * @description month_to_date, divided by the amount; null while the state is unknown
             */
            ratio: number | null;
            /**
             * Format: date-time
             * @description When the days were last reckoned; null: not yet, which takes a minute
             */
            reckoned_at: string | null;
            /**
             * Format: int64
             * @description That meet the filter now
             */
            resources: number;
            /**
             * @description within: no threshold is crossed. warned: one is, but the amount is not. forecast_over: the month is forecast to cost more than the amount. over: it has cost more. unknown: it was not reckoned yet, or no scan has seen anything
             * @enum {string}
             */
            state: "within" | "warned" | "forecast_over" | "over" | "unknown";
            /**
             * Format: int64
             * @description Of them, those whose cost is not known: no sum has them
             */
            unpriced: number;
        };
        StepRecord: {
            /** Format: date-time */
            accepted_at?: string;
            /**
             * Format: int64
             * @description How many calls were sent; one that AWS throttled counts
             */
            calls?: number;
            /** Format: date-time */
            done_at?: string;
            /** Format: date-time */
            first_sent_at?: string;
            /** Format: date-time */
            intended_at?: string;
            left?: {
                [key: string]: string;
            };
            name: string;
            request_id?: string;
            trouble?: string;
        };
        Summary: {
            by_region: {
                [key: string]: number;
            };
            by_state: {
                [key: string]: number;
            };
            by_type: {
                [key: string]: number;
            };
            /** Format: int64 */
            total_resources: number;
        };
        Sums: {
            /** Format: int64 */
            added: number;
            /** Format: int64 */
            changed: number;
            /**
             * Format: double
             * @description By how much known costs have changed, in US dollars a month; resources_with_unknown_cost says how many it lacks
             */
            cost_difference: number;
            /** Format: int64 */
            removed: number;
            /** Format: int64 */
            resources_with_unknown_cost: number;
        };
        TagKey: {
            key: string;
            /** @description True when there may be more values than were told apart */
            more: boolean;
            /**
             * Format: int64
             * @description Resources that carry it
             */
            resources: number;
            /**
             * Format: int64
             * @description Distinct values; at least so many where more is true
             */
            values: number;
        };
        TagRequirement: {
            key: string;
            /** @description Types that have to carry it; none is all */
            resource_types?: string[];
            /** @description Those allowed, in which * and ? are wild; none is any but an empty one */
            values?: string[];
        };
        TagsAnswer: {
            /**
             * Format: date-time
             * @description The moment that the answer is of
             */
            at: string;
            /** @description How much is known of the cells that can hold what the filter selects */
            coverage: components["schemas"]["Coverage"];
            /** @description What most resources carry first */
            keys: components["schemas"]["TagKey"][];
            /**
             * Format: int64
             * @description Further keys that are not listed; at least so many beyond 10,000
             */
            other_keys: number;
            /** @description Scans that have ended and are not in the inventory yet */
            pending_scans: string[];
            /**
             * Format: int64
             * @description Resources that the filter selects
             */
            resources: number;
            /** @description Always true */
            success: boolean;
            /**
             * Format: int64
             * @description Of them, those that carry no tag
             */
            untagged: number;
        };
        Tenant: {
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            deleted_at?: string;
            description?: string;
            name: string;
        };
        TenantAnswer: {
            /** @description Always true */
            success: boolean;
            tenant: components["schemas"]["Tenant"];
        };
        TenantBody: {
            description?: string;
            /** @description What it is called, for ever */
            name: string;
        };
        TenantQuotaAnswer: {
            /** @description Those that it has of its own */
            limits: {
                [key: string]: number;
            };
            quotas: components["schemas"]["QuotaUse"][];
            /** @description Always true */
            success: boolean;
            tenant: string;
        };
        TenantsAnswer: {
            /** @description Always true */
            success: boolean;
            /** @description By name, deleted ones among them */
            tenants: components["schemas"]["Tenant"][];
        };
        Threshold: {
            /**
             * @description actual: what the month has cost until now. forecast: what the whole month is forecast to cost
             * @enum {string}
             */
            of: "actual" | "forecast";
            /**
             * Format: double
             * @description Of the monthly amount
             */
            percent: number;
        };
        TokenAnswer: {
            /** @description What goes into Authorization: Bearer, where no cookie is set. It is not kept, and not shown again */
            access_token?: string;
            /**
             * Format: int64
             * @description Seconds until the session ends at the latest; after two hours without use it ends too
             */
            expires_in: number;
            session: components["schemas"]["Session"];
            /** @description Always true */
            success: boolean;
            /** @description Bearer, with access_token */
            token_type?: string;
        };
        TokenBody: {
            /** @description An API key, where X-API-Key is not sent */
            api_key?: string;
            /** @description The code that the issuer sent your client */
            code?: string;
            /** @description The verifier whose S256 challenge the code was asked for with */
            code_verifier?: string;
            /** @description false answers the token instead of setting a cookie */
            cookie?: boolean;
            /**
             * Format: password
             * @description The ID token that the issuer gave your program by the device flow, in the last ten minutes
             */
            id_token?: string;
            /** @description The nonce that the code was asked for with */
            nonce?: string;
            /** @description Where the issuer sent the code, on http and the loopback address; none is the address that the server is set up with */
            redirect_uri?: string;
            /** @description With a code or an ID token: the tenant, for members of several; none is the first in the order of the settings */
            tenant?: string;
        };
        Totals: {
            /** Format: int64 */
            added: number;
            by_change: components["schemas"]["ByChange"];
            /** Format: int64 */
            changed: number;
            /**
             * Format: double
             * @description By how much known costs have changed, in US dollars a month; resources_with_unknown_cost says how many it lacks
             */
            cost_difference: number;
            /** @description With group_by: the largest difference in cost first; at most 1,000 */
            groups?: components["schemas"]["ChangeGroup"][];
            /** @description Of resources of which only noise has changed. They are in no other sum */
            noise: components["schemas"]["KindSum"];
            /** @description The changes of all further groups; absent where there are none */
            other?: components["schemas"]["Sums"];
            /** Format: int64 */
            removed: number;
            /** Format: int64 */
            resources_with_unknown_cost: number;
        };
        TrendAnswer: {
            by: string;
            cells: components["schemas"]["CellsSeen"];
            /** @description False where the keys do not add up to the total: a tag has a trend of its own since later than resources are known */
            complete: boolean;
            /** @enum {string} */
            currency: "USD";
            /** Format: int64 */
            days: number;
            /**
             * Format: date
             * @description The first day of the points: not before known_since
             */
            from?: string;
            /** @description The costliest over all days first */
            groups: components["schemas"]["TrendGroup"][];
            interval: string;
            /**
             * Format: date
             * @description The first day on which a scan saw something; absent before
             */
            known_since?: string;
            measure: string;
            /**
             * Format: int64
             * @description Days on which a scan saw something. What is told of the others is as of the day before
             */
            observed_days: number;
            /** @description All further keys together, so that groups and other are the total; absent where there are none */
            other?: components["schemas"]["TrendPoint"][];
            /** @description Always true */
            success: boolean;
            /**
             * Format: date
             * @description The last
             */
            to?: string;
            total: components["schemas"]["TrendPoint"][];
        };
        TrendGroup: {
            /** @description Empty is without the tag */
            key: string;
            points: components["schemas"]["TrendPoint"][];
        };
        TrendPoint: {
            /**
             * Format: date
             * @description The day, or the first of the week or month that is in the trend
             */
            day: string;
            /** Format: int64 */
            days: number;
            /**
             * Format: double
             * @description What the others cost a month at the end; of saving: what they would save
             */
            monthly_cost: number;
            /** @description Whether a scan saw something on one of the days */
            observed: boolean;
            /** Format: int64 */
            observed_days: number;
            /**
             * Format: int64
             * @description Of saving: findings
             */
            resources: number;
            /**
             * Format: double
             * @description What they cost over the days: of each day its monthly cost, divided by the days of its month
             */
            spend: number;
            /**
             * Format: int64
             * @description Of the resources, those whose cost is not known: the cost lacks them
             */
            unpriced: number;
        };
        TypeInfo: {
            /** @description What a scan reads of the type's resources only if its details name it */
            details?: components["schemas"]["DetailInfo"][];
            /** @description IAM actions that a scan of the type calls */
            permissions: string[];
            /** @enum {string} */
            scope: "regional" | "global";
            /** @description The AWS service, as in endpoints and IAM action prefixes */
            service: string;
            type: string;
            /** @description Actions that can be taken on resources of the type */
            verbs: string[];
        };
        TypesAnswer: {
            /** @description Kinds that no scan lists, although one might expect them beside a type */
            not_covered: components["schemas"]["Uncovered"][];
            /** @description Always true */
            success: boolean;
            types: components["schemas"]["TypeInfo"][];
        };
        Uncovered: {
            /** @description The type of the catalogue that it is easily taken for */
            beside: string;
            kind: string;
            reason: string;
            /** @description The AWS service, as in endpoints and IAM action prefixes */
            service: string;
        };
        UndoBody: {
            /** @description Access key, else X-AWS-Access-Key */
            access_key_id?: string;
            /** @description Name of a registered account, which the server's own identity enters: in place of keys and role */
            account?: string;
            /** @description Carry it out as soon as it is planned */
            apply?: boolean;
            /** @description The role's external ID */
            external_id?: string;
            /** @description Role to assume with the keys; without keys, that of a registered account */
            role_arn?: string;
            /** @description Keys that the client has sealed to the key of GET /api/v1/credentials-key, in base64, in place of access_key_id, secret_access_key and session_token */
            sealed_credentials?: string;
            /**
             * Format: password
             * @description Secret key, else X-AWS-Secret-Key
             */
            secret_access_key?: string;
            /**
             * Format: password
             * @description Token of temporary keys, else X-AWS-Session-Token
             */
            session_token?: string;
        };
        UnknownCell: {
            account_id: string;
            /**
             * Format: date-time
             * @description When it was last seen to its end; null is never
             */
            last_seen: string | null;
            /** @description How the last look at it ended; absent where there was none in what is compared */
            outcome?: string;
            /**
             * @description new: it was not seen to its end before the first time. not_seen: every look at it since the first time has failed. not_looked: no scan has looked at it since
             * @enum {string}
             */
            reason: "new" | "not_seen" | "not_looked";
            region: string;
            resource_type: string;
        };
        UnknownCells: {
            /** @description How many there are for each reason */
            by_reason: {
                [key: string]: number;
            };
            /**
             * Format: int64
             * @description How many cells are not known
             */
            cells: number;
            /**
             * Format: int64
             * @description How many cells were seen to their end both times
             */
            cells_known: number;
            /** @description The first of them, as many as unknown_limit allows */
            list: components["schemas"]["UnknownCell"][];
        };
        Validated: {
            message: string;
            /** @description Always true */
            success: boolean;
            /** @description Always true: anything else is an error */
            valid_format: boolean;
            /** @description Always false: AWS was not asked */
            verified: boolean;
        };
        VerifyAnswer: {
            /** @description The first line that does not hold */
            broken?: components["schemas"]["AuditFault"];
            /**
             * Format: int64
             * @description How many lines, the oldest, were dropped because of their age; the first that is kept follows the last of them
             */
            dropped: number;
            /** @description The first line that was checked */
            from?: components["schemas"]["AuditMark"];
            /** @description Every line that was checked is as it was written, and follows the line before it */
            holds: boolean;
            /**
             * Format: int64
             * @description How many lines were checked
             */
            lines: number;
            /** @description The cursor to go on with; absent at the end, and behind a line that does not hold */
            next_cursor?: string;
            /** @description Always true, also when the chain is broken */
            success: boolean;
            /** @description The last line that holds */
            to?: components["schemas"]["AuditMark"];
        };
        WantedState: {
            /** @description The action whose time came last */
            action: string;
            /** Format: date-time */
            since: string;
            /**
             * Format: date-time
             * @description When the next of the two times comes
             */
            until?: string;
        };
        WebhookAnswer: {
            /** Format: date-time */
            changed_at: string;
            /** Format: date-time */
            created_at: string;
            description?: string;
            /** Format: date-time */
            disabled_at?: string;
            /** @description Why the server disabled it; absent where a person did */
            disabled_reason?: string;
            /** @description Events are sent */
            enabled: boolean;
            /** @description Types of events, such as job.failed, job.* or * */
            events: string[];
            /**
             * Format: date-time
             * @description Since when every attempt failed; absent while attempts succeed
             */
            failing_since?: string;
            /** @enum {string} */
            form: "standard" | "slack" | "teams" | "pagerduty" | "email";
            /** Format: date-time */
            last_success_at?: string;
            links: components["schemas"]["WebhookLinks"];
            /**
             * Format: date-time
             * @description Until when a secret that was replaced signs too
             */
            old_secret_until?: string;
            /** @description Always true */
            success: boolean;
            /** @description Addresses that e-mails are sent to */
            to?: string[];
            /** @description Where events are sent, as far as it is no secret; absent for e-mail */
            url?: string;
            webhook_id: string;
        };
        WebhookBody: {
            /** @description What people know it by */
            description?: string;
            /** @description Whether events are sent. Enabling a webhook that the server disabled forgets that it failed */
            enabled?: boolean;
            /** @description Types of events, such as job.failed, all of a kind such as job.*, or * */
            events: string[];
            /**
             * @description What the receiver understands: the signed event itself, or a message
             * @default standard
             * @enum {string}
             */
            form?: "standard" | "slack" | "teams" | "pagerduty" | "email";
            /**
             * Format: password
             * @description PagerDuty's integration key; needed whenever the URL changes
             */
            routing_key?: string;
            /** @description Addresses that e-mails are sent to */
            to?: string[];
            /** @description Where events are sent: https, to a public address. It is kept as a secret, and answered without what follows its first part. The form email takes none, and pagerduty has its own */
            url?: string;
        };
        WebhookItem: {
            /** Format: date-time */
            changed_at: string;
            /** Format: date-time */
            created_at: string;
            description?: string;
            /** Format: date-time */
            disabled_at?: string;
            /** @description Why the server disabled it; absent where a person did */
            disabled_reason?: string;
            /** @description Events are sent */
            enabled: boolean;
            /** @description Types of events, such as job.failed, job.* or * */
            events: string[];
            /**
             * Format: date-time
             * @description Since when every attempt failed; absent while attempts succeed
             */
            failing_since?: string;
            /** @enum {string} */
            form: "standard" | "slack" | "teams" | "pagerduty" | "email";
            /** Format: date-time */
            last_success_at?: string;
            links: components["schemas"]["WebhookLinks"];
            /**
             * Format: date-time
             * @description Until when a secret that was replaced signs too
             */
            old_secret_until?: string;
            /** @description Addresses that e-mails are sent to */
            to?: string[];
            /** @description Where events are sent, as far as it is no secret; absent for e-mail */
            url?: string;
            webhook_id: string;
        };
        WebhookLinks: {
            deliveries: string;
            self: string;
        };
        WebhookPatch: {
            /** @description What people know it by */
            description?: string;
            /** @description Whether events are sent. Enabling a webhook that the server disabled forgets that it failed */
            enabled?: boolean;
            /** @description Types of events, in place of those before */
            events?: string[];
            /**
             * Format: password
             * @description PagerDuty's integration key; needed whenever the URL changes
             */
            routing_key?: string;
            /** @description Addresses that e-mails are sent to */
            to?: string[];
            /** @description Where events are sent: https, to a public address. It is kept as a secret, and answered without what follows its first part. The form email takes none, and pagerduty has its own */
            url?: string;
        };
        WebhookSecretAnswer: {
            /** Format: date-time */
            changed_at: string;
            /** Format: date-time */
            created_at: string;
            description?: string;
            /** Format: date-time */
            disabled_at?: string;
            /** @description Why the server disabled it; absent where a person did */
            disabled_reason?: string;
            /** @description Events are sent */
            enabled: boolean;
            /** @description Types of events, such as job.failed, job.* or * */
            events: string[];
            /**
             * Format: date-time
             * @description Since when every attempt failed; absent while attempts succeed
             */
            failing_since?: string;
            /** @enum {string} */
            form: "standard" | "slack" | "teams" | "pagerduty" | "email";
            /** Format: date-time */
            last_success_at?: string;
            links: components["schemas"]["WebhookLinks"];
            /**
             * Format: date-time
             * @description Until when a secret that was replaced signs too
             */
            old_secret_until?: string;
            /** @description What events are signed with, for the receiver to verify them. It is not answered again. Absent for forms that are not signed */
            secret?: string;
            /** @description Always true */
            success: boolean;
            /** @description Addresses that e-mails are sent to */
            to?: string[];
            /** @description Where events are sent, as far as it is no secret; absent for e-mail */
            url?: string;
            webhook_id: string;
        };
        WebhooksAnswer: {
            /** @description Always true */
            success: boolean;
            /** @description Oldest first: 20 at most */
            webhooks: components["schemas"]["WebhookItem"][];
        };
        WhoAnswer: {
            grants: components["schemas"]["Grant"][];
            made_by?: string;
            /** @description What the issuer calls the person; nothing is decided by it */
            name?: string;
            /** @description What the roles allow, however narrowed */
            permissions: ("read" | "scan" | "schedule" | "plan" | "approve" | "manage" | "instance")[];
            person: string;
            /** @description Always true */
            success: boolean;
            tenant: string;
            /** @description Where the person may sign in, this tenant first. Another is entered by /api/v1/auth/login?tenant=NAME */
            tenants: string[];
            who: string;
        };
        WorkersSeen: {
            /**
             * Format: date-time
             * @description When they were looked at: every ten seconds at most
             */
            at: string;
            /** @description A worker process is here once for each kind of work */
            servers: components["schemas"]["QueueServer"][];
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    "check-access": {
        parameters: {
            query?: {
                /** @description Seconds to wait for the result; without it, the server's setting counts */
                wait?: number;
            };
            header?: {
                /** @description Used where the body has no access_key_id */
                "X-AWS-Access-Key"?: string;
                /** @description Used where the body has no secret_access_key */
                "X-AWS-Secret-Key"?: string;
                /** @description Used where the body has no session_token */
                "X-AWS-Session-Token"?: string;
                /** @description wait=SECONDS, after RFC 7240; the query parameter wins */
                Prefer?: string;
                /** @description The same key answers the same job */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "types": [
                 *         "EC2_Instance",
                 *         "S3_Bucket"
                 *       ],
                 *       "regions": [
                 *         "us-east-1"
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["ScanBody"];
            };
        };
        responses: {
            /** @description The check ended within the wait */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccessReport"];
                };
            };
            /** @description The check is a job now */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Accepted"];
                };
            };
        };
    };
    "get-access-check": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The job
                 * @example 0199c0de-0000-7000-8000-000000000007
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccessReport"];
                };
            };
        };
    };
    "list-accounts": {
        parameters: {
            query?: {
                /** @description next_cursor of the page before */
                cursor?: string;
                /**
                 * @description The most accounts of a page
                 * @example 20
                 */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccountsAnswer"];
                };
            };
        };
    };
    "add-account": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "production",
                 *       "role_arn": "arn:aws:iam::111122223333:role/ResourceTracker",
                 *       "description": "The shop",
                 *       "regions": [
                 *         "us-east-1",
                 *         "eu-west-1"
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["AccountBody"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccountAnswer"];
                };
            };
        };
    };
    "get-account": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The account's name
                 * @example production
                 */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccountAnswer"];
                };
            };
        };
    };
    "put-account": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The account's name
                 * @example production
                 */
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "role_arn": "arn:aws:iam::111122223333:role/ResourceTracker",
                 *       "description": "The shop and its databases"
                 *     }
                 */
                "application/json": components["schemas"]["PutAccountBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccountAnswer"];
                };
            };
        };
    };
    "delete-account": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The account's name
                 * @example production
                 */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    "check-account": {
        parameters: {
            query?: {
                /** @description Seconds to wait for the report; without it, the server's setting counts */
                wait?: number;
            };
            header?: {
                /** @description wait=SECONDS, after RFC 7240; the query parameter wins */
                Prefer?: string;
                /** @description The same key answers the same job */
                "Idempotency-Key"?: string;
            };
            path: {
                /**
                 * @description The account's name
                 * @example production
                 */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The check ended within the wait */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccessReport"];
                };
            };
            /** @description The check is a job now */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Accepted"];
                };
            };
        };
    };
    "set-up-account": {
        parameters: {
            query?: {
                /**
                 * @description ARN that the server runs as; absent is SERVER_PRINCIPAL_ARN, where that is set
                 * @example arn:aws:iam::444455556666:role/tracker-worker
                 */
                principal?: string;
                /**
                 * @description Types to scan, separated by commas; none is all
                 * @example [
                 *       "EC2_Instance",
                 *       "EBS_Volume"
                 *     ]
                 */
                types?: string[];
                /**
                 * @description Actions to carry out, such as stop or EC2_Instance:stop
                 * @example [
                 *       "stop"
                 *     ]
                 */
                actions?: string[];
                /** @description Details that scans ask for */
                details?: string[];
                /** @description Whether scans ask for metrics */
                metrics?: boolean;
                /** @description Whether scans ask for billed costs */
                billed?: boolean;
            };
            header?: never;
            path: {
                /**
                 * @description The account's name
                 * @example production
                 */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SetupAnswer"];
                };
            };
        };
    };
    "list-actions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ActionsAnswer"];
                };
            };
        };
    };
    "list-anomalies": {
        parameters: {
            query?: {
                /**
                 * @description What is judged beside the total, each key by itself: type, region, account, tag:KEY for the tags of HISTORY_TAGS; none judges the total alone
                 * @example type
                 */
                by?: string;
                /** @description The key that alone is judged, and the total is not, such as an account. It is one of what by names, so that by=none has none */
                key?: string;
                /**
                 * @description A time such as 2026-11-01T08:00:00Z, a day such as 2026-11-01, or how long ago such as 7d or 4w. The default is 30d
                 * @example 30d
                 */
                from?: string;
                /** @description As from. The default is now */
                to?: string;
                /** @description The least step that stands out, in dollars a month */
                min_step?: number;
                /** @description The least step that stands out, in percent of the value before */
                min_percent?: number;
                /** @description The most anomalies: of more, the newest */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AnomaliesAnswer"];
                };
            };
        };
    };
    "read-audit": {
        parameters: {
            query?: {
                /** @description event_id of the last line that you have */
                after?: string;
                /** @description With order=newest: next_before of the page before */
                before?: string;
                /** @description Which lines come first */
                order?: "oldest" | "newest";
                /** @description Only lines from this time on */
                since?: string;
                /** @description Only lines before this time */
                until?: string;
                /** @description Only lines of this plan */
                plan_id?: string;
                /** @description Only lines whose who has this in it, in any case */
                who?: string;
                /** @description Only lines of this kind, such as plan.applied, or of all such, as plan.* */
                what?: string;
                /** @description Only lines about what has this ID: a resource, plan, scan, schedule or webhook, or what the line's detail names */
                target?: string;
                /**
                 * @description The most lines of a page
                 * @example 20
                 */
                limit?: number;
                /** @description ndjson streams all lines, oldest first, without limit */
                format?: "json" | "ndjson";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page, or all lines */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditAnswer"];
                    "application/x-ndjson": components["schemas"]["AuditEvent"];
                };
            };
        };
    };
    "verify-audit": {
        parameters: {
            query?: {
                /** @description next_cursor of the call before */
                cursor?: string;
                /**
                 * @description How many lines to check
                 * @example 1000
                 */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VerifyAnswer"];
                };
            };
        };
    };
    "read-device-login": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeviceAnswer"];
                };
            };
        };
    };
    "sign-out": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    "sign-in": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "api_key": "YOUR_API_KEY",
                 *       "cookie": false
                 *     }
                 */
                "application/json": components["schemas"]["TokenBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokenAnswer"];
                };
            };
        };
    };
    "list-billed": {
        parameters: {
            query?: {
                /**
                 * @description The first day: a time such as 2026-11-01T08:00:00Z, a day such as 2026-11-01, or how long ago such as 7d or 4w. The default is the first of the month that to is in
                 * @example 30d
                 */
                from?: string;
                /** @description The last day, as from. The default is today */
                to?: string;
                /**
                 * @description What is summed by
                 * @example region
                 */
                by?: "account" | "day" | "region" | "service";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BillsAnswer"];
                };
            };
        };
    };
    "list-budgets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BudgetsAnswer"];
                };
            };
        };
    };
    "add-budget": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "Databases",
                 *       "filter": "type:RDS_Instance",
                 *       "monthly_amount": 2500,
                 *       "thresholds": [
                 *         {
                 *           "percent": 80,
                 *           "of": "actual"
                 *         },
                 *         {
                 *           "percent": 100,
                 *           "of": "forecast"
                 *         }
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["BudgetBody"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BudgetAnswer"];
                };
            };
        };
    };
    "get-budget": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The budget
                 * @example 0199c0de-0000-7000-8000-000000000004
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BudgetAnswer"];
                };
            };
        };
    };
    "put-budget": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The budget
                 * @example 0199c0de-0000-7000-8000-000000000004
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "Databases",
                 *       "filter": "type:RDS_Instance",
                 *       "monthly_amount": 3000
                 *     }
                 */
                "application/json": components["schemas"]["BudgetBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BudgetAnswer"];
                };
            };
        };
    };
    "delete-budget": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The budget
                 * @example 0199c0de-0000-7000-8000-000000000004
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    "read-credentials-key": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CredentialsKey"];
                };
            };
        };
    };
    "get-diff": {
        parameters: {
            query?: {
                /**
                 * @description A time such as 2026-11-01T08:00:00Z, a day such as 2026-11-01 (its begin in UTC), how long ago such as 12h, 7d or 4w, or the ID of a scan; or earlier, with a scan of a schedule as to: what the earlier runs of the schedule had seen. None is 7 days before to, or the beginning of the history
                 * @example 7d
                 */
                from?: string;
                /** @description The same, but earlier; of a scan that was retried also what one try has seen, such as ID.1 after the first retry. None is now */
                to?: string;
                /**
                 * @description One or two of type, region, account, state, change and tag:KEY, separated by a comma
                 * @example type
                 */
                group_by?: string;
                /** @description Only these, separated by commas */
                changes?: ("added" | "removed" | "changed")[];
                /** @description Only what the filter selects at these times. now is what it selects now and has not selected before */
                selected?: ("before" | "now" | "both")[];
                /** @description Of what was changed, only where one of these fields differs or a part of it, such as state, tags.Team or metadata.public_ip */
                fields?: string[];
                /** @description What to do with what differs between scans although nobody has changed anything, such as when something was last used: leave it out, list it apart as noise, or list only the resources of which nothing else has changed */
                noise?: "omit" | "include" | "only";
                /** @description How many of the cells are listed of which it is not known what has changed */
                unknown_limit?: number;
                /** @description A filter as a short query, or in JSON as the schema Filter. The other parameters must hold too */
                filter?: string;
                /** @description Only resources of this type */
                resource_type?: string;
                /** @description Only resources in this region */
                region?: string;
                /** @description Only resources in this state, such as running */
                state?: string;
                /** @description Only resources of this account */
                account_id?: string;
                /** @description KEY=VALUE, repeated for several tags. The parameter tag.KEY=VALUE also takes keys that contain = */
                tag?: string[];
                /** @description How resources are written; wins over Accept */
                format?: "json" | "ndjson" | "csv" | "csv-excel";
                /** @description next_cursor of the page before */
                cursor?: string;
                /**
                 * @description The most rows of a page
                 * @example 20
                 */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page, or all of it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DiffAnswer"];
                    "application/x-ndjson": components["schemas"]["Change"];
                    "text/csv": string;
                };
            };
        };
    };
    "list-live-findings": {
        parameters: {
            query?: {
                /**
                 * @description In this state
                 * @example open
                 */
                state?: "open" | "acknowledged" | "resolved" | "all";
                /** @description Of one of these rules */
                rule?: string[];
                /** @description About resources of one of these accounts */
                account_id?: string[];
                /** @description About resources in one of these regions */
                region?: string[];
                /** @description About resources of one of these types */
                resource_type?: string[];
                /**
                 * @description Of one of these confidences
                 * @example [
                 *       "high"
                 *     ]
                 */
                confidence?: ("high" | "medium" | "low" | "none")[];
                /** @description About resources with this ID */
                resource_id?: string;
                /** @description That save at least so many dollars a month; not those without a price */
                min_saving?: number;
                /** @description That are in the sum, or that are not */
                counted?: boolean;
                /** @description Resolved at this time or later. A time such as 2026-11-01T08:00:00Z, a day such as 2026-11-01, or how long ago such as 30d */
                resolved_since?: string;
                /** @description KEY=VALUE of the resource, such as that of its owner, repeated for several tags. The parameter tag.KEY=VALUE also takes keys that contain = */
                tag?: string[];
                /** @description By what findings are sorted; a minus puts the most first. What is not known is the least */
                sort?: "saving" | "-saving" | "realised" | "-realised" | "opened" | "-opened" | "seen" | "-seen" | "resolved" | "-resolved" | "rule" | "-rule" | "account" | "-account" | "region" | "-region" | "type" | "-type";
                /** @description Answer sums by rule, account, region, type, confidence, resolution, month (in which they were resolved) or tag:KEY in place of findings: what saves most first, 1,000 groups at most */
                group_by?: string;
                /** @description How resources are written; wins over Accept */
                format?: "json" | "ndjson" | "csv" | "csv-excel";
                /** @description next_cursor of the page before */
                cursor?: string;
                /**
                 * @description The most rows of a page
                 * @example 20
                 */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page, or all of it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LiveFindingsAnswer"];
                    "application/x-ndjson": components["schemas"]["LiveFinding"];
                    "text/csv": string;
                };
            };
        };
    };
    "plan-live-findings": {
        parameters: {
            query?: {
                /** @description Seconds to wait for it; absent is the server's setting */
                wait?: number;
            };
            header?: {
                /** @description Used where the body has no access_key_id */
                "X-AWS-Access-Key"?: string;
                /** @description Used where the body has no secret_access_key */
                "X-AWS-Secret-Key"?: string;
                /** @description Used where the body has no session_token */
                "X-AWS-Session-Token"?: string;
                /** @description The same key answers the same plan */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "finding_ids": [
                 *         "unattached_volume/111122223333/ap-south-1/EBS_Volume/vol-0ab96d8bf0d136fe7"
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["LivePlanBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PlanAnswer"];
                };
            };
            /** @description The items are still being looked at */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PlanAnswer"];
                };
            };
        };
    };
    "acknowledge-finding": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The finding_id, escaped: it holds slashes
                 * @example io1_to_gp3/111122223333/us-east-1/EBS_Volume/vol-0fee502a76df6feac
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "reason": "It is replaced next quarter"
                 *     }
                 */
                "application/json": components["schemas"]["AcknowledgeBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LiveFindingAnswer"];
                };
            };
        };
    };
    "unacknowledge-finding": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The finding_id, escaped: it holds slashes
                 * @example io1_to_gp3/111122223333/us-east-1/EBS_Volume/vol-0fee502a76df6feac
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    "get-forecast": {
        parameters: {
            query?: {
                /**
                 * @description type, region, account, tag:KEY for the tags of HISTORY_TAGS, or none for the total alone
                 * @example type
                 */
                by?: string;
                /** @description The key that alone has a forecast of its own, whatever others cost, such as an account. It is one of what by names, so that by=none has none */
                key?: string;
                /**
                 * @description How many keys have a forecast of their own: those that cost most lately
                 * @example 5
                 */
                top?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ForecastAnswer"];
                };
            };
        };
    };
    "health-v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
        };
    };
    "read-policy": {
        parameters: {
            query?: {
                /**
                 * @description Types to scan, separated by commas; none is all
                 * @example [
                 *       "EC2_Instance",
                 *       "EBS_Volume"
                 *     ]
                 */
                types?: string[];
                /**
                 * @description Actions to carry out, such as stop or EC2_Instance:stop
                 * @example [
                 *       "stop"
                 *     ]
                 */
                actions?: string[];
                /** @description Details that scans ask for */
                details?: string[];
                /** @description Whether scans ask for metrics */
                metrics?: boolean;
                /** @description Whether scans ask for billed costs */
                billed?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PoliciesAnswer"];
                };
            };
        };
    };
    "list-inventory": {
        parameters: {
            query?: {
                /**
                 * @description A filter as a short query, or in JSON as the schema Filter. The other parameters must hold too
                 * @example type:EC2_Instance state:running
                 */
                filter?: string;
                /** @description Only resources of this type */
                resource_type?: string;
                /** @description Only resources in this region */
                region?: string;
                /** @description Only resources in this state, such as running */
                state?: string;
                /** @description Only resources of this account */
                account_id?: string;
                /** @description KEY=VALUE, repeated for several tags. The parameter tag.KEY=VALUE also takes keys that contain = */
                tag?: string[];
                /** @description As of when; now, where it is absent. A time such as 2026-11-01T08:00:00Z, a day such as 2026-11-01 (its begin in UTC), or how long ago such as 12h, 7d or 4w */
                at?: string;
                /** @description For how long what was seen of a cell is good, such as 12h, 7d or 4w */
                max_age?: string;
                /**
                 * @description Up to four of cost, name, type, region, account, state, id, created, age, first_seen, state_since, each descending after a minus. What is not known comes last. Of a text the first 100 bytes count
                 * @example -cost,name
                 */
                sort?: string;
                /** @description How resources are written; wins over Accept */
                format?: "json" | "ndjson" | "csv" | "csv-excel";
                /** @description Of csv: only these columns, in this order. Beside those that csv has: name, which is the ID where there is no name; cost.basis and cost.upper_bound; tag:KEY, which is empty where the resource lacks the tag */
                columns?: string[];
                /** @description next_cursor of the page before */
                cursor?: string;
                /**
                 * @description The most rows of a page
                 * @example 20
                 */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page, or all of it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InventoryAnswer"];
                    "application/x-ndjson": components["schemas"]["InventoryResource"];
                    "text/csv": string;
                };
            };
        };
    };
    "forget-history": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The AWS account
                 * @example 111122223333
                 */
                account_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    "list-inventory-cells": {
        parameters: {
            query?: {
                /** @description A filter as a short query, or in JSON as the schema Filter. The other parameters must hold too */
                filter?: string;
                /** @description Only resources of this type */
                resource_type?: string;
                /** @description Only resources in this region */
                region?: string;
                /** @description Only resources in this state, such as running */
                state?: string;
                /** @description Only resources of this account */
                account_id?: string;
                /** @description KEY=VALUE, repeated for several tags. The parameter tag.KEY=VALUE also takes keys that contain = */
                tag?: string[];
                /** @description As of when; now, where it is absent. A time such as 2026-11-01T08:00:00Z, a day such as 2026-11-01 (its begin in UTC), or how long ago such as 12h, 7d or 4w */
                at?: string;
                /** @description For how long what was seen of a cell is good, such as 12h, 7d or 4w */
                max_age?: string;
                /**
                 * @description Only cells of these standings, such as stale,unknown
                 * @example [
                 *       "stale",
                 *       "unknown"
                 *     ]
                 */
                standing?: ("good" | "stale" | "unknown")[];
                /** @description next_cursor of the page before */
                cursor?: string;
                /**
                 * @description The most rows of a page
                 * @example 20
                 */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CellsAnswer"];
                };
            };
        };
    };
    "count-inventory": {
        parameters: {
            query: {
                /** @description A filter as a short query, or in JSON as the schema Filter. The other parameters must hold too */
                filter?: string;
                /** @description Only resources of this type */
                resource_type?: string;
                /** @description Only resources in this region */
                region?: string;
                /** @description Only resources in this state, such as running */
                state?: string;
                /** @description Only resources of this account */
                account_id?: string;
                /** @description KEY=VALUE, repeated for several tags. The parameter tag.KEY=VALUE also takes keys that contain = */
                tag?: string[];
                /** @description As of when; now, where it is absent. A time such as 2026-11-01T08:00:00Z, a day such as 2026-11-01 (its begin in UTC), or how long ago such as 12h, 7d or 4w */
                at?: string;
                /** @description For how long what was seen of a cell is good, such as 12h, 7d or 4w */
                max_age?: string;
                /**
                 * @description What to count by: type, region, account, state, service, basis (how a cost is known), tag:KEY; up to ten, with commas
                 * @example [
                 *       "type",
                 *       "region"
                 *     ]
                 */
                facet: string[];
                /**
                 * @description The most values of each; the rest is in other
                 * @example 10
                 */
                top?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The counts */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FacetsAnswer"];
                };
            };
        };
    };
    "group-inventory": {
        parameters: {
            query: {
                /** @description A filter as a short query, or in JSON as the schema Filter. The other parameters must hold too */
                filter?: string;
                /** @description Only resources of this type */
                resource_type?: string;
                /** @description Only resources in this region */
                region?: string;
                /** @description Only resources in this state, such as running */
                state?: string;
                /** @description Only resources of this account */
                account_id?: string;
                /** @description KEY=VALUE, repeated for several tags. The parameter tag.KEY=VALUE also takes keys that contain = */
                tag?: string[];
                /** @description As of when; now, where it is absent. A time such as 2026-11-01T08:00:00Z, a day such as 2026-11-01 (its begin in UTC), or how long ago such as 12h, 7d or 4w */
                at?: string;
                /** @description For how long what was seen of a cell is good, such as 12h, 7d or 4w */
                max_age?: string;
                /**
                 * @description What to group by: one to three of type, region, account, state, service, basis, tag:KEY, with commas
                 * @example [
                 *       "region",
                 *       "type"
                 *     ]
                 */
                by: string[];
                /**
                 * @description The most groups; the rest is in other
                 * @example 20
                 */
                top?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The groups */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GroupsAnswer"];
                };
            };
        };
    };
    "list-inventory-tags": {
        parameters: {
            query?: {
                /**
                 * @description A filter as a short query, or in JSON as the schema Filter. The other parameters must hold too
                 * @example type:EC2_Instance
                 */
                filter?: string;
                /** @description Only resources of this type */
                resource_type?: string;
                /** @description Only resources in this region */
                region?: string;
                /** @description Only resources in this state, such as running */
                state?: string;
                /** @description Only resources of this account */
                account_id?: string;
                /** @description KEY=VALUE, repeated for several tags. The parameter tag.KEY=VALUE also takes keys that contain = */
                tag?: string[];
                /** @description As of when; now, where it is absent. A time such as 2026-11-01T08:00:00Z, a day such as 2026-11-01 (its begin in UTC), or how long ago such as 12h, 7d or 4w */
                at?: string;
                /** @description For how long what was seen of a cell is good, such as 12h, 7d or 4w */
                max_age?: string;
                /**
                 * @description The most keys
                 * @example 20
                 */
                top?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The keys */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TagsAnswer"];
                };
            };
        };
    };
    "get-inventory-history": {
        parameters: {
            query?: {
                /** @description For how long what was seen of its cell is good, such as 12h, 7d or 4w */
                max_age?: string;
                /** @description next_before of the audit of the answer before: older lines than it had */
                audit_before?: string;
                /** @description next_cursor of the page before */
                cursor?: string;
                /**
                 * @description The most rows of a page
                 * @example 20
                 */
                limit?: number;
            };
            header?: never;
            path: {
                /**
                 * @description account_id/region/resource_type/resource_id, each slash and whatever else needs it escaped
                 * @example 111122223333/us-east-1/EC2_Instance/i-0b6f89b53c8ead924
                 */
                key: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Its life */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LifeAnswer"];
                };
            };
        };
    };
    "list-jobs": {
        parameters: {
            query?: {
                /** @description Only what is about this account, and what cannot be told of, which says account_unknown. A page may then have fewer than limit, or none, with a next_cursor to go on */
                account_id?: string;
                /** @description Only jobs in one of these states, such as partial,failed. A page may then have fewer than limit, or none, with a next_cursor to go on */
                state?: ("queued" | "running" | "finalizing" | "succeeded" | "partial" | "failed" | "cancelled")[];
                /** @description next_cursor of the page before */
                cursor?: string;
                /**
                 * @description The most jobs of a page
                 * @example 20
                 */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobsAnswer"];
                };
            };
        };
    };
    "get-job": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The job
                 * @example 0199c0de-0000-7000-8000-000000000001
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobAnswer"];
                };
            };
        };
    };
    "cancel-job": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The job
                 * @example 0199c0de-0000-7000-8000-000000000001
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobAnswer"];
                };
            };
            /** @description The job is stopping */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobAnswer"];
                };
            };
        };
    };
    "get-compliance": {
        parameters: {
            query?: {
                /**
                 * @description Needed: KEY, or KEY=VALUE|VALUE where only some values will do; * and ? in values are wild. Keys and values with commas or bars go into the body of a POST
                 * @example [
                 *       "Team",
                 *       "Environment=dev|test|staging|prod"
                 *     ]
                 */
                required?: string[];
                /** @description Types that cannot carry tags, or need not */
                exempt_types?: string[];
            };
            header?: never;
            path: {
                /**
                 * @description The job
                 * @example 0199c0de-0000-7000-8000-000000000001
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The report */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ComplianceAnswer"];
                };
            };
        };
    };
    "post-compliance": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The job
                 * @example 0199c0de-0000-7000-8000-000000000001
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "required": [
                 *         {
                 *           "key": "Team"
                 *         },
                 *         {
                 *           "key": "Environment",
                 *           "values": [
                 *             "dev",
                 *             "test",
                 *             "staging",
                 *             "prod"
                 *           ]
                 *         }
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["CompliancePolicy"];
            };
        };
        responses: {
            /** @description The report */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ComplianceAnswer"];
                };
            };
        };
    };
    "get-costs": {
        parameters: {
            query?: {
                /**
                 * @description type, region, account, service, state, basis (how a cost is known), or tag:KEY
                 * @example region
                 */
                group_by?: string;
            };
            header?: never;
            path: {
                /**
                 * @description The job
                 * @example 0199c0de-0000-7000-8000-000000000001
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The sums */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CostsAnswer"];
                };
            };
        };
    };
    "get-coverage": {
        parameters: {
            query?: {
                /**
                 * @description Only cells with this outcome; open selects those that have not ended
                 * @example ok
                 */
                outcome?: "open" | "ok" | "empty" | "denied" | "denied_scp" | "not_opted_in" | "unsupported" | "bad_credentials" | "throttled" | "timeout" | "error" | "cancelled";
            };
            header?: never;
            path: {
                /**
                 * @description The job
                 * @example 0199c0de-0000-7000-8000-000000000001
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CoverageAnswer"];
                };
            };
        };
    };
    "follow-job": {
        parameters: {
            query?: {
                /** @description Begin after this event */
                after?: number;
            };
            header?: {
                /** @description The last event that the client has seen. Browsers send it when they reconnect. It wins over after */
                "Last-Event-ID"?: string;
            };
            path: {
                /**
                 * @description The job
                 * @example 0199c0de-0000-7000-8000-000000000001
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The events */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": ({
                        data: components["schemas"]["JobItem"];
                        /** @constant */
                        event: "job";
                        id?: number;
                    } | {
                        data: components["schemas"]["CellsEvent"];
                        /** @constant */
                        event: "cells";
                        id?: number;
                    } | {
                        data: components["schemas"]["DoneEvent"];
                        /** @constant */
                        event: "done";
                        id?: number;
                    })[];
                };
            };
        };
    };
    "list-findings": {
        parameters: {
            query?: {
                /** @description A filter by type, region, account, id and name of the resource: findings have nothing else that filters ask for */
                filter?: string;
                /**
                 * @description Of this rule
                 * @example unattached_volume
                 */
                rule?: string;
                /** @description That save at least so many dollars a month; not those without a price */
                min_saving?: number;
                /** @description That are in the sum, or that are not */
                counted?: boolean;
                /** @description How resources are written; wins over Accept */
                format?: "json" | "ndjson" | "csv" | "csv-excel";
                /** @description next_cursor of the page before */
                cursor?: string;
                /**
                 * @description The most rows of a page
                 * @example 20
                 */
                limit?: number;
            };
            header?: never;
            path: {
                /**
                 * @description The job
                 * @example 0199c0de-0000-7000-8000-000000000001
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page, or all of it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FindingsAnswer"];
                    "application/x-ndjson": components["schemas"]["Finding"];
                    "text/csv": string;
                };
            };
        };
    };
    "plan-findings": {
        parameters: {
            query?: {
                /** @description Seconds to wait for it; absent is the server's setting */
                wait?: number;
            };
            header?: {
                /** @description Used where the body has no access_key_id */
                "X-AWS-Access-Key"?: string;
                /** @description Used where the body has no secret_access_key */
                "X-AWS-Secret-Key"?: string;
                /** @description Used where the body has no session_token */
                "X-AWS-Session-Token"?: string;
                /** @description The same key answers the same plan */
                "Idempotency-Key"?: string;
            };
            path: {
                /**
                 * @description The job
                 * @example 0199c0de-0000-7000-8000-000000000001
                 */
                id: string;
                /**
                 * @description The rule
                 * @example unattached_volume
                 */
                rule: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /** @example {} */
                "application/json": components["schemas"]["RulePlanBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PlanAnswer"];
                };
            };
            /** @description The items are still being looked at */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PlanAnswer"];
                };
            };
        };
    };
    "list-job-resources": {
        parameters: {
            query?: {
                /**
                 * @description A filter as a short query, or in JSON as the schema Filter. The other parameters must hold too
                 * @example type:EC2_Instance state:running
                 */
                filter?: string;
                /** @description Only resources of this type */
                resource_type?: string;
                /** @description Only resources in this region */
                region?: string;
                /** @description Only resources in this state, such as running */
                state?: string;
                /** @description Only resources of this account */
                account_id?: string;
                /** @description KEY=VALUE, repeated for several tags. The parameter tag.KEY=VALUE also takes keys that contain = */
                tag?: string[];
                /** @description How resources are written; wins over Accept */
                format?: "json" | "ndjson" | "csv" | "csv-excel";
                /** @description next_cursor of the page before */
                cursor?: string;
                /**
                 * @description The most rows of a page
                 * @example 20
                 */
                limit?: number;
            };
            header?: never;
            path: {
                /**
                 * @description The job
                 * @example 0199c0de-0000-7000-8000-000000000001
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page, or all of it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResourcesAnswer"];
                    "application/x-ndjson": components["schemas"]["Resource"];
                    "text/csv": string;
                };
            };
        };
    };
    "get-relations": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The job
                 * @example 0199c0de-0000-7000-8000-000000000001
                 */
                id: string;
                /**
                 * @description account_id/region/resource_type/resource_id, each slash and whatever else needs it escaped
                 * @example 111122223333/us-east-1/EC2_Instance/i-0b6f89b53c8ead924
                 */
                key: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The resource and its relations */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RelationsAnswer"];
                };
            };
        };
    };
    "get-result": {
        parameters: {
            query?: {
                /** @description Answer what has been found so far while the job runs */
                partial?: boolean;
                /**
                 * @description How resources are written; wins over Accept
                 * @example json
                 */
                format?: "json" | "ndjson" | "csv" | "csv-excel";
            };
            header?: never;
            path: {
                /**
                 * @description The job
                 * @example 0199c0de-0000-7000-8000-000000000001
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The result */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ScanResult"];
                    "application/x-ndjson": components["schemas"]["Resource"];
                    "text/csv": string;
                };
            };
        };
    };
    "retry-job": {
        parameters: {
            query?: never;
            header?: {
                /** @description Used where the body has no access_key_id */
                "X-AWS-Access-Key"?: string;
                /** @description Used where the body has no secret_access_key */
                "X-AWS-Secret-Key"?: string;
                /** @description Used where the body has no session_token */
                "X-AWS-Session-Token"?: string;
            };
            path: {
                /**
                 * @description The job
                 * @example 0199c0de-0000-7000-8000-000000000001
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /** @example {} */
                "application/json": components["schemas"]["RetryBody"];
            };
        };
        responses: {
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Accepted"];
                };
            };
        };
    };
    "list-keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KeysAnswer"];
                };
            };
        };
    };
    "add-key": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "nightly report",
                 *       "grants": [
                 *         {
                 *           "role": "viewer"
                 *         },
                 *         {
                 *           "role": "operator",
                 *           "accounts": [
                 *             "111122223333"
                 *           ],
                 *           "regions": [
                 *             "us-east-1"
                 *           ]
                 *         }
                 *       ],
                 *       "expires_in_days": 90
                 *     }
                 */
                "application/json": components["schemas"]["KeyBody"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SecretAnswer"];
                };
            };
        };
    };
    "delete-key": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The key's ID
                 * @example 0199c0de-0000-7000-8000-000000000005
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    "rotate-key": {
        parameters: {
            query?: {
                /**
                 * @description How long the old secret is taken as well
                 * @example 3600
                 */
                overlap_seconds?: number;
            };
            header?: never;
            path: {
                /**
                 * @description The key's ID
                 * @example 0199c0de-0000-7000-8000-000000000005
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SecretAnswer"];
                };
            };
        };
    };
    "get-operations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OperationsAnswer"];
                };
            };
        };
    };
    "list-plans": {
        parameters: {
            query?: {
                /** @description Only what is about this account, and what cannot be told of, which says account_unknown. A page may then have fewer than limit, or none, with a next_cursor to go on */
                account_id?: string;
                /** @description next_cursor of the page before */
                cursor?: string;
                /**
                 * @description The most plans of a page
                 * @example 20
                 */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PlansAnswer"];
                };
            };
        };
    };
    "add-plan": {
        parameters: {
            query?: {
                /** @description Seconds to wait for it; absent is the server's setting */
                wait?: number;
            };
            header?: {
                /** @description Used where the body has no access_key_id */
                "X-AWS-Access-Key"?: string;
                /** @description Used where the body has no secret_access_key */
                "X-AWS-Secret-Key"?: string;
                /** @description Used where the body has no session_token */
                "X-AWS-Session-Token"?: string;
                /** @description The same key answers the same plan */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "select": {
                 *         "filter": "type:EC2_Instance state:running tag:Environment=dev",
                 *         "action": "stop"
                 *       },
                 *       "max_items": 50
                 *     }
                 */
                "application/json": components["schemas"]["PlanBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PlanAnswer"];
                };
            };
            /** @description The items are still being looked at */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PlanAnswer"];
                };
            };
        };
    };
    "get-plan": {
        parameters: {
            query?: {
                /** @description next_cursor of the page before */
                cursor?: string;
                /**
                 * @description How many items to answer
                 * @example 20
                 */
                limit?: number;
                /** @description Only items in these states, such as failed,refused */
                item_state?: ("planned" | "waiting" | "ready" | "running" | "refused" | "verified" | "failed" | "blocked" | "verify_timeout" | "reappeared" | "not_run")[];
            };
            header?: never;
            path: {
                /**
                 * @description The plan
                 * @example 0199c0de-0000-7000-8000-000000000002
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PlanAnswer"];
                };
            };
        };
    };
    "apply-plan": {
        parameters: {
            query?: {
                /** @description Seconds to wait for it; absent is the server's setting */
                wait?: number;
            };
            header?: {
                /** @description Used where the body has no access_key_id */
                "X-AWS-Access-Key"?: string;
                /** @description Used where the body has no secret_access_key */
                "X-AWS-Secret-Key"?: string;
                /** @description Used where the body has no session_token */
                "X-AWS-Session-Token"?: string;
                /** @description The same key answers the same plan */
                "Idempotency-Key"?: string;
            };
            path: {
                /**
                 * @description The plan
                 * @example 0199c0de-0000-7000-8000-000000000002
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "digest": "sha256:0199c0de0199c0de0199c0de0199c0de0199c0de0199c0de0199c0de0199c0de"
                 *     }
                 */
                "application/json": components["schemas"]["ApplyBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PlanAnswer"];
                };
            };
        };
    };
    "approve-plan": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The plan
                 * @example 0199c0de-0000-7000-8000-000000000002
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "digest": "sha256:0199c0de0199c0de0199c0de0199c0de0199c0de0199c0de0199c0de0199c0de"
                 *     }
                 */
                "application/json": components["schemas"]["ApproveInputBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PlanAnswer"];
                };
            };
        };
    };
    "cancel-plan": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The plan
                 * @example 0199c0de-0000-7000-8000-000000000002
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PlanAnswer"];
                };
            };
        };
    };
    "follow-plan": {
        parameters: {
            query?: {
                /** @description Begin after this line of the audit */
                after?: string;
            };
            header?: {
                /** @description As browsers send when they reconnect; wins over after */
                "Last-Event-ID"?: string;
            };
            path: {
                /**
                 * @description The plan
                 * @example 0199c0de-0000-7000-8000-000000000002
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The events */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": ({
                        data: components["schemas"]["PlanView"];
                        /** @constant */
                        event: "plan";
                        id?: string;
                    } | {
                        data: components["schemas"]["AuditMessage"];
                        /** @constant */
                        event: "audit";
                        id?: string;
                    } | {
                        data: components["schemas"]["PlanView"];
                        /** @constant */
                        event: "done";
                        id?: string;
                    })[];
                };
            };
        };
    };
    "report-plan": {
        parameters: {
            query?: {
                /**
                 * @description How the report is written; wins over Accept
                 * @example json
                 */
                format?: "json" | "csv" | "html";
            };
            header?: never;
            path: {
                /**
                 * @description The plan
                 * @example 0199c0de-0000-7000-8000-000000000002
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The report */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PlanReport"];
                    "text/csv": string;
                    "text/html": string;
                };
            };
        };
    };
    "resume-plan": {
        parameters: {
            query?: {
                /** @description Seconds to wait for it; absent is the server's setting */
                wait?: number;
            };
            header?: {
                /** @description Used where the body has no access_key_id */
                "X-AWS-Access-Key"?: string;
                /** @description Used where the body has no secret_access_key */
                "X-AWS-Secret-Key"?: string;
                /** @description Used where the body has no session_token */
                "X-AWS-Session-Token"?: string;
                /** @description The same key answers the same plan */
                "Idempotency-Key"?: string;
            };
            path: {
                /**
                 * @description The plan
                 * @example 0199c0de-0000-7000-8000-000000000002
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /** @example {} */
                "application/json": components["schemas"]["ResumeBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PlanAnswer"];
                };
            };
        };
    };
    "undo-plan": {
        parameters: {
            query?: {
                /** @description Seconds to wait for it; absent is the server's setting */
                wait?: number;
            };
            header?: {
                /** @description Used where the body has no access_key_id */
                "X-AWS-Access-Key"?: string;
                /** @description Used where the body has no secret_access_key */
                "X-AWS-Secret-Key"?: string;
                /** @description Used where the body has no session_token */
                "X-AWS-Session-Token"?: string;
                /** @description The same key answers the same plan */
                "Idempotency-Key"?: string;
            };
            path: {
                /**
                 * @description The plan
                 * @example 0199c0de-0000-7000-8000-000000000002
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "apply": false
                 *     }
                 */
                "application/json": components["schemas"]["UndoBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PlanAnswer"];
                };
            };
            /** @description The items are still being looked at */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PlanAnswer"];
                };
            };
        };
    };
    "read-quota": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QuotaAnswer"];
                };
            };
        };
    };
    "get-summary-report": {
        parameters: {
            query?: {
                /** @description A filter as a short query, or in JSON as the schema Filter. The other parameters must hold too */
                filter?: string;
                /** @description Only resources of this type */
                resource_type?: string;
                /** @description Only resources in this region */
                region?: string;
                /** @description Only resources in this state, such as running */
                state?: string;
                /** @description Only resources of this account */
                account_id?: string;
                /** @description KEY=VALUE, repeated for several tags. The parameter tag.KEY=VALUE also takes keys that contain = */
                tag?: string[];
                /** @description From when on changes and the trend are told. A time such as 2026-11-01T08:00:00Z, a day such as 2026-11-01 (its begin in UTC), or how long ago such as 12h, 7d or 4w. None is days before to */
                from?: string;
                /** @description As of when the report is; as from. None is now */
                to?: string;
                /**
                 * @description In place of from: how many days before to, 7 where neither is given; where the history begins later, from its begin on
                 * @example 30
                 */
                days?: number;
                /**
                 * @description How the report is written; wins over Accept
                 * @example json
                 */
                format?: "json" | "html" | "md" | "csv" | "csv-excel" | "pdf";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The report */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReportAnswer"];
                    "text/csv": string;
                    "text/html": string;
                    "text/markdown": string;
                };
            };
        };
    };
    "list-resources": {
        parameters: {
            query?: {
                /**
                 * @description A filter as a short query, or in JSON as the schema Filter. The other parameters must hold too
                 * @example type:EC2_Instance state:running
                 */
                filter?: string;
                /** @description Only resources of this type */
                resource_type?: string;
                /** @description Only resources in this region */
                region?: string;
                /** @description Only resources in this state, such as running */
                state?: string;
                /** @description Only resources of this account */
                account_id?: string;
                /** @description KEY=VALUE, repeated for several tags. The parameter tag.KEY=VALUE also takes keys that contain = */
                tag?: string[];
                /** @description How resources are written; wins over Accept */
                format?: "json" | "ndjson" | "csv" | "csv-excel";
                /** @description next_cursor of the page before */
                cursor?: string;
                /**
                 * @description The most rows of a page
                 * @example 20
                 */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page, or all of it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResourcesAnswer"];
                    "application/x-ndjson": components["schemas"]["Resource"];
                    "text/csv": string;
                };
            };
        };
    };
    act: {
        parameters: {
            query?: {
                /** @description Seconds to wait for it; absent is the server's setting */
                wait?: number;
            };
            header?: {
                /** @description Used where the body has no access_key_id */
                "X-AWS-Access-Key"?: string;
                /** @description Used where the body has no secret_access_key */
                "X-AWS-Secret-Key"?: string;
                /** @description Used where the body has no session_token */
                "X-AWS-Session-Token"?: string;
                /** @description The same key answers the same plan */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "resource_type": "EC2_Instance",
                 *       "resource_id": "i-0b6f89b53c8ead924",
                 *       "region": "us-east-1",
                 *       "action": "stop",
                 *       "dry_run": true
                 *     }
                 */
                "application/json": components["schemas"]["SingleActionBody"];
            };
        };
        responses: {
            /** @description It is done or under way; with dry_run, the plan */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ActionResult"] | components["schemas"]["PlanAnswer"];
                };
            };
            /** @description The items are still being looked at */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PlanAnswer"];
                };
            };
        };
    };
    "act-in-bulk": {
        parameters: {
            query?: {
                /** @description Seconds to wait for it; absent is the server's setting */
                wait?: number;
            };
            header?: {
                /** @description Used where the body has no access_key_id */
                "X-AWS-Access-Key"?: string;
                /** @description Used where the body has no secret_access_key */
                "X-AWS-Secret-Key"?: string;
                /** @description Used where the body has no session_token */
                "X-AWS-Session-Token"?: string;
                /** @description The same key answers the same plan */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "actions": [
                 *         {
                 *           "resource_type": "EC2_Instance",
                 *           "resource_id": "i-0b6f89b53c8ead924",
                 *           "region": "us-east-1",
                 *           "action": "stop"
                 *         }
                 *       ],
                 *       "dry_run": true
                 *     }
                 */
                "application/json": components["schemas"]["BulkActionBody"];
            };
        };
        responses: {
            /** @description How each item ended; with dry_run, the plan */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BulkActionResult"] | components["schemas"]["PlanAnswer"];
                };
            };
            /** @description The items are still being looked at */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PlanAnswer"];
                };
            };
        };
    };
    "filter-resources": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "resources": [
                 *         {
                 *           "resource_id": "vol-1",
                 *           "resource_type": "EBS_Volume",
                 *           "region": "us-east-1",
                 *           "state": "available"
                 *         },
                 *         {
                 *           "resource_id": "i-1",
                 *           "resource_type": "EC2_Instance",
                 *           "region": "us-east-1",
                 *           "state": "running"
                 *         }
                 *       ],
                 *       "filter": {
                 *         "and": [
                 *           {
                 *             "type": "EBS_Volume"
                 *           },
                 *           {
                 *             "state": "available"
                 *           }
                 *         ]
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["FilterBody"];
            };
        };
        responses: {
            /** @description The resources that meet all filters */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FilterAnswer"];
                };
            };
        };
    };
    "start-scan": {
        parameters: {
            query?: {
                /** @description Seconds to wait for the result; without it, the server's setting counts */
                wait?: number;
            };
            header?: {
                /** @description Used where the body has no access_key_id */
                "X-AWS-Access-Key"?: string;
                /** @description Used where the body has no secret_access_key */
                "X-AWS-Secret-Key"?: string;
                /** @description Used where the body has no session_token */
                "X-AWS-Session-Token"?: string;
                /** @description wait=SECONDS, after RFC 7240; the query parameter wins */
                Prefer?: string;
                /** @description The same key answers the same job */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "types": [
                 *         "EC2_Instance",
                 *         "EBS_Volume"
                 *       ],
                 *       "regions": [
                 *         "us-east-1",
                 *         "eu-west-1"
                 *       ],
                 *       "findings": true
                 *     }
                 */
                "application/json": components["schemas"]["ScanBody"];
            };
        };
        responses: {
            /** @description The scan ended within the wait */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ScanAnswer"];
                };
            };
            /** @description The scan is a job now */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Accepted"];
                };
            };
        };
    };
    "list-schedules": {
        parameters: {
            query?: {
                /** @description Only what is about this account, and what cannot be told of, which says account_unknown. A page may then have fewer than limit, or none, with a next_cursor to go on */
                account_id?: string;
                /** @description next_cursor of the page before */
                cursor?: string;
                /**
                 * @description The most schedules of a page
                 * @example 20
                 */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SchedulesAnswer"];
                };
            };
        };
    };
    "add-schedule": {
        parameters: {
            query?: never;
            header?: {
                /** @description Refused: a schedule would have to keep it */
                "X-AWS-Access-Key"?: string;
                /** @description Refused: a schedule would have to keep it */
                "X-AWS-Secret-Key"?: string;
                /** @description Refused: a schedule would have to keep it */
                "X-AWS-Session-Token"?: string;
                /** @description The same key answers the same schedule */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "instances each hour",
                 *       "cron": "0 * * * *",
                 *       "time_zone": "Europe/Berlin",
                 *       "types": [
                 *         "EC2_Instance"
                 *       ],
                 *       "keep": 10
                 *     }
                 */
                "application/json": components["schemas"]["ScheduleBody"];
            };
        };
        responses: {
            /** @description The Idempotency-Key made this schedule before */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ScheduleAnswer"];
                };
            };
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ScheduleAnswer"];
                };
            };
        };
    };
    "preview-schedule": {
        parameters: {
            query?: {
                /**
                 * @description As of a schedule; or every_seconds, or begin and end are given
                 * @example 0 6 * * 1-5
                 */
                cron?: string;
                /**
                 * @description Where the hours are, such as Europe/Berlin; none is UTC
                 * @example Europe/Berlin
                 */
                time_zone?: string;
                /** @description Time from one run to the next, at least 60 */
                every_seconds?: number;
                /** @description Cron line at which off-hours begin */
                begin?: string;
                /** @description Cron line at which off-hours end */
                end?: string;
                /** @description The schedule that is to be changed: its distances count from when it was made; none is a new one */
                schedule_id?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NextRunsAnswer"];
                };
            };
        };
    };
    "get-schedule": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The schedule
                 * @example 0199c0de-0000-7000-8000-000000000003
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ScheduleAnswer"];
                };
            };
        };
    };
    "put-schedule": {
        parameters: {
            query?: never;
            header?: {
                /** @description Refused: a schedule would have to keep it */
                "X-AWS-Access-Key"?: string;
                /** @description Refused: a schedule would have to keep it */
                "X-AWS-Secret-Key"?: string;
                /** @description Refused: a schedule would have to keep it */
                "X-AWS-Session-Token"?: string;
            };
            path: {
                /**
                 * @description The schedule
                 * @example 0199c0de-0000-7000-8000-000000000003
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "instances each morning",
                 *       "cron": "0 6 * * *",
                 *       "time_zone": "Europe/Berlin",
                 *       "types": [
                 *         "EC2_Instance"
                 *       ],
                 *       "keep": 10
                 *     }
                 */
                "application/json": components["schemas"]["ScheduleBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ScheduleAnswer"];
                };
            };
        };
    };
    "delete-schedule": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The schedule
                 * @example 0199c0de-0000-7000-8000-000000000003
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    "list-schedule-history": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The schedule
                 * @example 0199c0de-0000-7000-8000-000000000003
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HistoryAnswer"];
                };
            };
        };
    };
    "pause-schedule": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The schedule
                 * @example 0199c0de-0000-7000-8000-000000000003
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ScheduleAnswer"];
                };
            };
        };
    };
    "resume-schedule": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The schedule
                 * @example 0199c0de-0000-7000-8000-000000000003
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ScheduleAnswer"];
                };
            };
        };
    };
    "run-schedule": {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key answers the same run */
                "Idempotency-Key"?: string;
            };
            path: {
                /**
                 * @description The schedule
                 * @example 0199c0de-0000-7000-8000-000000000003
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Accepted"];
                };
            };
        };
    };
    "list-schedule-runs": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The schedule
                 * @example 0199c0de-0000-7000-8000-000000000003
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunsAnswer"];
                };
            };
        };
    };
    "list-sessions": {
        parameters: {
            query?: {
                /** @description next_cursor of the page before */
                cursor?: string;
                /**
                 * @description The most sessions of a page
                 * @example 20
                 */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionsAnswer"];
                };
            };
        };
    };
    "end-session": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The session's ID
                 * @example 0199c0de-0000-7000-8000-000000000006
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    "list-tenants": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TenantsAnswer"];
                };
            };
        };
    };
    "add-tenant": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "search",
                 *       "description": "The search team"
                 *     }
                 */
                "application/json": components["schemas"]["TenantBody"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TenantAnswer"];
                };
            };
        };
    };
    "delete-tenant": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The tenant's name
                 * @example search
                 */
                tenant: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    "get-allowed-accounts": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The tenant's name
                 * @example search
                 */
                tenant: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AllowedAnswer"];
                };
            };
        };
    };
    "put-allowed-accounts": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The tenant's name
                 * @example search
                 */
                tenant: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "accounts": [
                 *         "111122223333"
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["AllowedBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AllowedAnswer"];
                };
            };
        };
    };
    "get-tenant-quota": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The tenant's name
                 * @example search
                 */
                tenant: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TenantQuotaAnswer"];
                };
            };
        };
    };
    "put-tenant-quota": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The tenant's name
                 * @example search
                 */
                tenant: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "limits": {
                 *         "jobs": 10,
                 *         "jobs_per_day": 100
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["QuotaBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TenantQuotaAnswer"];
                };
            };
        };
    };
    "get-trend": {
        parameters: {
            query?: {
                /**
                 * @description type, region, account, or none for the total alone; of cost also tag:KEY for the tags of HISTORY_TAGS, of saving also rule
                 * @example region
                 */
                by?: string;
                /** @description cost: resources and what they cost. saving: counted findings that are open and not acknowledged, and what they would save */
                measure?: "cost" | "saving";
                /**
                 * @description A time such as 2026-11-01T08:00:00Z, a day such as 2026-11-01, or how long ago such as 7d or 4w. The default is 30d
                 * @example 30d
                 */
                from?: string;
                /** @description As from. The default is now */
                to?: string;
                /**
                 * @description What a point is of. Weeks begin on Monday
                 * @example day
                 */
                interval?: "day" | "week" | "month";
                /** @description The key that alone has points of its own, whatever others cost, such as an account. It is one of what by names, so that by=none has none */
                key?: string;
                /** @description How many keys have points of their own: those that cost most over all days */
                top?: number;
                /** @description How points are written */
                format?: "json" | "csv" | "csv-excel";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The trend */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TrendAnswer"];
                    "text/csv": string;
                };
            };
        };
    };
    "list-types": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TypesAnswer"];
                };
            };
        };
    };
    "list-webhooks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhooksAnswer"];
                };
            };
        };
    };
    "add-webhook": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "url": "https://hooks.example.com/tracker",
                 *       "events": [
                 *         "job.*"
                 *       ],
                 *       "description": "The operators' channel",
                 *       "enabled": true
                 *     }
                 */
                "application/json": components["schemas"]["WebhookBody"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookSecretAnswer"];
                };
            };
        };
    };
    "get-webhook": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The webhook
                 * @example wh_0199c0de0199c0de0199c0de01
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookAnswer"];
                };
            };
        };
    };
    "delete-webhook": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The webhook
                 * @example wh_0199c0de0199c0de0199c0de01
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    "change-webhook": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The webhook
                 * @example wh_0199c0de0199c0de0199c0de01
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "events": [
                 *         "job.failed",
                 *         "plan.*"
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["WebhookPatch"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookAnswer"];
                };
            };
        };
    };
    "list-webhook-deliveries": {
        parameters: {
            query?: {
                /** @description next_cursor of the page before */
                cursor?: string;
                /**
                 * @description The most deliveries of a page
                 * @example 20
                 */
                limit?: number;
            };
            header?: never;
            path: {
                /**
                 * @description The webhook
                 * @example wh_0199c0de0199c0de0199c0de01
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeliveriesAnswer"];
                };
            };
        };
    };
    "replay-webhook-delivery": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The webhook
                 * @example wh_0199c0de0199c0de0199c0de01
                 */
                id: string;
                /**
                 * @description The delivery
                 * @example 0199c0de-0000-7000-8000-000000000008
                 */
                delivery: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeliveryAnswer"];
                };
            };
        };
    };
    "rotate-webhook-secret": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The webhook
                 * @example wh_0199c0de0199c0de0199c0de01
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "keep_old_seconds": 3600
                 *     }
                 */
                "application/json": components["schemas"]["RotateBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookSecretAnswer"];
                };
            };
        };
    };
    "test-webhook": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The webhook
                 * @example wh_0199c0de0199c0de0199c0de01
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeliveryAnswer"];
                };
            };
        };
    };
    "who-am-i": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WhoAnswer"];
                };
            };
        };
    };
    health: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
        };
    };
    ready: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Readiness"];
                };
            };
        };
    };
}
