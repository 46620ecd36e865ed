package readiness_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
	"github.com/netready/netready/probe/probetest"
	"github.com/netready/netready/readiness"
)

// TestHostsThatFailAlike: what one broken thing does to several hosts is told
// once.
func TestHostsThatFailAlike(t *testing.T) {
	alike := func(f probetest.Fault, hosts ...string) *probetest.Internet {
		net := &probetest.Internet{}
		for _, host := range hosts {
			net.Faults = append(net.Faults, at(host, f))
		}
		return net
	}
	tcp := func(f probetest.Fault) probetest.Fault { return probetest.At{Network: "tcp", Fault: f} }
	one := causes{readiness.CauseHostUnreachable}
	two := causes{readiness.CauseHostUnreachable, readiness.CauseHostUnreachable}
	spots(t, []spot{
		{
			"the servers of a zone fail", alike(probetest.ServFail, "manage.microsoft.com", "*.manage.microsoft.com"),
			summary{blocked, one, endpoints.PhaseMDMEnrollment},
			[]string{"No name in manage.microsoft.com resolves (dns.servfail)", "enrollment.manage.microsoft.com"},
			nil, "",
		},
		{
			"some names of a zone fail", alike(probetest.ServFail, "enrollment.manage.microsoft.com", "enterpriseenrollment.manage.microsoft.com"),
			summary{blocked, one, endpoints.PhaseMDMEnrollment},
			[]string{"2 names in manage.microsoft.com do not resolve (dns.servfail)"},
			nil, "",
		},
		{
			"names of one owner are silent", alike(tcp(probetest.Drop), "aadcdn.msauth.net", "logincdn.msauth.net"),
			summary{blocked, one, endpoints.PhaseEntraSignIn},
			[]string{"No host in msauth.net can be reached (tcp.timeout)", "Allow outbound TCP 443 to"},
			nil, "",
		},
		{
			"one host is silent on both ports, after it accepts", alike(tcp(probetest.Silence), "login.microsoftonline.com"),
			summary{blocked, one, endpoints.PhaseEntraSignIn},
			[]string{"login.microsoftonline.com cannot be reached (http.timeout, tls.timeout)", "TCP port 443 and TCP port 80"},
			nil, "",
		},

		// Two things are two causes.
		{"names of two owners are silent", alike(tcp(probetest.Drop), "login.live.com", "ztd.dds.microsoft.com"), summary{blocked, two, endpoints.PhaseDeviceIdentity}, nil, nil, ""},
		{
			"names of one owner fail in two ways",
			&probetest.Internet{Faults: []probetest.Fault{at("aadcdn.msauth.net", tcp(probetest.Drop)), at("logincdn.msauth.net", tcp(probetest.Refuse))}},
			summary{blocked, two, endpoints.PhaseEntraSignIn},
			nil, nil, "",
		},
	})
}

// TestALostService: all hosts of a service, whoever owns them, are one cause.
func TestALostService(t *testing.T) {
	p := plan(t, autopilot())
	for _, service := range []endpoints.Service{endpoints.ServiceWindowsUpdate, endpoints.ServiceEntraID} {
		owned := func(target probe.Target) bool {
			for _, c := range p.Checks {
				if c.Target == target && target.Protocol != probe.SOA {
					return slices.ContainsFunc(c.Endpoints, func(e endpoints.Endpoint) bool { return e.Service == service })
				}
			}
			return false
		}
		r := judge(t, p, fail(reached(p), probe.OpConnect, probe.TCPTimeout, owned), readiness.Policy{})
		var titles []string
		for _, c := range r.Causes {
			if c.Code == readiness.CauseHostUnreachable {
				titles = append(titles, c.Title)
				hosts := make(map[string]bool)
				for _, check := range c.Checks[len(c.Evidence)-1:] {
					hosts[check.Target.Host] = true
				}
				if told := others(t, c.Evidence); told != len(hosts) {
					t.Errorf("%s: %d other hosts, want %d: %q", service, told, len(hosts), c.Evidence)
				}
			}
		}
		if want := []string{"No host of " + p.Catalog.Title(service) + " can be reached (tcp.timeout)"}; !slices.Equal(titles, want) {
			t.Errorf("%s: %q, want %q", service, titles, want)
		}
	}
}

// others returns how many hosts the last line of evidence names or counts.
func others(t *testing.T, evidence []string) int {
	t.Helper()
	named, ok := strings.CutPrefix(evidence[len(evidence)-1], "The same for: ")
	if !ok {
		t.Fatalf("evidence %q", evidence)
	}
	named, more, _ := strings.Cut(strings.TrimSuffix(named, "."), " and ")
	n := len(strings.Split(named, ", "))
	if more != "" {
		count, err := strconv.Atoi(strings.TrimSuffix(more, " more"))
		if err != nil {
			t.Fatal(err)
		}
		n += count
	}
	return n
}
