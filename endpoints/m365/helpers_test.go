package m365_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/endpoints/m365"
)

const id = "5c1c2f6e-3c4f-4d55-9d7b-0a1b2c3d4e5f"

// stored returns an answer of the service from 2025.
func stored(tb testing.TB, i endpoints.Cloud) []byte {
	tb.Helper()
	data, err := os.ReadFile("testdata/" + strings.ToLower(instance(i)) + ".json")
	if err != nil {
		tb.Fatal(err)
	}
	return data
}

func storedSets(tb testing.TB, i endpoints.Cloud) []m365.Set {
	tb.Helper()
	sets, problems, err := m365.ParseSets(stored(tb, i))
	if err != nil || len(problems) > 0 {
		tb.Fatal(err, problems)
	}
	return sets
}

// A service answers as the real one does, in memory. It is also a client's
// transport.
type service struct {
	tb      testing.TB
	Version m365.Version
	Changes string

	// Fault answers instead of the service, unless it returns nil.
	Fault func(*http.Request) (*http.Response, error)

	mu       sync.Mutex
	requests []string // paths and queries, without the identifier
	ids      map[string]bool
}

func newService(tb testing.TB) *service {
	tb.Helper()
	return &service{tb: tb, Version: "2025120100", ids: make(map[string]bool)}
}

func (s *service) Client() *http.Client { return &http.Client{Transport: s} }

// Requests returns the requests since the last call.
func (s *service) Requests() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := s.requests
	s.requests = nil
	return out
}

func (s *service) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	q := r.URL.Query()
	s.mu.Lock()
	s.ids[q.Get("ClientRequestId")] = true
	q.Del("ClientRequestId")
	line := r.URL.Path
	if len(q) > 0 {
		line += "?" + q.Encode()
	}
	s.requests = append(s.requests, line)
	version := s.Version
	s.mu.Unlock()
	if r.URL.Scheme != "https" || r.URL.Host != "endpoints.office.com" || r.Method != http.MethodGet {
		s.tb.Errorf("a request to %v", r.URL.Redacted())
	}
	if s.Fault != nil {
		if answer, err := s.Fault(r); answer != nil || err != nil {
			return answer, err
		}
	}
	switch method, rest, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/"); method {
	case "version":
		if rest == "" {
			return reply(200, fmt.Sprintf(`[{"instance":"Worldwide","latest":%q},{"instance":"Germany","latest":"2021080200"}]`, version)), nil
		}
		return reply(200, fmt.Sprintf(`{"instance":%q,"latest":%q}`, rest, version)), nil
	case "endpoints":
		return reply(200, string(stored(s.tb, cloudNamed(path.Base(rest))))), nil
	case "changes":
		return reply(200, s.Changes), nil
	default:
		return reply(404, ""), nil
	}
}

func reply(status int, body string, header ...string) *http.Response {
	h := http.Header{"Content-Type": {"application/json; charset=utf-8"}}
	for i := 0; i < len(header); i += 2 {
		h.Set(header[i], header[i+1])
	}
	return &http.Response{StatusCode: status, Header: h, Body: io.NopCloser(strings.NewReader(body))}
}

// A memory is a cache.
type memory struct {
	mu   sync.Mutex
	data map[string][]byte

	LoadErr, StoreErr error
}

func (m *memory) Load(_ context.Context, key string) ([]byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.data[key], m.LoadErr
}

func (m *memory) Store(_ context.Context, key string, data []byte) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.StoreErr != nil {
		return m.StoreErr
	}
	if m.data == nil {
		m.data = make(map[string][]byte)
	}
	m.data[key] = append([]byte(nil), data...)
	return nil
}

func sameHosts() cmp.Option {
	return cmp.Comparer(func(a, b endpoints.Host) bool { return a == b })
}

func mustHost(tb testing.TB, s string) endpoints.Host {
	tb.Helper()
	h, err := endpoints.ParseHost(s)
	if err != nil {
		tb.Fatal(err)
	}
	return h
}

var errDisk = errors.New("disk full")

// instances are the service's names for the clouds.
func instances() map[endpoints.Cloud]string {
	return map[endpoints.Cloud]string{
		endpoints.CloudWorldwide: "Worldwide", endpoints.CloudGCCHigh: "USGovGCCHigh",
		endpoints.CloudDoD: "USGovDoD", endpoints.CloudChina: "China",
	}
}

func instance(c endpoints.Cloud) string { return instances()[c] }

func cloudNamed(name string) endpoints.Cloud {
	for c, n := range instances() {
		if n == name {
			return c
		}
	}
	return ""
}

// code returns the code of an error of package m365 or endpoints, or "".
func code(err error) string {
	if e, ok := errors.AsType[*m365.Error](err); ok {
		return e.Code
	}
	if e, ok := errors.AsType[*endpoints.Error](err); ok {
		return e.Code
	}
	return ""
}
