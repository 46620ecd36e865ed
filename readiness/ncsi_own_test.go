package readiness_test

import (
	"encoding/json"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
	"github.com/netready/netready/probe/probetest"
	"github.com/netready/netready/readiness"
)

// What this machine's own settings make of Windows' test of internet access is
// told in one note, and changes nothing else, on a healthy network and on one
// that blocks Microsoft's servers.
func TestOwnNCSI(t *testing.T) {
	const rest = "Devices without these settings, such as new ones, probe Microsoft's servers, and only Microsoft's servers count in this report."
	const restOff = "Devices without this setting, such as new ones, probe Microsoft's servers, and only Microsoft's servers count in this report."
	const own = "This machine has its own settings for testing internet access: "
	blocked := []probetest.Fault{
		probetest.At{Host: "www.msftconnecttest.com", Fault: probetest.Refuse}, probetest.At{Host: "ipv6.msftconnecttest.com", Fault: probetest.Refuse},
	}
	web := map[string]string{"ActiveWebProbeHost": "www.contoso.com", "ActiveWebProbePath": "connecttest.txt"}
	tests := []struct {
		name     string
		settings map[string]string
		faults   []probetest.Fault
		want     string   // the note
		hosts    []string // more in the plan
	}{
		{name: "a new device", settings: map[string]string{}},
		{name: "the values of a new device", settings: map[string]string{"ActiveWebProbeHost": "www.msftconnecttest.com", "EnableActiveProbing": "1"}},
		{
			name: "a server that answers", settings: web, hosts: []string{"www.contoso.com"},
			want: own + "ActiveWebProbeHost = www.contoso.com. www.contoso.com gave the expected answer. " + rest,
		},
		{
			name: "a server that answers, and Microsoft's do not", settings: web, faults: blocked, hosts: []string{"www.contoso.com"},
			want: own + "ActiveWebProbeHost = www.contoso.com. www.contoso.com gave the expected answer. " + rest,
		},
		{
			name: "a server and a name that fail", hosts: []string{"ncsi.contoso.com", "dns.contoso.com"},
			settings: map[string]string{"ActiveWebProbeHost": "ncsi.contoso.com", "ActiveDnsProbeHost": "dns.contoso.com"},
			want: own + "ActiveDnsProbeHost = dns.contoso.com, ActiveWebProbeHost = ncsi.contoso.com. " +
				"dns.contoso.com did not give the expected answer (ncsi.dns_mismatch). ncsi.contoso.com did not give the expected answer (dns.nxdomain). " + rest,
		},
		{
			name: "no probe", settings: map[string]string{"EnableActiveProbing": "0", "ActiveWebProbeHost": "ncsi.contoso.com"},
			want: "This machine decides without a probe whether there is internet access (EnableActiveProbing is 0). " + restOff,
		},
		{
			name: "no probe, and Microsoft's servers do not answer", settings: map[string]string{"NoActiveProbe": "1"}, faults: blocked,
			want: "This machine decides without a probe whether there is internet access (NoActiveProbe is 1). " + restOff,
		},
	}
	c := core(t, endpoints.ServiceNCSI)
	plain := planOn(t, autopilot(), c, probe.Network{Settings: map[string]string{}})
	for kind, in := range worlds() {
		t.Run(kind, func(t *testing.T) {
			for _, tt := range tests {
				t.Run(tt.name, func(t *testing.T) {
					t.Parallel()
					synctest.Test(t, func(t *testing.T) {
						p := planOn(t, autopilot(), c, probe.Network{Settings: tt.settings})
						if diff := cmp.Diff(slices.Sorted(slices.Values(append(plain.Hosts(), tt.hosts...))), p.Hosts()); diff != "" {
							t.Errorf("hosts of the plan (-want +got):\n%s", diff)
						}
						i := in(plain, &probetest.Internet{
							Hosts:     []string{"www.contoso.com"},
							Faults:    append([]probetest.Fault{probetest.At{Host: "www.contoso.com", Fault: probetest.Page{Body: "Microsoft Connect Test"}}}, tt.faults...),
							Addresses: map[string][]netip.Addr{"dns.contoso.com": {netip.MustParseAddr("10.1.1.1")}},
						})
						n := i.Network()
						without, err := assessPlan(t.Context(), readiness.Runner{Network: n}, plain)
						if err != nil {
							t.Fatal(err)
						}
						n.Settings = tt.settings
						with, err := assessPlan(t.Context(), readiness.Runner{Network: n}, p)
						if err != nil {
							t.Fatal(err)
						}
						var want []string
						if tt.want != "" {
							want = []string{tt.want}
						}
						got := slices.DeleteFunc(slices.Clone(with.Notes), func(s string) bool { return slices.Contains(without.Notes, s) })
						if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
							t.Errorf("notes (-want +got):\n%s", diff)
						}
						if diff := cmp.Diff(judged(without), judged(with)); diff != "" || with.Verdict != without.Verdict {
							t.Errorf("%v, and with the settings %v (-without +with):\n%s", without.Verdict, with.Verdict, diff)
						}
						if (tt.faults == nil) != (with.Verdict == readiness.Ready) {
							t.Errorf("verdict %v", with.Verdict)
						}
						again, err := readiness.Runner{Catalog: c}.Rejudge(with)
						if err != nil || !slices.Equal(again.Notes, with.Notes) {
							t.Errorf("judged again, the notes are %q, error %v", again.Notes, err)
						}
						if text, err := json.Marshal(with.Redacted()); err != nil || strings.Contains(string(text), "contoso") {
							t.Errorf("error %v, redacted: %s", err, text)
						}
					})
				})
			}
		})
	}
}

// judged returns what a report concludes, in a line for each finding and cause.
func judged(r *readiness.Report) []string {
	var out []string
	for _, f := range r.Findings {
		out = append(out, strings.Join([]string{f.Check.ID(), string(f.Service), f.Outcome.String(), string(f.Code), string(f.Impact)}, " "))
	}
	for _, c := range r.Causes {
		out = append(out, string(c.Code)+" "+c.Title)
	}
	return out
}
