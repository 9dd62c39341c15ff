package tracker

import "time"

// AuditEvent is one line of the audit.
type AuditEvent struct {
	ID string    `json:"event_id"`
	At time.Time `json:"at"`
	// Number counts the lines of the owner's audit, from 1; 0 is a line of no chain.
	Number int64 `json:"number,omitempty" doc:"Counts the lines of your audit, from 1"`
	// Who is the principal that caused it, From its address where a request did.
	Who  string `json:"who"`
	From string `json:"from,omitempty"`
	// What happened, such as "plan.created", "item.sent" or "item.verified".
	What   string `json:"what"`
	PlanID string `json:"plan_id,omitempty" doc:"The plan that it is about; absent where it is about none"`
	// Item is the item's index; nil for the plan as a whole.
	Item   *int       `json:"item,omitempty"`
	Target *ActionRef `json:"target,omitempty"`
	Step   string     `json:"step,omitempty"`
	// Calls counts the calls of a step that one line tells of, Since is when the first of
	// them was about to be sent.
	Calls int        `json:"calls,omitempty" doc:"How many calls the step has made so far, on a line that tells of several"`
	Since *time.Time `json:"since,omitempty" doc:"When the first of these calls was about to be sent"`
	// Schedule is what caused it, where a schedule did; Job is the scan that it started.
	Schedule string `json:"schedule_id,omitempty"`
	Job      string `json:"job_id,omitempty"`
	Webhook  string `json:"webhook_id,omitempty"`
	// RequestID is AWS's, of the call that the line is about.
	RequestID string `json:"aws_request_id,omitempty"`
	Detail    string `json:"detail,omitempty"`
	// Prev is the hash of the line before, Hash the line's own: SHA-256, in hex, of Prev,
	// a line feed and the line without the two, as JSON with sorted members and no spaces.
	Prev string `json:"prev_hash,omitempty" doc:"The hash of the line before it; absent on the first"`
	Hash string `json:"hash,omitempty" doc:"SHA-256, in hex, of prev_hash, a line feed and the line without prev_hash and hash, as JSON with sorted members and no spaces"`
}

// ActionRef names what an audit line is about.
type ActionRef struct {
	ResourceID string `json:"resource_id"`
	Type       Type   `json:"resource_type"`
	Region     string `json:"region"`
	AccountID  string `json:"account_id,omitempty"`
	Verb       string `json:"action"`
}

// AuditCheck says whether lines of an audit are a chain.
type AuditCheck struct {
	Holds bool `json:"holds" doc:"Every line that was checked is as it was written, and follows the line before it"`
	Lines int  `json:"lines" doc:"How many lines were checked"`
	// From is the first line that was checked, To the last that holds.
	From *AuditMark `json:"from,omitempty" doc:"The first line that was checked"`
	To   *AuditMark `json:"to,omitempty" doc:"The last line that holds"`
	// Dropped counts the lines that were so old that they were dropped.
	Dropped int64       `json:"dropped" doc:"How many lines, the oldest, were dropped because of their age; the first that is kept follows the last of them"`
	Broken  *AuditFault `json:"broken,omitempty" doc:"The first line that does not hold"`
	Next    string      `json:"next_cursor,omitempty" doc:"The cursor to go on with; absent at the end, and behind a line that does not hold"`
}

// AuditMark names a line of the audit.
type AuditMark struct {
	ID     string `json:"event_id"`
	Number int64  `json:"number"`
	Hash   string `json:"hash"`
}

// AuditFault is a line of the audit that does not hold.
type AuditFault struct {
	ID     string `json:"event_id,omitempty" doc:"Absent where lines are missing at the end"`
	Number int64  `json:"number" doc:"The number that the line has to have"`
	Fault  string `json:"fault" enum:"changed,missing,not_chained,out_of_place" doc:"changed: it is not as it was written; missing: lines before it are; not_chained: it has no hash; out_of_place: it does not follow the line before it"`
	// Message says it in words.
	Message string `json:"message"`
}

// RefOf names what an item is about.
func RefOf(it ActionItem) *ActionRef {
	return &ActionRef{ResourceID: it.ResourceID, Type: it.Type, Region: it.Region, AccountID: it.AccountID, Verb: it.Verb}
}
