package m365_test

import (
	"context"
	"net/http"
	"regexp"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/endpoints/m365"
)

func TestEndpointsOfAllInstances(t *testing.T) {
	for _, i := range endpoints.Clouds() {
		t.Run(string(i), func(t *testing.T) {
			s := newService(t)
			c := &m365.Client{HTTP: s.Client(), ClientRequestID: id}
			a, err := c.Endpoints(t.Context(), i)
			if err != nil {
				t.Fatal(err)
			}
			if want := storedSets(t, i); len(a.Sets) != len(want) || a.Version != s.Version || a.Cloud != i || a.ClientRequestID != id || a.Cached {
				t.Errorf("%d sets, version %s of %s, identifier %s, cached %t", len(a.Sets), a.Version, a.Cloud, a.ClientRequestID, a.Cached)
			}
			want := []string{"/version/" + instance(i), "/endpoints/" + instance(i)}
			if diff := cmp.Diff(want, s.Requests()); diff != "" {
				t.Errorf("requests (-want +got):\n%s", diff)
			}
			if len(s.ids) != 1 || !s.ids[id] {
				t.Errorf("identifiers %v", s.ids)
			}
		})
	}
}

func TestEndpointsParameters(t *testing.T) {
	s := newService(t)
	c := &m365.Client{HTTP: s.Client(), TenantName: "contoso", ServiceAreas: []string{"MEM", "Skype"}, NoIPv6: true}
	if _, err := c.Endpoints(t.Context(), endpoints.CloudWorldwide); err != nil {
		t.Fatal(err)
	}
	want := []string{"/version/Worldwide", "/endpoints/Worldwide?NoIPv6=true&ServiceAreas=MEM%2CSkype&TenantName=contoso"}
	if diff := cmp.Diff(want, s.Requests()); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
}

func TestBadArguments(t *testing.T) {
	tests := []struct {
		name     string
		client   *m365.Client
		instance endpoints.Cloud
	}{
		{"an instance of old", &m365.Client{}, "Germany"},
		{"a cloud by the name of its instance", &m365.Client{}, "Worldwide"},
		{"a path", &m365.Client{}, "../version"},
		{"no UUID", &m365.Client{ClientRequestID: "me"}, endpoints.CloudWorldwide},
		{"a UUID in braces", &m365.Client{ClientRequestID: "{" + id + "}"}, endpoints.CloudWorldwide},
		{"a UUID with another hyphen", &m365.Client{ClientRequestID: id[:8] + "0" + id[9:]}, endpoints.CloudWorldwide},
		{"a UUID with another letter", &m365.Client{ClientRequestID: id[:35] + "g"}, endpoints.CloudWorldwide},
		{"a tenant's domain", &m365.Client{TenantName: "contoso.com"}, endpoints.CloudWorldwide},
		{"a wildcard", &m365.Client{TenantName: "*"}, endpoints.CloudWorldwide},
		{"areas in one", &m365.Client{ServiceAreas: []string{"Common,MEM"}}, endpoints.CloudWorldwide},
		{"no area", &m365.Client{ServiceAreas: []string{""}}, endpoints.CloudWorldwide},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := newService(t)
			tt.client.HTTP = s.Client()
			_, err1 := tt.client.Endpoints(t.Context(), tt.instance)
			_, err2 := tt.client.Version(t.Context(), tt.instance)
			_, err3 := tt.client.Changes(t.Context(), tt.instance, m365.First)
			for _, err := range []error{err1, err2, err3} {
				if code(err) != m365.BadArgument {
					t.Errorf("error %v", err)
				}
			}
			if got := s.Requests(); len(got) != 0 {
				t.Errorf("requests %v", got)
			}
		})
	}
	s := newService(t)
	c := &m365.Client{HTTP: s.Client()}
	const want = `m365: argument: cloud "Germany": unknown (known: worldwide, gcc-high, dod, china)`
	if _, err := c.Version(t.Context(), "Germany"); err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
	if _, err := c.Version(t.Context(), ""); err != nil {
		t.Errorf("no cloud, which is the worldwide one: %v", err)
	}
	s = newService(t)
	c = &m365.Client{HTTP: s.Client()}
	if _, err := c.Changes(t.Context(), endpoints.CloudWorldwide, "latest"); code(err) != m365.BadArgument || len(s.Requests()) != 0 {
		t.Errorf("changes since no version: %v", err)
	}
	if _, err := (&m365.Client{ClientRequestID: "me"}).Versions(t.Context()); code(err) != m365.BadArgument {
		t.Error(err)
	}
}

func TestConcurrentUse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newService(t)
		s.Fault = func(*http.Request) (*http.Response, error) {
			time.Sleep(time.Second)
			return nil, nil
		}
		c := &m365.Client{HTTP: s.Client(), Cache: &memory{}}
		var group sync.WaitGroup
		for n := range 20 {
			group.Go(func() {
				a, err := c.Endpoints(t.Context(), endpoints.CloudWorldwide)
				if err != nil || len(a.Sets) != 79 {
					t.Error(err)
				}
				if n%5 == 0 {
					if _, err := c.Versions(t.Context()); err != nil {
						t.Error(err)
					}
				}
			})
		}
		// One call gives up while it waits for its turn.
		ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		time.Sleep(time.Microsecond)
		start := time.Now()
		if _, err := c.Endpoints(ctx, endpoints.CloudWorldwide); code(err) != m365.TimedOut || time.Since(start) > time.Millisecond {
			t.Errorf("waiting: %v after %v", err, time.Since(start))
		}
		group.Wait()
		got := slices.DeleteFunc(s.Requests(), func(line string) bool { return line == "/version" })
		if diff := cmp.Diff([]string{"/version/Worldwide", "/endpoints/Worldwide"}, got); diff != "" {
			t.Errorf("requests (-want +got):\n%s", diff)
		}
		if len(s.ids) != 1 {
			t.Errorf("identifiers %v", s.ids)
		}
	})
}

func TestVersions(t *testing.T) {
	s := newService(t)
	c := &m365.Client{HTTP: s.Client()}
	got, err := c.Versions(t.Context())
	want := map[endpoints.Cloud]m365.Version{endpoints.CloudWorldwide: "2025120100"}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	s.Fault = answer(200, `{"instance":"China","latest":"2025120100"}`)
	if _, err := c.Version(t.Context(), endpoints.CloudWorldwide); code(err) != m365.BadContent {
		t.Errorf("the version of another instance: %v", err)
	}
	s.Fault = answer(200, `{"instance":"Worldwide","latest":"soon"}`)
	if _, err := c.Versions(t.Context()); code(err) != m365.BadContent {
		t.Errorf("no version: %v", err)
	}
	s.Fault = answer(500, "")
	if _, err := c.Versions(t.Context()); code(err) != m365.BadStatus {
		t.Error(err)
	}
}

func TestChanges(t *testing.T) {
	s := newService(t)
	s.Changes = `[{"id":1,"endpointSetId":32,"disposition":"Change","version":"2025120100","remove":{"urls":["a.example"]}},{"id":2}]`
	c := &m365.Client{HTTP: s.Client(), TenantName: "contoso"}
	h, err := c.Changes(t.Context(), endpoints.CloudWorldwide, "2025110100")
	if err != nil || h.Version != s.Version || h.Since != "2025110100" || len(h.Changes) != 1 || len(h.Problems) != 1 {
		t.Errorf("%+v, %v", h, err)
	}
	if diff := cmp.Diff([]string{"/version/Worldwide", "/changes/Worldwide/2025110100"}, s.Requests()); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
	h, err = c.Changes(t.Context(), endpoints.CloudWorldwide, s.Version)
	if err != nil || len(h.Changes) != 0 || len(s.Requests()) != 1 {
		t.Errorf("since the latest: %+v, %v", h, err)
	}
	s.Changes = "["
	if _, err := c.Changes(t.Context(), endpoints.CloudWorldwide, m365.First); code(err) != m365.BadSyntax {
		t.Error(err)
	}
	s.Fault = answer(500, "")
	if _, err := c.Changes(t.Context(), endpoints.CloudWorldwide, m365.First); code(err) != m365.BadStatus {
		t.Error(err)
	}
}

func TestRequestID(t *testing.T) {
	var c m365.Client
	first := c.RequestID()
	if again := c.RequestID(); again != first {
		t.Errorf("%s, then %s", first, again)
	}
	form := regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)
	seen := make(map[string]bool)
	for range 100 {
		s := m365.NewRequestID()
		if !form.MatchString(s) || seen[s] {
			t.Errorf("identifier %s", s)
		}
		seen[s] = true
	}
	// A client with an identifier keeps it, whatever is in the cache.
	s := newService(t)
	cache := &memory{}
	if _, err := (&m365.Client{HTTP: s.Client(), Cache: cache, ClientRequestID: id}).Endpoints(t.Context(), endpoints.CloudChina); err != nil {
		t.Fatal(err)
	}
	own := &m365.Client{HTTP: s.Client(), Cache: cache}
	mine := own.RequestID()
	if _, err := own.Endpoints(t.Context(), endpoints.CloudChina); err != nil || own.RequestID() != mine {
		t.Errorf("%s, then %s: %v", mine, own.RequestID(), err)
	}
	if _, err := (&m365.Client{HTTP: s.Client(), Cache: cache}).Endpoints(t.Context(), endpoints.CloudChina); err != nil {
		t.Fatal(err)
	}
}
