package endpointservice_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/endpoints/m365"
	"github.com/netready/netready/probe"
	"github.com/netready/netready/probe/probetest"
	"github.com/netready/netready/readiness"
)

const host = "endpoints.office.com"

// files are the stored answers of the service.
const files = "../../endpoints/m365/testdata/"

// A service answers as the real one does, and counts requests.
type service struct {
	version  string
	requests atomic.Int64
}

func (s *service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.requests.Add(1)
	method, rest, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	switch {
	case r.URL.Query().Get("ClientRequestId") == "":
		http.Error(w, `"no ClientRequestId"`, http.StatusBadRequest)
	case method == "version":
		_, _ = fmt.Fprintf(w, `{"instance":%q,"latest":%q}`, rest, s.version)
	case method == "endpoints":
		data, err := os.ReadFile(files + strings.ToLower(rest) + ".json")
		if err != nil {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		_, _ = z.Write(data)
		_ = z.Close()
	default:
		http.NotFound(w, r)
	}
}

// dialTimeout is how long an [http.Transport] may keep dialing after a request
// has ended, in case another request comes.
const dialTimeout = 30 * time.Second

// dial returns an HTTP client on an internet. It closes every connection after
// its response, as a bubble requires.
func dial(internet *probetest.Internet) *http.Client {
	address := netip.MustParseAddr("203.0.113.7")
	if internet.Addresses == nil {
		internet.Addresses = map[string][]netip.Addr{host: {address}}
	}
	return &http.Client{Transport: &http.Transport{
		DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
			_, port, err := net.SplitHostPort(addr)
			if err != nil {
				return nil, err
			}
			ctx, cancel := context.WithTimeout(ctx, dialTimeout)
			defer cancel()
			return internet.DialContext(ctx, network, net.JoinHostPort(address.String(), port))
		},
		TLSClientConfig:     &tls.Config{RootCAs: internet.Network().Roots},
		TLSHandshakeTimeout: dialTimeout,
		DisableKeepAlives:   true,
	}}
}

// A shelf is a cache.
type shelf map[string][]byte

func (s shelf) Load(_ context.Context, key string) ([]byte, error) { return s[key], nil }

func (s shelf) Store(_ context.Context, key string, data []byte) error {
	s[key] = bytes.Clone(data)
	return nil
}

// TestDays simulates an installation that asks hourly for two days, in which
// the service publishes once.
func TestDays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &service{version: "2025110100"}
		client := dial(&probetest.Internet{Handler: s, Latency: 50 * time.Millisecond})
		cache := shelf{}
		const hours = 2 * 24
		for hour := range hours {
			if hour == hours/2 {
				s.version = "2025120100"
			}
			c := &m365.Client{HTTP: client, Cache: cache}
			for range 3 {
				a, err := c.Endpoints(t.Context(), endpoints.CloudDoD)
				if err != nil || len(a.Sets) != 25 || len(a.Problems) != 0 || string(a.Version) != s.version {
					t.Fatalf("hour %d: %v", hour, err)
				}
			}
			time.Sleep(m365.Interval)
		}
		if got, want := s.requests.Load(), int64(hours+2); got != want {
			t.Errorf("%d requests, want one an hour and two for the endpoints: %d", got, want)
		}
	})
}

func TestFaults(t *testing.T) {
	json := http.Header{"Content-Type": {"application/json"}}
	at := func(f probetest.Fault) []probetest.Fault { return []probetest.Fault{probetest.At{Port: 443, Fault: f}} }
	tests := []struct {
		name    string
		faults  []probetest.Fault
		handler http.HandlerFunc
		want    string
	}{
		{"nothing is wrong", nil, nil, ""},
		{"packets are dropped", at(probetest.Drop), nil, m365.TimedOut},
		{"connections are refused", at(probetest.Refuse), nil, m365.Unreachable},
		{"reset after accept", at(probetest.Reset), nil, m365.Unreachable},
		{"no handshake", at(probetest.Silence), nil, m365.TimedOut},
		{"not TLS", at(probetest.Garbage{}), nil, m365.Unreachable},
		{"an unknown CA", at(probetest.Untrusted), nil, m365.Unreachable},
		{"inspection that the machine trusts", at(probetest.Inspect{}), nil, ""},
		{"a filter's page", at(probetest.BlockPage{}), nil, m365.BadStatus},
		{"a filter's page with status 200", at(probetest.BlockPage{Status: 200}), nil, m365.BadContent},
		{"redirects without end", at(probetest.RedirectLoop), nil, m365.Redirected},
		{"a portal that asks to sign in", at(probetest.Page{Status: 302, Header: http.Header{"Location": {"http://portal.example/login"}}}), nil, m365.Redirected},
		{"too many requests", at(probetest.Page{Status: 429, Header: http.Header{"Retry-After": {"60"}}}), nil, m365.RateLimited},
		{"overload", at(probetest.Page{Status: 503}), nil, m365.BadStatus},
		{"cut off JSON", at(probetest.Page{Header: json, Body: `[{"instance":`}), nil, m365.BadSyntax},
		{"a body that is shorter than it says", nil, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			w.Header().Set("Content-Length", "1000")
			_, _ = fmt.Fprint(w, "[")
		}, m365.Truncated},
		{"a body that never comes", nil, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			_ = http.NewResponseController(w).Flush()
			<-r.Context().Done()
		}, m365.TimedOut},
		{"a small body that unpacks to a large one", nil, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			w.Header().Set("Content-Encoding", "gzip")
			var member bytes.Buffer
			z := gzip.NewWriter(&member)
			_, _ = z.Write(bytes.Repeat([]byte(" "), 1<<20))
			_ = z.Close()
			for range 20 { // a file may have several members, RFC 1952 section 2.2
				_, _ = w.Write(member.Bytes())
			}
		}, m365.TooLarge},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				internet := &probetest.Internet{Handler: &service{version: "2025120100"}, Faults: tt.faults}
				if tt.handler != nil {
					internet.Handler = tt.handler
				}
				ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
				defer cancel()
				defer time.Sleep(2 * dialTimeout)
				c := &m365.Client{HTTP: dial(internet)}
				a, err := c.Endpoints(ctx, endpoints.CloudChina)
				e, _ := errors.AsType[*m365.Error](err)
				switch {
				case tt.want == "" && err != nil:
					t.Error(err)
				case tt.want == "" && len(a.Sets) != 22:
					t.Errorf("%d sets", len(a.Sets))
				case tt.want != "" && (e == nil || e.Code != tt.want):
					t.Errorf("error %v, want %s", err, tt.want)
				}
			})
		})
	}
}

func TestCancel(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		internet := &probetest.Internet{Handler: &service{}, Faults: []probetest.Fault{probetest.At{Port: 443, Fault: probetest.Silence}}}
		defer time.Sleep(2 * dialTimeout)
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		start := time.Now()
		_, err := (&m365.Client{HTTP: dial(internet)}).Endpoints(ctx, endpoints.CloudWorldwide)
		e, _ := errors.AsType[*m365.Error](err)
		if took := time.Since(start); e == nil || e.Code != m365.Canceled || took > 1100*time.Millisecond {
			t.Errorf("%v after %v", err, took)
		}
	})
}

// TestPlan compares the plans of the merged catalog with those of the base: the
// service adds nothing that a scenario requires.
func TestPlan(t *testing.T) {
	base := endpoints.Embedded()
	merged := base
	for cloud, name := range map[endpoints.Cloud]string{
		endpoints.CloudWorldwide: "worldwide", endpoints.CloudGCCHigh: "usgovgcchigh", endpoints.CloudDoD: "usgovdod", endpoints.CloudChina: "china",
	} {
		data, err := os.ReadFile(files + name + ".json")
		if err != nil {
			t.Fatal(err)
		}
		a := &m365.Answer{Cloud: cloud, Version: "2025120100"}
		if a.Sets, _, err = m365.ParseSets(data); err != nil {
			t.Fatal(err)
		}
		a.Sets = append(a.Sets, m365.Set{ID: 999, ServiceArea: m365.AreaMEM, Category: "Allow", Required: true, URLs: []endpoints.Host{mustHost(t, "new.contoso.com")}})
		if merged, err = merged.With(a.Endpoints(merged)...); err != nil {
			t.Fatal(err)
		}
	}
	for _, cloud := range endpoints.Clouds() {
		for _, scenario := range endpoints.Scenarios() {
			scope := endpoints.Scope{Scenario: scenario, Cloud: cloud, Tenant: "contoso"}
			if diff := cmp.Diff(targets(t, base, scope), targets(t, merged, scope)); diff != "" {
				t.Errorf("%s in %s (-base +merged):\n%s", scenario, cloud, diff)
			}
		}
	}
}

// targets returns a plan's targets.
func targets(t *testing.T, c *endpoints.Catalog, scope endpoints.Scope) []string {
	t.Helper()
	plan, err := readiness.Runner{Catalog: c, Network: probe.Network{SearchDomains: []string{}}}.Plan(scope)
	if err != nil {
		return []string{err.Error()}
	}
	var out []string
	for _, target := range plan.Targets() {
		out = append(out, fmt.Sprint(target))
	}
	return out
}

func mustHost(t *testing.T, s string) endpoints.Host {
	t.Helper()
	h, err := endpoints.ParseHost(s)
	if err != nil {
		t.Fatal(err)
	}
	return h
}
