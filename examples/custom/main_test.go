package main

import (
	"io"
	"net"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
	"github.com/netready/netready/probe/probetest"
)

// TestRelay: the relay of the company counts as its policy says.
func TestRelay(t *testing.T) {
	for _, tt := range []struct {
		name, says string
		faults     []probetest.Fault
		starts     string
		want       []string
	}{
		{"a relay that greets", "220 relay.contoso.com\r\n", nil, "READY: ", nil},
		{"a relay that does not greet", "421 later\r\n", nil, "DEGRADED: ", []string{
			"The mail relay does not greet [contoso.no_greeting]", "Restart the relay service on relay.contoso.com.",
			"The help desk does not learn that a device is ready.",
		}},
		{"a port that is closed", "", []probetest.Fault{probetest.At{Port: 25, Fault: probetest.Refuse}}, "DEGRADED: ", []string{
			"relay.contoso.com cannot be reached (tcp.refused)",
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				internet := &probetest.Internet{
					Hosts:  []string{"time.windows.com", "relay.contoso.com"},
					Serve:  map[string]func(net.Conn){"relay.contoso.com:25": func(c net.Conn) { _, _ = io.WriteString(c, tt.says) }},
					Faults: tt.faults,
				}
				network := internet.Network()
				network.SearchDomains = []string{}
				var b strings.Builder
				if err := run(t.Context(), &b, network, few(t), "relay.contoso.com:25"); err != nil {
					t.Fatal(err)
				}
				flat := strings.Join(strings.Fields(b.String()), " ")
				if !strings.HasPrefix(flat, tt.starts) || slices.ContainsFunc(tt.want, func(s string) bool { return !strings.Contains(flat, s) }) {
					t.Errorf("want %q and %q:\n%s", tt.starts, tt.want, b.String())
				}
			})
		})
	}
	for _, addr := range []string{"", "relay", "relay:x", "re lay:25"} {
		if err := run(t.Context(), io.Discard, probe.Network{}, few(t), addr); err == nil {
			t.Errorf("%q: no error", addr)
		}
	}
}

// few returns a small catalog.
func few(t *testing.T) *endpoints.Catalog {
	t.Helper()
	all := endpoints.Embedded().Endpoints()
	catalog, err := new(endpoints.Catalog).With(slices.DeleteFunc(all, func(e endpoints.Endpoint) bool { return e.Host.String() != "time.windows.com" })...)
	if err != nil {
		t.Fatal(err)
	}
	return catalog
}
