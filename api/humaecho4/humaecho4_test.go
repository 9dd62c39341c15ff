package humaecho4_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"
	"github.com/labstack/echo/v4"

	"github.com/consolesensei/resource-tracker/api/humaecho4"
)

type contextKey struct{}

type input struct {
	ID    string `path:"id"`
	Limit int    `query:"limit"`
	Name  string `header:"X-Name"`
	Body  struct {
		N int `json:"n"`
	}
}

type output struct {
	Status int
	Where  string `header:"Location"`
	Body   struct {
		ID, Name, Seen string
		Sum            int
	}
}

func TestRequestsAndAnswersPass(t *testing.T) {
	e := echo.New()
	var seen any
	e.Use(func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			err := next(c)
			seen = c.Request().Context().Value(contextKey{})
			return err
		}
	})
	cfg := huma.DefaultConfig("test", "1")
	cfg.CreateHooks = nil
	api := humaecho4.New(e, cfg)
	api.UseMiddleware(func(ctx huma.Context, next func(huma.Context)) {
		next(huma.WithValue(ctx, contextKey{}, "value"))
	})
	huma.Post(api, "/things/{id}", func(ctx context.Context, in *input) (*output, error) {
		out := &output{Status: http.StatusAccepted, Where: "/there"}
		out.Body.ID, out.Body.Name, out.Body.Sum = in.ID, in.Name, in.Limit+in.Body.N
		out.Body.Seen, _ = ctx.Value(contextKey{}).(string)
		return out, nil
	})

	r := httptest.NewRequest(http.MethodPost, "/things/a-1?limit=2", strings.NewReader(`{"n":3}`))
	r.Header.Set("X-Name", "name")
	w := httptest.NewRecorder()
	e.ServeHTTP(w, r)
	want := `{"ID":"a-1","Name":"name","Seen":"value","Sum":5}`
	if got := strings.TrimSpace(w.Body.String()); w.Code != http.StatusAccepted || got != want || w.Header().Get("Location") != "/there" {
		t.Errorf("%d %v %s, want %s", w.Code, w.Header(), got, want)
	}
	if seen != "value" {
		t.Errorf("Echo's middleware sees %v", seen)
	}
}

func TestStatusIsSentOnce(t *testing.T) {
	e := echo.New()
	api := humaecho4.New(e, huma.DefaultConfig("test", "1"))
	status := 0
	huma.Get(api, "/stream", func(context.Context, *struct{}) (*huma.StreamResponse, error) {
		return &huma.StreamResponse{Body: func(ctx huma.Context) {
			ctx.SetStatus(http.StatusOK)
			_, _ = humaecho4.Writer(ctx).Write([]byte("text"))
			ctx.SetStatus(499)
			status = ctx.Status()
		}}, nil
	})
	w := httptest.NewRecorder()
	e.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/stream", nil))
	if w.Code != http.StatusOK || w.Body.String() != "text" || status != 499 {
		t.Errorf("%d %q, recorded %d", w.Code, w.Body, status)
	}
}
