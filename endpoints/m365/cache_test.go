package m365_test

import (
	"errors"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/endpoints/m365"
)

// TestCache follows an installation through a day.
func TestCache(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newService(t)
		cache := &memory{}
		start := time.Now()
		steps := []struct {
			name    string
			wait    time.Duration
			version m365.Version
			want    []string
			cached  bool
			checked time.Duration // after the start
		}{
			{"the first call fetches", 0, "2026093000", []string{"/version/Worldwide", "/endpoints/Worldwide"}, false, 0},
			{"at once, nothing is asked", 0, "2026093000", nil, true, 0},
			{"nor within an hour, whatever is new", m365.Interval - time.Second, "2026103100", nil, true, 0},
			{"after an hour there is a new version", time.Second, "2026103100", []string{"/version/Worldwide", "/endpoints/Worldwide"}, false, time.Hour},
			{"unchanged means one request", 2 * time.Hour, "2026103100", []string{"/version/Worldwide"}, true, 3 * time.Hour},
			{"which counts", m365.Interval / 2, "2026103100", nil, true, 3 * time.Hour},
			{"an older version is another version", m365.Interval, "2026093001", []string{"/version/Worldwide", "/endpoints/Worldwide"}, false, 4*time.Hour + m365.Interval/2},
		}
		for _, step := range steps {
			time.Sleep(step.wait)
			s.Version = step.version
			c := &m365.Client{HTTP: s.Client(), Cache: cache} // the next run of the program
			a, err := c.Endpoints(t.Context(), endpoints.CloudWorldwide)
			if err != nil {
				t.Fatalf("%s: %v", step.name, err)
			}
			if diff := cmp.Diff(step.want, s.Requests()); diff != "" {
				t.Errorf("%s: requests (-want +got):\n%s", step.name, diff)
			}
			if a.Cached != step.cached || len(a.Sets) != 79 || !a.Checked.Equal(start.Add(step.checked)) {
				t.Errorf("%s: cached %t, %d sets, checked after %v", step.name, a.Cached, len(a.Sets), a.Checked.Sub(start))
			}
			if a.ClientRequestID != c.RequestID() {
				t.Errorf("%s: identifier %s, of the client %s", step.name, a.ClientRequestID, c.RequestID())
			}
		}
		if len(s.ids) != 1 {
			t.Errorf("one installation has identifiers %v", s.ids)
		}
	})
}

func TestCacheKeys(t *testing.T) {
	s := newService(t)
	cache := &memory{}
	clients := []*m365.Client{
		{}, {TenantName: "contoso"}, {TenantName: "fabrikam"}, {ServiceAreas: []string{"MEM"}}, {NoIPv6: true},
	}
	for _, c := range clients {
		c.HTTP, c.Cache = s.Client(), cache
		for _, i := range []endpoints.Cloud{endpoints.CloudWorldwide, endpoints.CloudChina} {
			a, err := c.Endpoints(t.Context(), i)
			if err != nil || a.Cached || a.Cloud != i {
				t.Errorf("%+v: %v", a, err)
			}
		}
	}
	name := regexp.MustCompile(`^[a-z0-9-]+$`)
	for k := range cache.data {
		if !name.MatchString(k) {
			t.Errorf("key %q", k)
		}
	}
	if len(cache.data) != 2*len(clients) {
		t.Errorf("%d entries", len(cache.data))
	}
}

func TestCacheDamaged(t *testing.T) {
	good := &memory{}
	s := newService(t)
	if _, err := (&m365.Client{HTTP: s.Client(), Cache: good}).Endpoints(t.Context(), endpoints.CloudChina); err != nil {
		t.Fatal(err)
	}
	entry := string(good.data["m365-china"])
	for name, data := range map[string]string{
		"empty":                "",
		"no JSON":              "\x00\x01",
		"cut off":              entry[:len(entry)/2],
		"of another format":    strings.Replace(entry, "netready-m365/1", "netready-m365/9", 1),
		"of another instance":  strings.Replace(entry, `"instance":"China"`, `"instance":"Worldwide"`, 1),
		"without a version":    strings.Replace(entry, "2025120100", "", 1),
		"without identifier":   strings.Replace(entry, `"client_request_id":"`, `"client_request_id":"x`, 1),
		"without sets":         regexp.MustCompile(`"sets":.*\]`).ReplaceAllString(entry, `"sets":[]`),
		"with sets of no kind": regexp.MustCompile(`"sets":.*\]`).ReplaceAllString(entry, `"sets":"x"`),
		"far too large":        entry + strings.Repeat(" ", 9<<20),
		"checked in days to come, by a clock that was wrong": regexp.MustCompile(`"checked":"\d{4}`).ReplaceAllString(entry, `"checked":"3026`),
	} {
		t.Run(name, func(t *testing.T) {
			if data == entry {
				t.Fatal("not damaged")
			}
			s.Requests()
			cache := &memory{data: map[string][]byte{"m365-china": []byte(data)}}
			a, err := (&m365.Client{HTTP: s.Client(), Cache: cache}).Endpoints(t.Context(), endpoints.CloudChina)
			if err != nil || len(a.Sets) != 22 {
				t.Error(err)
			}
			if got := s.Requests(); len(got) == 0 {
				t.Error("the service was not asked")
			}
			if !strings.Contains(string(cache.data["m365-china"]), `"format":"netready-m365/1"`) {
				t.Error("nothing good was stored")
			}
		})
	}
}

func TestCacheErrors(t *testing.T) {
	s := newService(t)
	c := &m365.Client{HTTP: s.Client(), Cache: &memory{LoadErr: errDisk}}
	a, err := c.Endpoints(t.Context(), endpoints.CloudWorldwide)
	if a != nil || code(err) != m365.CacheFailed || !errors.Is(err, errDisk) || len(s.Requests()) != 0 {
		t.Errorf("Load failed: %v, %v", a, err)
	}
	c = &m365.Client{HTTP: s.Client(), Cache: &memory{StoreErr: errDisk}}
	a, err = c.Endpoints(t.Context(), endpoints.CloudWorldwide)
	if a == nil || len(a.Sets) != 79 || code(err) != m365.CacheFailed || !errors.Is(err, errDisk) {
		t.Errorf("Store failed: %v, %v", a, err)
	}
}

// TestStale expects an older answer together with the error.
func TestStale(t *testing.T) {
	down := func(method string) func(*http.Request) (*http.Response, error) {
		return func(r *http.Request) (*http.Response, error) {
			if strings.HasPrefix(r.URL.Path, method) {
				return reply(503, ""), nil
			}
			return nil, nil
		}
	}
	for name, fault := range map[string]func(*http.Request) (*http.Response, error){
		"no version":   down("/version/"),
		"no endpoints": down("/endpoints/"),
		"no endpoints that can be read": func(r *http.Request) (*http.Response, error) {
			if strings.HasPrefix(r.URL.Path, "/endpoints/") {
				return reply(200, "[]"), nil
			}
			return nil, nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newService(t)
				c := &m365.Client{HTTP: s.Client(), Cache: &memory{}}
				first, err := c.Endpoints(t.Context(), endpoints.CloudWorldwide)
				if err != nil {
					t.Fatal(err)
				}
				time.Sleep(48 * time.Hour)
				s.Fault, s.Version = fault, "2026103100"
				a, err := c.Endpoints(t.Context(), endpoints.CloudWorldwide)
				if err == nil || a == nil || !a.Cached || a.Version != first.Version || time.Since(a.Checked) != 48*time.Hour {
					t.Errorf("%+v, %v", a, err)
				}
			})
		})
	}
}
