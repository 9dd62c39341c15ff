package api_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/consolesensei/resource-tracker/api"
)

const here = "http://127.0.0.1:5000"

// opened is the answer to who opens a link.
type opened struct {
	code    int
	header  http.Header
	cookies []*http.Cookie
}

// opens follows a link as a browser on this machine does, unless change says otherwise.
func (d *door) opens(link string, change ...func(*http.Request)) opened {
	d.Helper()
	r := httptest.NewRequest(http.MethodGet, link, nil)
	r.RemoteAddr = "127.0.0.1:40000"
	for _, c := range change {
		c(r)
	}
	w := httptest.NewRecorder()
	d.ServeHTTP(w, r)
	res := w.Result()
	defer res.Body.Close()
	return opened{res.StatusCode, res.Header, res.Cookies()}
}

func (d *door) link(base, key string) string {
	d.Helper()
	link, err := d.Link(d.Context(), base, key)
	if err != nil {
		d.Fatal(err)
	}
	return link
}

func TestLinkSignsInOnceAsItsKey(t *testing.T) {
	d := open(t, &fake{})
	link := d.link(here, other)
	if !strings.HasPrefix(link, here+"/api/v1/auth/link?code=") {
		t.Fatal(link)
	}
	first := d.opens(link)
	cookies := first.cookies
	if first.code != http.StatusSeeOther || first.header.Get("Location") != "/" || first.header.Get("Cache-Control") != "no-store" || len(cookies) != 1 {
		t.Fatal(first.code, first.header)
	}
	c := cookies[0]
	if c.Name != "tracker" || !c.HttpOnly || c.SameSite != http.SameSiteStrictMode || c.Path != "/" {
		t.Errorf("%+v", c)
	}
	who := httptest.NewRequest(http.MethodGet, here+"/api/v1/whoami", nil)
	who.RemoteAddr = "127.0.0.1:40000"
	who.AddCookie(c)
	w := httptest.NewRecorder()
	d.ServeHTTP(w, who)
	if w.Code != 200 || !strings.Contains(w.Body.String(), `"who":"key:bob"`) || !strings.Contains(w.Body.String(), `"tenant":"`+bob+`"`) {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if second := d.opens(link); second.code != 403 || len(second.cookies) != 0 {
		t.Errorf("used twice: %d %v", second.code, second.header)
	}
	if strings.Contains(d.log.String(), strings.TrimPrefix(link, here+"/api/v1/auth/link?code=")) {
		t.Error("the log has the code")
	}
}

func TestLinkIsGoodForTenMinutes(t *testing.T) {
	for after, want := range map[time.Duration]int{10*time.Minute - time.Second: 303, 10 * time.Minute: 403} {
		synctest.Test(t, func(t *testing.T) {
			d := open(t, &fake{})
			link := d.link(here, other)
			time.Sleep(after)
			if a := d.opens(link); a.code != want {
				t.Errorf("after %v: %d", after, a.code)
			}
		})
	}
}

func TestLinkIsGoodOnItsHostOnThisMachine(t *testing.T) {
	for name, change := range map[string]func(*http.Request){
		"another port":    func(r *http.Request) { r.Host = "127.0.0.1:5001" },
		"another name":    func(r *http.Request) { r.Host = "localhost:5000" },
		"a foreign name":  func(r *http.Request) { r.Host = "rebound.example.com:5000" },
		"another machine": func(r *http.Request) { r.RemoteAddr = "192.0.2.7:40000" },
		"a proxy":         func(r *http.Request) { r.Header.Set("X-Forwarded-For", "127.0.0.1") },
	} {
		d := open(t, &fake{})
		link := d.link(here, other)
		if a := d.opens(link, change); a.code != 403 || len(a.cookies) != 0 {
			t.Errorf("%s: %d %v", name, a.code, a.header)
		}
		if a := d.opens(link); a.code != 403 {
			t.Errorf("%s: the link that was seen there is still good", name)
		}
	}
}

func TestLinkThatIsNone(t *testing.T) {
	d := open(t, &fake{})
	link := d.link(here, other)
	for _, code := range []string{"", "x", strings.Repeat("A", 52), strings.Repeat("A", 5000)} {
		if a := d.opens(here + "/api/v1/auth/link?code=" + code); a.code != 403 || len(a.cookies) != 0 {
			t.Errorf("%.60q: %d", code, a.code)
		}
	}
	for range 15 {
		d.link(here, other)
	}
	if a := d.opens(link); a.code != http.StatusSeeOther {
		t.Errorf("the oldest of as many as there can be: %d", a.code)
	}
	oldest := d.link(here, other)
	for range 16 {
		d.link(here, other)
	}
	if a := d.opens(oldest); a.code != 403 {
		t.Errorf("one too many: %d", a.code)
	}
}

func TestLinkIsMadeForThisMachineAndAKey(t *testing.T) {
	d := open(t, &fake{})
	for _, base := range []string{"http://[::]:5000", "http://192.0.2.7:5000", "https://127.0.0.1:5000", "http://tracker.example.com", ""} {
		if link, err := d.Link(t.Context(), base, other); err == nil {
			t.Errorf("%s: %s", base, link)
		}
	}
	for _, base := range []string{"http://localhost:5000", "http://[::1]:5000"} {
		if _, err := d.Link(t.Context(), base, other); err != nil {
			t.Errorf("%s: %v", base, err)
		}
	}
	if _, err := d.Link(t.Context(), here, "no such key"); err == nil {
		t.Error("a link of a key that is none")
	}
	without := open(t, &fake{}, func(o *api.Options) { o.Sessions = nil })
	if _, err := without.Link(t.Context(), here, other); err == nil {
		t.Error("a link without sessions")
	}
}
