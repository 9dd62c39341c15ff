package api

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/consolesensei/resource-tracker/history"
	"github.com/consolesensei/resource-tracker/tracker"
)

const liveFindingsPath = "/api/v1/findings"

// maxGroups is how many groups of findings an answer has.
const maxGroups = 1000

// liveFinding is a finding as it is known over scans.
type liveFinding struct {
	tracker.Finding
	State       string     `json:"state" enum:"open,acknowledged,resolved" doc:"acknowledged: open, and somebody has said why"`
	OpenedAt    time.Time  `json:"opened_at" doc:"Since when, as far as scans saw, it is so"`
	SeenAt      time.Time  `json:"seen_at" doc:"When a scan saw it last"`
	Unconfirmed bool       `json:"unconfirmed" doc:"Open, and the newest scan of the account has not decided on it: its cell or what its rule relies on was not seen, or metrics were not asked for"`
	Reopened    int64      `json:"reopened" doc:"How often it came back after it was resolved"`
	ResolvedAt  *time.Time `json:"resolved_at,omitempty" doc:"When a scan saw that it is so no more"`
	Resolution  *string    `json:"resolution,omitempty" enum:"gone,repaired" doc:"gone: the resource is not there any more; repaired: it is, and its rule does not find it"`
	// RealisedSaving is nil where it is not known.
	RealisedSaving  *tracker.Money    `json:"realised_saving" doc:"An estimate: what the resource costs a month less than when the finding was seen last, at list prices; of one that is gone, what it cost. null while it is open, and where a cost is not known or only a bound of it"`
	Acknowledgement *acknowledgement  `json:"acknowledgement,omitempty"`
	Tags            map[string]string `json:"tags" doc:"Of the resource, when the finding was seen last"`
}

// acknowledgement says why a finding stays open.
type acknowledgement struct {
	By     string     `json:"by" doc:"Who said so"`
	Reason string     `json:"reason"`
	At     time.Time  `json:"at"`
	Until  *time.Time `json:"until,omitempty" doc:"When the finding counts again by itself; absent: never"`
}

// findingGroup sums up findings. Sums have counted findings only.
type findingGroup struct {
	Key             string        `json:"key" doc:"The value that they have in common; empty where they have none"`
	Findings        int64         `json:"findings"`
	Unconfirmed     int64         `json:"unconfirmed" doc:"Open findings that the newest scan of their account has not decided on"`
	Counted         int64         `json:"counted" doc:"Of several findings about one resource only one counts"`
	MonthlySaving   tracker.Money `json:"monthly_saving" doc:"Of the counted findings that have a price"`
	Unpriced        int64         `json:"unpriced" doc:"Counted findings that have no price, and are not in the sum"`
	RealisedSaving  tracker.Money `json:"realised_saving" doc:"Of the counted findings that are resolved, where it is known: an estimate"`
	RealisedUnknown int64         `json:"realised_unknown" doc:"Counted findings that are resolved, of which it is not known"`
}

func groupOf(g history.FindingGroup) findingGroup {
	return findingGroup{g.Key, g.Findings, g.Unconfirmed, g.Counted, tracker.Money(g.Saving), g.Unpriced, tracker.Money(g.Realised), g.Unknown}
}

// LiveFindingQuery selects findings; all that is given must hold.
type LiveFindingQuery struct {
	State      string            `query:"state" enum:"open,acknowledged,resolved,all" default:"open" doc:"In this state"`
	Rule       []string          `query:"rule" maxItems:"50" maxLength:"100" doc:"Of one of these rules"`
	AccountID  []string          `query:"account_id" maxItems:"50" maxLength:"12" doc:"About resources of one of these accounts"`
	Region     []string          `query:"region" maxItems:"50" maxLength:"64" doc:"About resources in one of these regions"`
	Type       []string          `query:"resource_type" maxItems:"50" maxLength:"100" doc:"About resources of one of these types"`
	Confidence []string          `query:"confidence" maxItems:"4" enum:"high,medium,low,none" doc:"Of one of these confidences"`
	ResourceID string            `query:"resource_id" maxLength:"1024" doc:"About resources with this ID"`
	MinSaving  optional[float64] `query:"min_saving" minimum:"0" doc:"That save at least so many dollars a month; not those without a price"`
	Counted    optional[bool]    `query:"counted" doc:"That are in the sum, or that are not"`
	Resolved   string            `query:"resolved_since" maxLength:"40" doc:"Resolved at this time or later. A time such as 2026-11-01T08:00:00Z, a day such as 2026-11-01, or how long ago such as 30d"`
	Tag        []string          `query:"tag,explode" maxItems:"50" maxLength:"400" doc:"KEY=VALUE of the resource, such as that of its owner, repeated for several tags. The parameter tag.KEY=VALUE also takes keys that contain ="`

	tags map[string]string
}

// Resolve implements huma.Resolver: it reads both forms of tags.
func (q *LiveFindingQuery) Resolve(ctx huma.Context) (errs []error) {
	q.tags, errs = readTags(ctx)
	return errs
}

type liveFindingsInput struct {
	LiveFindingQuery
	Sort    string `query:"sort" enum:"saving,-saving,realised,-realised,opened,-opened,seen,-seen,resolved,-resolved,rule,-rule,account,-account,region,-region,type,-type" default:"-saving" doc:"By what findings are sorted; a minus puts the most first. What is not known is the least"`
	GroupBy string `query:"group_by" maxLength:"140" pattern:"^(rule|account|region|type|confidence|resolution|month|tag:.{1,128})?$" example:"tag:team" doc:"Answer sums by rule, account, region, type, confidence, resolution, month (in which they were resolved) or tag:KEY in place of findings: what saves most first, 1,000 groups at most"`
	FormatQuery
	PageQuery
}

// Resolve implements huma.Resolver, so that neither of two parts hides the other's.
func (in *liveFindingsInput) Resolve(ctx huma.Context) []error {
	return append(in.LiveFindingQuery.Resolve(ctx), in.PageQuery.Resolve(ctx)...)
}

type liveFindingsAnswer struct {
	Success  bool           `json:"success" doc:"Always true"`
	Summary  findingGroup   `json:"summary" doc:"Of all that the query selects"`
	Groups   []findingGroup `json:"groups,omitempty" doc:"With group_by"`
	Findings []liveFinding  `json:"findings" doc:"Empty with group_by"`
	Next     string         `json:"next_cursor,omitempty" doc:"Absent on the last page"`
}

var liveFindingColumns = append(slices.Clone(findingColumns), "state", "opened_at", "seen_at", "unconfirmed", "reopened", "resolved_at", "resolution", "realised_saving", "acknowledgement", "tags")

func (s *Server) registerLiveFindings() {
	r := answers("A page, or all of it", map[string]*huma.Schema{
		"application/json": schema[liveFindingsAnswer](s), ndjson: schema[liveFinding](s),
		csvMedia: {Type: huma.TypeString, Description: "Columns: " + strings.Join(liveFindingColumns, ", ")},
	})
	r.Headers = map[string]*huma.Header{"Content-Disposition": stringHeader("Of csv: the name of the file")}
	register(s, huma.Operation{
		OperationID: "list-live-findings", Method: http.MethodGet, Path: liveFindingsPath, Tags: []string{"savings"},
		Summary: "Page through what is found in all accounts, since when, and what became of it; sum it up, or export it",
		Description: `A finding is open from the scan that first found it until a scan resolves it: its resource is gone, or its rule has decided on the
cell, which was seen to its end, and does not find it any more. Where a scan could not see that, the finding stays open and is unconfirmed.
JSON comes in pages; every other format is all that the query selects, streamed. 503 on a server without a history.`,
		Errors:    []int{http.StatusServiceUnavailable},
		Responses: map[string]*huma.Response{status(http.StatusOK): r},
	}, s.listLiveFindings)
	s.registerAcknowledgements()
	s.registerLivePlan()
}

// selects is what the query asks of the history.
func (q LiveFindingQuery) selects(now time.Time) (history.FindingQuery, []FieldError) {
	resolved, faults := readMoment("query.resolved_since", q.Resolved, now, time.UnixMilli(0))
	// Neither is below the minimum, nor is anything above it.
	if math.IsNaN(q.MinSaving.value) || math.IsInf(q.MinSaving.value, 0) {
		faults = append(faults, FieldError{"query.min_saving", "expected a number of dollars"})
	}
	out := history.FindingQuery{
		State: q.State, Rules: q.Rule, Accounts: q.AccountID, Regions: q.Region, Types: q.Type, Confidences: q.Confidence, Resource: q.ResourceID,
		ResolvedFrom: resolved.UnixMilli(), Now: now.UnixMilli(),
	}
	if q.MinSaving.set {
		out.MinSaving = new(int64(tracker.Dollars(q.MinSaving.value)))
	}
	if q.Counted.set {
		out.Counted = &q.Counted.value
	}
	for _, key := range slices.Sorted(maps.Keys(q.tags)) {
		out.Tags = append(out.Tags, [2]string{key, q.tags[key]})
	}
	return out, faults
}

func (s *Server) listLiveFindings(ctx context.Context, in *liveFindingsInput) (*huma.StreamResponse, error) {
	format := in.chosen()
	faults := []FieldError{}
	if in.GroupBy != "" && (format != formatJSON || len(in.given) > 0) {
		faults = append(faults, FieldError{"query.group_by", "groups come in JSON, in one answer"})
	} else if err := (ListingQuery{FormatQuery: in.FormatQuery, PageQuery: in.PageQuery}).check(); err != nil {
		return nil, err
	}
	q, more := in.selects(time.Now())
	if faults = append(faults, more...); len(faults) > 0 {
		return nil, invalid(faults...)
	}
	h, err := s.kept()
	if err != nil {
		return nil, err
	}
	if format != formatJSON {
		return streamed(func(ctx context.Context, w http.ResponseWriter) { s.streamLiveFindings(ctx, w, h, q, in, format) }), nil
	}
	after, err := in.mark()
	if err != nil {
		return nil, err
	}
	sums, err := h.GroupFindings(ctx, owner(ctx), q, "", 1)
	if err != nil {
		return nil, err
	}
	out := liveFindingsAnswer{Success: true, Findings: []liveFinding{}}
	for _, g := range sums {
		out.Summary = groupOf(g)
	}
	if in.GroupBy != "" {
		groups, err := h.GroupFindings(ctx, owner(ctx), q, in.GroupBy, maxGroups)
		if err != nil {
			return nil, err
		}
		out.Groups = make([]findingGroup, len(groups))
		for i, g := range groups {
			out.Groups[i] = groupOf(g)
		}
		return answered(http.StatusOK, out), nil
	}
	page, err := in.page(ctx, h, q, after, in.Limit+1)
	if err != nil {
		return nil, err
	}
	if len(page) > in.Limit {
		page = page[:in.Limit]
		out.Next = in.seal(page[in.Limit-1].Mark)
	}
	for _, f := range page {
		live, err := liveOf(f)
		if err != nil {
			return nil, err
		}
		out.Findings = append(out.Findings, live)
	}
	return answered(http.StatusOK, out), nil
}

func (in *liveFindingsInput) page(ctx context.Context, h *history.Store, q history.FindingQuery, after history.Mark, limit int) ([]history.Live, error) {
	by, descending := strings.CutPrefix(in.Sort, "-")
	return h.Findings(ctx, owner(ctx), q, by, descending, after, limit)
}

// sealedMark is a place in a listing, with the digest of what the listing is of.
type sealedMark struct {
	Value string `json:"v"`
	ID    int64  `json:"i"`
	Of    []byte `json:"o"`
}

func (in *liveFindingsInput) digest() []byte {
	sum := sha256.Sum256(fmt.Appendf(nil, "%+v %s", in.LiveFindingQuery, in.Sort))
	return sum[:6]
}

func (in *liveFindingsInput) seal(m history.Mark) string {
	b, _ := json.Marshal(sealedMark{m.Value, m.ID, in.digest()}) // of these it cannot fail
	return base64.RawURLEncoding.EncodeToString(b)
}

func (in *liveFindingsInput) mark() (history.Mark, error) {
	if in.Cursor == "" {
		return history.Mark{}, nil
	}
	var m sealedMark
	b, err := base64.RawURLEncoding.DecodeString(in.Cursor)
	if err == nil {
		err = json.Unmarshal(b, &m)
	}
	if err != nil || !bytes.Equal(m.Of, in.digest()) {
		return history.Mark{}, invalid(FieldError{"query.cursor", "not a cursor of a listing with this query"})
	}
	return history.Mark{Value: m.Value, ID: m.ID}, nil
}

// liveOf is a finding as it is answered.
func liveOf(f history.Live) (liveFinding, error) {
	out := liveFinding{
		State: f.State, OpenedAt: time.UnixMilli(f.Opened).UTC(), SeenAt: time.UnixMilli(f.Seen).UTC(), Unconfirmed: f.Unconfirmed, Reopened: f.Reopened,
		ResolvedAt: tracker.AtMillis(f.ResolvedAt), Resolution: f.Resolution, RealisedSaving: (*tracker.Money)(f.Realised),
	}
	if f.Ack.At != nil {
		out.Acknowledgement = &acknowledgement{*f.Ack.By, *f.Ack.Why, time.UnixMilli(*f.Ack.At).UTC(), tracker.AtMillis(f.Ack.Until)}
	}
	if err := json.Unmarshal(f.JSON, &out.Finding); err != nil {
		return out, err
	}
	return out, json.Unmarshal(f.Tags, &out.Tags)
}

func (s *Server) streamLiveFindings(ctx context.Context, w http.ResponseWriter, h *history.Store, q history.FindingQuery, in *liveFindingsInput, format exportFormat) {
	s.streamRows(ctx, w, format, "findings", whole(liveFindingColumns), func(row func([]byte) error) error {
		for after := (history.Mark{}); ; {
			page, err := in.page(ctx, h, q, after, pageOfExport)
			if err != nil {
				return err
			}
			for _, f := range page {
				live, err := liveOf(f)
				if err != nil {
					return err
				}
				b, err := json.Marshal(live)
				if err != nil {
					return err
				}
				if err := row(b); err != nil {
					return err
				}
				after = f.Mark
			}
			if len(page) < pageOfExport {
				return nil
			}
		}
	})
}

// pageOfExport is how many rows of an export are in memory.
const pageOfExport = 1000
