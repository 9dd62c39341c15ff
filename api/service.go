package api

import (
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/consolesensei/resource-tracker/tracker"
)

const (
	typesPath  = "/api/v1/types"
	policyPath = "/api/v1/iam-policy"
	service    = "AWS Resource Tracker"
	// readyTimeout is how long GET /ready gives all its checks together.
	readyTimeout = 2 * time.Second
)

type health struct {
	Status    string    `json:"status" enum:"healthy"`
	Timestamp time.Time `json:"timestamp"`
	Service   string    `json:"service"`
	Version   string    `json:"version"`
}

type readiness struct {
	Status string            `json:"status" enum:"ready,not ready"`
	Checks map[string]string `json:"checks" doc:"ok or failed, by part; the log says why. workers is none when no worker is alive: what is submitted waits, and the server is ready for it"`
}

type readyOutput struct {
	Status int
	Body   readiness
}

type typesAnswer struct {
	Success bool               `json:"success" doc:"Always true"`
	Types   []tracker.TypeInfo `json:"types"`
	// NotCovered is never nil.
	NotCovered []tracker.Uncovered `json:"not_covered" doc:"Kinds that no scan lists, although one might expect them beside a type"`
}

func (s *Server) registerService() {
	for path, id := range map[string]string{"/health": "health", "/api/v1/health": "health-v1"} {
		register(s, huma.Operation{
			OperationID: id, Method: http.MethodGet, Path: path, Tags: []string{"service"},
			Summary: "Tell that the server runs", Security: anonymous,
		}, s.health)
	}
	register(s, huma.Operation{
		OperationID: "ready", Method: http.MethodGet, Path: "/ready", Tags: []string{"service"},
		Summary: "Tell whether the server can do its work", Description: "Answers 503 when a part that it needs does not answer, or Redis takes no write.",
		Security:  anonymous,
		Responses: map[string]*huma.Response{status(http.StatusServiceUnavailable): jsonAnswer("Not ready", schema[readiness](s))},
	}, s.ready)
	register(s, huma.Operation{
		OperationID: "list-types", Method: http.MethodGet, Path: typesPath, Tags: []string{"service"},
		Summary: "List the resource types, the permissions that scanning them needs and what can be done to them",
	}, func(context.Context, *struct{}) (*struct{ Body typesAnswer }, error) {
		return &struct{ Body typesAnswer }{typesAnswer{Success: true, Types: s.catalogue, NotCovered: s.uncovered(nil)}}, nil
	})
}

func (s *Server) health(context.Context, *struct{}) (*struct{ Body health }, error) {
	return &struct{ Body health }{health{
		Status: "healthy", Timestamp: time.Now().UTC(), Service: service, Version: s.Version,
	}}, nil
}

func (s *Server) ready(ctx context.Context, _ *struct{}) (*readyOutput, error) {
	ctx, cancel := context.WithTimeout(ctx, readyTimeout)
	defer cancel()
	out := &readyOutput{http.StatusOK, readiness{"ready", map[string]string{}}}
	for _, c := range append([]Check{{"redis", s.Results.Ping}}, s.Ready...) {
		out.Body.Checks[c.Name] = "ok"
		if err := c.Run(ctx); err != nil {
			s.Log.WarnContext(ctx, "not ready", "part", c.Name, "err", err)
			out.Body.Checks[c.Name] = "failed"
			out.Status, out.Body.Status = http.StatusServiceUnavailable, "not ready"
		}
	}
	if out.Status == http.StatusOK {
		out.Body.Checks["workers"] = "ok"
		if !s.crew.alive(ctx) {
			out.Body.Checks["workers"] = "none"
		}
	}
	return out, nil
}

// crewLife is how long it is remembered whether a worker is alive.
const crewLife = 2 * time.Second

// crew knows whether a worker is alive. It asks once for all answers of a while.
type crew struct {
	ask func(ctx context.Context) (int, error)

	mu    sync.Mutex
	asked time.Time
	none  bool
}

// alive reports whether a worker is, as far as is known.
func (c *crew) alive(ctx context.Context) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if time.Since(c.asked) >= crewLife {
		ctx, cancel := context.WithTimeout(ctx, time.Second)
		defer cancel()
		n, err := c.ask(ctx)
		c.asked, c.none = time.Now(), err == nil && n == 0
	}
	return !c.none
}
