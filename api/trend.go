package api

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/consolesensei/resource-tracker/history"
	"github.com/consolesensei/resource-tracker/tracker"
	"github.com/consolesensei/resource-tracker/trends"
)

const (
	byNone = "none"
	// maxTrendDays bounds a trend by day; those by week and by month are bounded by what is kept.
	maxTrendDays = 1100
	// maxTrendYears is as far as a trend goes back.
	maxTrendYears = 20 * 366
)

// measures are what trends are kept of, each with what its dimensions begin with, those it has, and whether tags are
// among them.
var measures = map[string]struct {
	prefix     string
	dimensions []string
	tags       bool
}{
	"cost":   {"", []string{"type", "region", "account"}, true},
	"saving": {"saving ", []string{"type", "region", "account", "rule"}, false},
}

type trendInput struct {
	By       string       `query:"by" default:"type" maxLength:"140" pattern:"^(none|type|region|account|rule|tag:.+)$" doc:"type, region, account, or none for the total alone; of cost also tag:KEY for the tags of HISTORY_TAGS, of saving also rule"`
	Measure  string       `query:"measure" enum:"cost,saving" default:"cost" doc:"cost: resources and what they cost. saving: counted findings that are open and not acknowledged, and what they would save"`
	From     string       `query:"from" maxLength:"40" doc:"A time such as 2026-11-01T08:00:00Z, a day such as 2026-11-01, or how long ago such as 7d or 4w. The default is 30d"`
	To       string       `query:"to" maxLength:"40" doc:"As from. The default is now"`
	Interval string       `query:"interval" enum:"day,week,month" default:"day" doc:"What a point is of. Weeks begin on Monday"`
	Key      string       `query:"key" maxLength:"256" doc:"The key that alone has points of its own, whatever others cost, such as an account. It is one of what by names, so that by=none has none"`
	Top      int          `query:"top" minimum:"1" maximum:"100" default:"10" doc:"How many keys have points of their own: those that cost most over all days"`
	Format   exportFormat `query:"format" enum:"json,csv,csv-excel" doc:"How points are written"`
}

// trendAnswer is a trend.
type trendAnswer struct {
	Success      bool         `json:"success" doc:"Always true"`
	By           string       `json:"by"`
	Measure      string       `json:"measure"`
	Interval     string       `json:"interval"`
	Currency     string       `json:"currency" enum:"USD"`
	From         string       `json:"from,omitempty" format:"date" doc:"The first day of the points: not before known_since"`
	To           string       `json:"to,omitempty" format:"date" doc:"The last"`
	KnownSince   string       `json:"known_since,omitempty" format:"date" doc:"The first day on which a scan saw something; absent before"`
	Days         int          `json:"days"`
	ObservedDays int          `json:"observed_days" doc:"Days on which a scan saw something. What is told of the others is as of the day before"`
	Complete     bool         `json:"complete" doc:"False where the keys do not add up to the total: a tag has a trend of its own since later than resources are known"`
	Total        []trendPoint `json:"total"`
	Groups       []trendGroup `json:"groups" doc:"The costliest over all days first"`
	Other        []trendPoint `json:"other,omitempty" doc:"All further keys together, so that groups and other are the total; absent where there are none"`
	Cells        cellsSeen    `json:"cells"`
}

// trendGroup is the trend of a key.
type trendGroup struct {
	Key    string       `json:"key" doc:"Empty is without the tag"`
	Points []trendPoint `json:"points"`
}

// trendPoint is a day, a week or a month: what there was at its end, and what was spent in it.
type trendPoint struct {
	Day          string        `json:"day" format:"date" doc:"The day, or the first of the week or month that is in the trend"`
	Days         int           `json:"days"`
	ObservedDays int           `json:"observed_days"`
	Observed     bool          `json:"observed" doc:"Whether a scan saw something on one of the days"`
	Resources    int64         `json:"resources" doc:"Of saving: findings"`
	Unpriced     int64         `json:"unpriced" doc:"Of the resources, those whose cost is not known: the cost lacks them"`
	MonthlyCost  tracker.Money `json:"monthly_cost" doc:"What the others cost a month at the end; of saving: what they would save"`
	Spend        tracker.Money `json:"spend" doc:"What they cost over the days: of each day its monthly cost, divided by the days of its month"`
}

// cellsSeen says how much of what there is was seen.
type cellsSeen struct {
	Cells int `json:"cells" doc:"Cells (account, region, type) that were ever looked at"`
	Stale int `json:"stale" doc:"Of them, those whose newest look was not to the end: they count as they were last seen"`
	Never int `json:"never_seen" doc:"Of these, those that no look saw to its end: what is in them is not known and not counted"`
}

func (s *Server) registerTrends() {
	answer := answers("The trend", map[string]*huma.Schema{
		"application/json": schema[trendAnswer](s),
		csvMedia:           {Type: huma.TypeString, Description: "Columns: " + strings.Join(trendColumns, ", ")},
	})
	answer.Headers = map[string]*huma.Header{"Content-Disposition": stringHeader("Of csv: the name of the file")}
	register(s, huma.Operation{
		OperationID: "get-trend", Method: http.MethodGet, Path: "/api/v1/trend", Tags: []string{"trends"},
		Summary: "Read how many resources there were and what they cost, by day, week or month",
		Description: `There is a point for every day, also where nothing changed or no scan looked: it is then as the day before, and observed is
false. Days before the first look are left out: nothing is known of them. 422 names the tags that have a trend where by is of another.`,
		Responses: map[string]*huma.Response{status(http.StatusOK): answer},
	}, s.getTrend)
	s.registerForecast()
	s.registerAnomalies()
}

// dimensionOf is what the trend of a measure by something is kept as.
func (s *Server) dimensionOf(h *history.Store, measure, by string) (string, []FieldError) {
	m := measures[measure]
	if by == byNone {
		by = m.dimensions[0]
	}
	tag, ok := strings.CutPrefix(by, "tag:")
	switch {
	case ok && m.tags && !slices.Contains(h.Tags(), tag):
		have := "none has one"
		if tags := h.Tags(); len(tags) > 0 {
			have = "those that have one are " + strings.Join(tags, ", ")
		}
		return "", []FieldError{{"query.by", "the tag has no trend of its own: HISTORY_TAGS names tags that do, and " + have}}
	case (!ok || !m.tags) && !slices.Contains(m.dimensions, by):
		expected := "expected none or one of " + strings.Join(m.dimensions, ", ")
		if m.tags {
			expected += ", tag:KEY"
		}
		return "", []FieldError{{"query.by", expected}}
	}
	return m.prefix + by, nil
}

// known is what is known of the days of a trend.
type known struct {
	trends.Lines
	observed []bool
	since    int64 // the first day that anything is known of
	ever     bool
	whole    bool // the keys add up to the total
}

// apart are the keys that have days of their own: one that is named, or so many of those that cost most.
type apart struct {
	key string
	top int
}

// apartOf reads which keys a trend by something tells apart.
func apartOf(by, key string, top int) (apart, []FieldError) {
	switch {
	case by != byNone:
		return apart{key, top}, nil
	case key != "":
		return apart{}, []FieldError{{"query.key", "expected by as well, which says what it is a key of"}}
	}
	return apart{}, nil
}

// days reads the days of a trend. each, if it is not nil, is called with the line of every key.
func (s *Server) days(ctx context.Context, h *history.Store, dimension string, from, to int64, keys apart, each func(trends.Line)) (k known, err error) {
	tenant := owner(ctx)
	if k.since, k.ever, err = h.FirstLook(ctx, tenant); err != nil {
		return k, err
	}
	from = max(from, k.since)
	if k.whole = true; !k.ever || from > to {
		return k, nil
	}
	read := func(dimension string, keys apart, each func(trends.Line)) (trends.Lines, error) {
		c := trends.NewCollector(from, to, keys.top, each)
		if keys.key != "" {
			c.Only(keys.key)
		}
		err := h.EachDay(ctx, tenant, dimension, from, to, func(d history.Day) {
			c.Add(d.Key, d.Day, trends.Day{Resources: d.Resources, Unpriced: d.Unpriced, Cost: d.Cost})
		})
		return c.Lines(), err
	}
	if k.Lines, err = read(dimension, keys, each); err != nil {
		return k, err
	}
	if strings.Contains(dimension, "tag:") {
		before, _, _ := strings.Cut(dimension, "tag:")
		all, err := read(before+"type", apart{}, nil)
		if err != nil {
			return k, err
		}
		k.whole = slices.Equal(all.Total, k.Total)
		k.Total = all.Total
	}
	looked, err := h.Looked(ctx, tenant, from, to)
	k.observed = make([]bool, len(k.Total))
	for _, day := range looked {
		k.observed[day-from] = true
	}
	return k, err
}

// cellsSeen counts what was seen until now.
func (s *Server) cellsSeen(ctx context.Context, h *history.Store, at time.Time) (c cellsSeen, err error) {
	seen, err := h.SeenAt(ctx, owner(ctx), at.UnixMilli())
	if err == nil {
		c.Cells, c.Stale, c.Never = seen.Count()
	}
	return c, err
}

// readSpan reads from and to, as days.
func readSpan(from, to string, now time.Time) (first, last int64, faults []FieldError) {
	end, faults := readMoment("query.to", to, now, now)
	begin, more := readMoment("query.from", from, now, now.AddDate(0, 0, -30))
	if faults = append(faults, more...); len(faults) > 0 {
		return 0, 0, faults
	}
	first, last = trends.DayOf(begin), min(trends.DayOf(end), trends.DayOf(now))
	switch {
	case first > last:
		faults = append(faults, FieldError{"query.from", "expected a day that is not after to, nor after today"})
	case last-first > maxTrendYears:
		faults = append(faults, FieldError{"query.from", fmt.Sprintf("expected at most %d days before to", maxTrendYears)})
	}
	return first, last, faults
}

func (s *Server) getTrend(ctx context.Context, in *trendInput) (*huma.StreamResponse, error) {
	h, err := s.kept()
	if err != nil {
		return nil, err
	}
	now := time.Now()
	dimension, faults := s.dimensionOf(h, in.Measure, in.By)
	from, to, more := readSpan(in.From, in.To, now)
	faults = append(faults, more...)
	keys, more := apartOf(in.By, in.Key, in.Top)
	faults = append(faults, more...)
	if in.Interval == "day" && to-from >= maxTrendDays {
		faults = append(faults, FieldError{"query.interval", fmt.Sprintf("by day a trend has at most %d points: expected week or month", maxTrendDays)})
	}
	if len(faults) > 0 {
		return nil, invalid(faults...)
	}
	k, err := s.days(ctx, h, dimension, from, to, keys, nil)
	if err != nil {
		return nil, err
	}
	a := trendAnswer{
		Success: true, By: in.By, Measure: in.Measure, Interval: in.Interval, Currency: "USD", Complete: k.whole,
		Days: len(k.Total), Total: k.points(k.Total, in.Interval), Groups: []trendGroup{},
	}
	if a.Cells, err = s.cellsSeen(ctx, h, now); err != nil {
		return nil, err
	}
	for _, yes := range k.observed {
		if yes {
			a.ObservedDays++
		}
	}
	if k.ever {
		a.KnownSince = dateOf(k.since)
	}
	if a.Days > 0 {
		a.From, a.To = dateOf(k.First), dateOf(to)
	}
	if in.By != byNone {
		for _, l := range k.Top {
			a.Groups = append(a.Groups, trendGroup{l.Key, k.points(l.Days, in.Interval)})
		}
		if k.Other != nil {
			a.Other = k.points(k.Other, in.Interval)
		}
	}
	return streamed(func(ctx context.Context, w http.ResponseWriter) { s.writeTrend(ctx, w, a, in.Format) }), nil
}

func dateOf(day int64) string { return trends.TimeOf(day).Format(time.DateOnly) }

// points are the days of a line, by interval.
func (k known) points(days []trends.Day, interval string) []trendPoint {
	points := []trendPoint{}
	for i, d := range days {
		day := k.First + int64(i)
		if last := len(points) - 1; last < 0 || begins(day, interval) {
			points = append(points, trendPoint{Day: dateOf(day)})
		}
		p := &points[len(points)-1]
		p.Resources, p.Unpriced, p.MonthlyCost = d.Resources, d.Unpriced, tracker.Money(d.Cost)
		p.Spend += tracker.Money(trends.Spend(day, d.Cost))
		p.Days++
		if k.observed[i] {
			p.ObservedDays, p.Observed = p.ObservedDays+1, true
		}
	}
	return points
}

// begins reports whether an interval begins on a day.
func begins(day int64, interval string) bool {
	t := trends.TimeOf(day)
	switch interval {
	case "week":
		return t.Weekday() == time.Monday
	case "month":
		return t.Day() == 1
	}
	return true
}

var trendColumns = []string{"day", "series", "key", "days", "observed_days", "resources", "unpriced", "monthly_cost", "spend"}

// writeTrend writes a trend, as CSV a line for each point: of the total, of each group and of what is other.
func (s *Server) writeTrend(ctx context.Context, w http.ResponseWriter, a trendAnswer, format exportFormat) {
	if cmp.Or(format, formatJSON) == formatJSON {
		s.finishDocument(ctx, w, a, nil)
		return
	}
	media, lines := format.media()
	w.Header().Set("Content-Disposition", `attachment; filename="trend.csv"`)
	out := newStream(w, media)
	out.text(lines.header(trendColumns))
	var b []byte
	var err error
	write := func(series, key string, points []trendPoint) {
		for _, p := range points {
			if err == nil {
				b = lines.appendCells(b[:0], p.Day, series, key, strconv.Itoa(p.Days), strconv.Itoa(p.ObservedDays),
					strconv.FormatInt(p.Resources, 10), strconv.FormatInt(p.Unpriced, 10), p.MonthlyCost.String(), p.Spend.String())
				err = out.row(b)
			}
		}
	}
	write("total", "", a.Total)
	for _, g := range a.Groups {
		write("group", g.Key, g.Points)
	}
	write("other", "", a.Other)
	s.finish(ctx, out, err)
}
