package m365_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/endpoints/m365"
)

func TestRateLimit(t *testing.T) {
	tests := []struct {
		name   string
		header func() []string
		want   time.Duration
	}{
		{"seconds", func() []string { return []string{"Retry-After", "120"} }, 2 * time.Minute},
		{"a date", func() []string {
			return []string{"Retry-After", time.Now().Add(90 * time.Second).UTC().Format(http.TimeFormat)}
		}, 90 * time.Second},
		{"nothing means an hour", func() []string { return nil }, time.Hour},
		{"nonsense means an hour", func() []string { return []string{"Retry-After", "-5"} }, time.Hour},
		{"more than a day is a day", func() []string { return []string{"Retry-After", "4294967295"} }, 24 * time.Hour},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newService(t)
				limited := true
				s.Fault = func(r *http.Request) (*http.Response, error) {
					if limited && !strings.HasPrefix(r.URL.Path, "/version") {
						return reply(429, "slow down", tt.header()...), nil
					}
					return nil, nil
				}
				c := &m365.Client{HTTP: s.Client()}
				start := time.Now()
				_, err := c.Endpoints(t.Context(), endpoints.CloudWorldwide)
				e, ok := errors.AsType[*m365.Error](err)
				if !ok || e.Code != m365.RateLimited || e.Status != 429 || e.RetryAfter != tt.want {
					t.Fatalf("error %v, want a wait of %v", err, tt.want)
				}
				if time.Since(start) != 0 {
					t.Error("the client slept")
				}
				s.Requests()

				// Until then the client sends no rate-limited request.
				limited = false
				time.Sleep(tt.want - time.Second)
				_, err = c.Changes(t.Context(), endpoints.CloudChina, m365.First)
				if e, ok = errors.AsType[*m365.Error](err); !ok || e.Code != m365.RateLimited || e.RetryAfter != time.Second || e.Status != 0 {
					t.Errorf("before the time: %v", err)
				}
				if diff := cmp.Diff([]string{"/version/China"}, s.Requests()); diff != "" {
					t.Errorf("requests before the time (-want +got):\n%s", diff)
				}
				time.Sleep(time.Second)
				if _, err := c.Endpoints(t.Context(), endpoints.CloudWorldwide); err != nil {
					t.Errorf("after the time: %v", err)
				}
			})
		})
	}
}

func TestFailures(t *testing.T) {
	html := []string{"Content-Type", "text/html"}
	tests := []struct {
		name  string
		fault func(*http.Request) (*http.Response, error)
		want  m365.Error // without Path and Err
	}{
		{"no connection", func(*http.Request) (*http.Response, error) { return nil, errors.New("no route") }, m365.Error{Code: m365.Unreachable}},
		{"not found", answer(404, ""), m365.Error{Code: m365.BadStatus, Status: 404}},
		{"an error of the server", answer(500, ""), m365.Error{Code: m365.BadStatus, Status: 500}},
		{"overload", answer(503, "", "Retry-After", "30"), m365.Error{Code: m365.BadStatus, Status: 503, RetryAfter: 30 * time.Second}},
		{"a sign-in page", answer(200, "<html>", html...), m365.Error{Code: m365.BadContent, Status: 200}},
		{"no kind", answer(200, "[]", "Content-Type", ""), m365.Error{Code: m365.BadContent, Status: 200}},
		{"a page that calls itself JSON", answer(200, "<html>"), m365.Error{Code: m365.BadSyntax, Status: 200}},
		{"cut off JSON", answer(200, `[{"id":1,`), m365.Error{Code: m365.BadSyntax, Status: 200}},
		{"nothing", answer(200, ""), m365.Error{Code: m365.BadSyntax, Status: 200}},
		{"no records", answer(200, "[]"), m365.Error{Code: m365.BadContent, Status: 200}},
		{"records of another kind", answer(200, `[{"a":1}]`), m365.Error{Code: m365.BadContent, Status: 200}},
		{"far too large", func(*http.Request) (*http.Response, error) {
			r := reply(200, "")
			r.Body = io.NopCloser(endless{})
			return r, nil
		}, m365.Error{Code: m365.TooLarge, Status: 200}},
		{"a body that breaks off", func(*http.Request) (*http.Response, error) {
			r := reply(200, "")
			r.Body = io.NopCloser(io.MultiReader(strings.NewReader("["), broken{}))
			return r, nil
		}, m365.Error{Code: m365.Truncated, Status: 200}},
		{"a redirect elsewhere", answer(302, "", "Location", "https://login.example/?secret"), m365.Error{Code: m365.Redirected}},
		{"a redirect to plain HTTP", answer(302, "", "Location", "http://endpoints.office.com/"), m365.Error{Code: m365.Redirected}},
		{"a redirect to another port", answer(302, "", "Location", "https://endpoints.office.com:8443/"), m365.Error{Code: m365.Redirected}},
		{"a redirect with a user", answer(302, "", "Location", "https://u:p@endpoints.office.com/"), m365.Error{Code: m365.Redirected}},
		{"redirects without end", answer(302, "", "Location", "/version/worldwide"), m365.Error{Code: m365.Redirected}},
	}
	for _, tt := range tests {
		for _, method := range []string{"/version/", "/endpoints/"} {
			t.Run(tt.name+method, func(t *testing.T) {
				s := newService(t)
				s.Fault = func(r *http.Request) (*http.Response, error) {
					if strings.HasPrefix(strings.ToLower(r.URL.Path), method) || strings.Contains(tt.name, "without end") {
						return tt.fault(r)
					}
					return nil, nil
				}
				c := &m365.Client{HTTP: s.Client(), ClientRequestID: id, TenantName: "contoso"}
				a, err := c.Endpoints(t.Context(), endpoints.CloudWorldwide)
				e, ok := errors.AsType[*m365.Error](err)
				if a != nil || !ok {
					t.Fatalf("%v, %v", a, err)
				}
				if e.Code != tt.want.Code || e.Status != tt.want.Status || e.RetryAfter != tt.want.RetryAfter {
					t.Errorf("error %v, want %v", err, &tt.want)
				}
				for _, secret := range []string{id, "contoso", "secret", "u:p"} {
					if strings.Contains(err.Error(), secret) {
						t.Errorf("the error tells %q: %v", secret, err)
					}
				}
			})
		}
	}
}

func answer(status int, body string, header ...string) func(*http.Request) (*http.Response, error) {
	return func(*http.Request) (*http.Response, error) { return reply(status, body, header...), nil }
}

type endless struct{}

func (endless) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = '['
	}
	return len(b), nil
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

func TestRedirectWithinTheService(t *testing.T) {
	s := newService(t)
	s.Fault = func(r *http.Request) (*http.Response, error) {
		if r.URL.Path == "/version/Worldwide" {
			return reply(307, "", "Location", "https://ENDPOINTS.office.com/version/worldwide"), nil
		}
		return nil, nil
	}
	asked := 0
	client := &http.Client{Transport: hostless{s}, CheckRedirect: func(*http.Request, []*http.Request) error {
		asked++
		return nil
	}}
	c := &m365.Client{HTTP: client}
	v, err := c.Version(t.Context(), endpoints.CloudWorldwide)
	if err != nil || v != s.Version || asked != 1 {
		t.Errorf("%v, %v; the caller's policy was asked %d times", v, err, asked)
	}
}

// hostless gives a service names in lower case.
type hostless struct{ *service }

func (h hostless) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.URL.Host = strings.ToLower(r.URL.Host)
	return h.service.RoundTrip(r)
}

func TestContext(t *testing.T) {
	tests := []struct {
		name string
		ctx  func(context.Context) (context.Context, context.CancelFunc)
		http time.Duration
		code string
		want time.Duration
	}{
		{"canceled before", func(ctx context.Context) (context.Context, context.CancelFunc) {
			ctx, cancel := context.WithCancel(ctx)
			cancel()
			return ctx, cancel
		}, 0, m365.Canceled, 0},
		{"canceled meanwhile", func(ctx context.Context) (context.Context, context.CancelFunc) {
			ctx, cancel := context.WithCancel(ctx)
			time.AfterFunc(3*time.Second, cancel)
			return ctx, cancel
		}, 0, m365.Canceled, 3 * time.Second},
		{"a deadline", func(ctx context.Context) (context.Context, context.CancelFunc) {
			return context.WithTimeout(ctx, 5*time.Second)
		}, 0, m365.TimedOut, 5 * time.Second},
		{"none", func(ctx context.Context) (context.Context, context.CancelFunc) { return ctx, func() {} }, 0, m365.TimedOut, m365.DefaultTimeout},
		{"that of the HTTP client", func(ctx context.Context) (context.Context, context.CancelFunc) { return ctx, func() {} }, 90 * time.Second, m365.TimedOut, 90 * time.Second},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newService(t)
				s.Fault = func(r *http.Request) (*http.Response, error) {
					<-r.Context().Done()
					return reply(504, ""), r.Context().Err()
				}
				c := &m365.Client{HTTP: &http.Client{Transport: s, Timeout: tt.http}, Cache: &memory{}}
				ctx, cancel := tt.ctx(t.Context())
				defer cancel()
				start := time.Now()
				_, err := c.Endpoints(ctx, endpoints.CloudWorldwide)
				if code(err) != tt.code || time.Since(start) != tt.want {
					t.Errorf("error %v after %v, want %v after %v", err, time.Since(start), tt.code, tt.want)
				}
			})
		})
	}
}

// TestBodyTimeout has a service that begins a response and then stalls.
func TestBodyTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newService(t)
		s.Fault = func(r *http.Request) (*http.Response, error) {
			answer := reply(200, "")
			answer.Body = io.NopCloser(silence{r.Context()})
			return answer, nil
		}
		c := &m365.Client{HTTP: s.Client()}
		_, err := c.Version(t.Context(), endpoints.CloudWorldwide)
		if e, ok := errors.AsType[*m365.Error](err); !ok || e.Code != m365.TimedOut || e.Status != 200 {
			t.Error(err)
		}
	})
}

type silence struct{ ctx context.Context } //nolint:containedctx // a reader that ends with its request

func (s silence) Read([]byte) (int, error) {
	<-s.ctx.Done()
	return 0, s.ctx.Err()
}

func TestErrorTexts(t *testing.T) {
	err := &m365.Error{Code: m365.RateLimited, Path: "/endpoints/Worldwide", Status: 429, RetryAfter: time.Hour}
	for _, tt := range []struct {
		err  error
		want string
	}{
		{err, "m365: /endpoints/Worldwide: rate_limited: status 429, wait 1h0m0s"},
		{&m365.Error{Code: m365.CacheFailed, Err: errDisk}, "m365: cache: disk full"},
		{&m365.Error{Code: m365.BadStatus, Path: "/version", Status: 503}, "m365: /version: status: status 503"},
	} {
		if got := fmt.Sprint(tt.err); got != tt.want {
			t.Errorf("%s, want %s", got, tt.want)
		}
	}
	if _, ok := errors.AsType[*url.Error](error(err)); ok {
		t.Error("an error of another package")
	}
}
