package readiness_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/netip"
	"net/url"
	"slices"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
	"github.com/netready/netready/probe/probetest"
	"github.com/netready/netready/readiness"
)

// core returns the core of the built-in catalog with all facts: the endpoints
// that decide alone, with one name of each pattern, and those of further services.
// Its plans are so small that many networks can be tried.
func core(tb testing.TB, also ...endpoints.Service) *endpoints.Catalog {
	tb.Helper()
	whole := planOn(tb, autopilot(), nil, probe.Network{})
	asked := make(map[string]bool)
	for _, target := range whole.Targets() {
		asked[target.Host] = true
	}
	kept := make(map[string][]string) // members, by service and host
	for e := range whole.Endpoints() {
		if e.Decisive || slices.Contains(also, e.Service) {
			members := slices.DeleteFunc(slices.Clone(e.Members), func(host string) bool { return !asked[host] })
			kept[string(e.Service)+" "+e.Host.String()] = members[:min(1, len(members))]
		}
	}
	var text bytes.Buffer
	if err := endpoints.Embedded().Encode(&text); err != nil {
		tb.Fatal(err)
	}
	var file map[string]any
	if err := json.Unmarshal(text.Bytes(), &file); err != nil {
		tb.Fatal(err)
	}
	reduce(file, "services", func(service map[string]any) bool {
		return reduce(service, "groups", func(group map[string]any) bool {
			return reduce(group, "endpoints", func(e map[string]any) bool {
				members, ok := kept[fmt.Sprint(service["service"], " ", e["host"])]
				e["members"] = members
				if len(members) == 0 {
					delete(e, "members")
				}
				return ok
			})
		})
	})
	reduced, err := json.Marshal(file)
	if err != nil {
		tb.Fatal(err)
	}
	c, err := endpoints.Decode(bytes.NewReader(reduced))
	if err != nil {
		tb.Fatal(err)
	}
	return c
}

// reduce keeps the objects of a list for which keep is true, and reports whether
// there are any.
func reduce(in map[string]any, list string, keep func(map[string]any) bool) bool {
	items, _ := in[list].([]any)
	items = slices.DeleteFunc(items, func(item any) bool {
		object, ok := item.(map[string]any)
		return !ok || !keep(object)
	})
	in[list] = items
	return len(items) > 0
}

// A spot is a network in which a plan of few checks is run, in the world as it
// is, and what its report says.
type spot struct {
	name string
	net  *probetest.Internet
	want summary

	// says are parts of the texts of the first cause, and silent are words that
	// no text of a cause has.
	says, silent []string

	proxy string // the scheme of the proxy, or "" for none
}

func spots(t *testing.T, tests []spot) {
	t.Helper()
	c := core(t, endpoints.ServiceWNS)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) { tt.run(t, c) })
		})
	}
}

func (tt spot) run(t *testing.T, c *endpoints.Catalog) {
	t.Helper()
	on := probe.Network{}
	if tt.proxy != "" {
		on = through()
	}
	p := planOn(t, autopilot(), c, on)
	i := asItIs(p, tt.net)
	n := i.Network()
	if tt.proxy != "" {
		u := i.ProxyURL()
		if tt.proxy == "socks5" {
			u = i.SOCKSURL()
		}
		n.Proxy = func(probe.Target) (*url.URL, error) { return u, nil }
	}
	r, err := assessPlan(t.Context(), readiness.Runner{Network: n}, p)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(tt.want, summarize(r).inAnyWorld()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	situation{want: tt.want, says: tt.says, silent: tt.silent}.words(t, r)
	for _, rejected := range readiness.Rejected(p, r.Observations, false) {
		t.Error(rejected)
	}
	if t.Failed() {
		for _, c := range r.Causes {
			t.Log(c.Code, c.Impact, c.Title, c.Evidence, c.Remedy)
		}
	}
}

// leads returns the names' answers in DNS: every one has these addresses.
func leads(to string, names ...string) map[string][]netip.Addr {
	out := make(map[string][]netip.Addr)
	for _, name := range names {
		out[name] = []netip.Addr{netip.MustParseAddr(to)}
	}
	return out
}

func silentAt(addr string) probetest.Fault {
	return probetest.At{Addrs: netip.PrefixFrom(netip.MustParseAddr(addr), 32), Network: "tcp", Fault: probetest.Drop}
}
