package readiness_test

import (
	"testing"
	"time"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
	"github.com/netready/netready/readiness"
)

// A time server is wrong if the dates of three web servers say so.
func TestTimeServersAgainstDates(t *testing.T) {
	const most = 5 * time.Minute
	for _, tt := range []struct {
		name  string
		ntp   time.Duration
		code  probe.Code // of the time server
		dates time.Duration
		dated int // web servers
		want  readiness.Outcome
		as    probe.Code
	}{
		{"both are right", 0, "", 0, 3, readiness.OK, ""},
		{"they differ by as much as is tolerated", 0, "", most, 3, readiness.OK, ""},
		{"they differ by more", 0, "", most + 1, 3, readiness.Failed, probe.NTPOffset},
		{"the web servers are behind", 0, "", -most - 1, 3, readiness.Failed, probe.NTPOffset},
		{"two web servers say so", 0, "", time.Hour, 2, readiness.OK, ""},
		{"no web server has a date", 0, "", 0, 0, readiness.OK, ""},
		{"both say that the clock is wrong", 20 * time.Hour, probe.NTPOffset, 20 * time.Hour, 3, readiness.Failed, probe.NTPOffset},
		{"the time server was not measured", 0, probe.Canceled, time.Hour, 3, readiness.NotRun, probe.Canceled},
		{"the time server does not answer", 0, probe.NTPTimeout, time.Hour, 3, readiness.Failed, probe.NTPTimeout},
	} {
		t.Run(tt.name, func(t *testing.T) {
			list := append(ownHosts(t, 3, false, "tcp/443 https").Endpoints(), endpoint(t, endpoints.ServiceNTP, "time.example", nil, "udp/123 ntp"))
			p := planOn(t, autopilot(), dated(t, list), probe.Network{})
			obs := reached(p)
			for i := range obs {
				o := &obs[i]
				if o.Target.Protocol == probe.NTP {
					o.NTP = &probe.NTPFacts{Offset: tt.ntp}
					if tt.code != "" {
						o.Error = &probe.Error{Op: probe.OpClock, Code: tt.code}
					}
					continue
				}
				if answer(o, i); tt.dated > 0 {
					tt.dated--
					o.HTTP.Date = o.Start.Add(o.Steps[1].Duration / 2).Add(tt.dates)
				}
			}
			for _, f := range judge(t, p, obs, fatal()).Findings {
				if f.Service == endpoints.ServiceNTP && (f.Outcome != tt.want || f.Code != tt.as) {
					t.Errorf("%s (%s), want %s (%s)", f.Outcome, f.Code, tt.want, tt.as)
				}
			}
		})
	}
}

// An alias of a tenant's domain leads to one of the documented names.
func TestLimitsOfAliases(t *testing.T) {
	for _, tt := range []struct {
		name string
		dns  *probe.DNSFacts
		code probe.Code
		want readiness.Outcome
		as   probe.Code
	}{
		{"the first", &probe.DNSFacts{CNAMEs: []string{"a.example.net"}}, "", readiness.OK, ""},
		{"the second", &probe.DNSFacts{CNAMEs: []string{"b.example.net"}}, "", readiness.OK, ""},
		{"in capitals", &probe.DNSFacts{CNAMEs: []string{"A.Example.NET"}}, "", readiness.OK, ""},
		{"by way of another", &probe.DNSFacts{CNAMEs: []string{"c.example.net", "b.example.net"}}, "", readiness.OK, ""},
		{"another", &probe.DNSFacts{CNAMEs: []string{"c.example.net"}}, "", readiness.Failed, readiness.WrongAlias},
		{"none", &probe.DNSFacts{}, "", readiness.Failed, readiness.WrongAlias},
		{"unknown", nil, "", readiness.OK, ""},
		{"another, and the lookup failed", &probe.DNSFacts{CNAMEs: []string{"c.example.net"}}, probe.DNSServFail, readiness.Failed, probe.DNSServFail},
	} {
		t.Run(tt.name, func(t *testing.T) {
			scope := autopilot()
			scope.Domains = []string{"contoso.com"}
			alias := endpoint(t, "mail", "enroll.{domain}", func(e *endpoints.Endpoint) {
				e.CNAMEs = map[endpoints.Cloud][]string{endpoints.CloudWorldwide: {"a.example.net", "b.example.net"}}
			}, "tcp/443 https")
			p := planOn(t, scope, dated(t, []endpoints.Endpoint{alias, endpoint(t, "mail", "mail.example", nil, "tcp/443 https")}), probe.Network{})
			obs := reached(p)
			for i := range obs {
				if o := &obs[i]; o.Target.Protocol == probe.CNAME {
					if o.DNS = tt.dns; tt.code != "" {
						o.Error = &probe.Error{Op: probe.OpResolve, Code: tt.code}
					}
				} else {
					o.DNS = &probe.DNSFacts{}
				}
			}
			tested := 0
			for _, f := range judge(t, p, obs, fatal()).Findings {
				switch {
				case f.Check.Target.Protocol != probe.CNAME:
					if f.Outcome != readiness.OK {
						t.Errorf("%s is %s", f.Check.ID(), f.Outcome)
					}
				case f.Outcome != tt.want || f.Code != tt.as:
					t.Errorf("%s (%s), want %s (%s)", f.Outcome, f.Code, tt.want, tt.as)
				default:
					tested++
				}
			}
			if tested != 1 {
				t.Errorf("%d aliases are as they should be, want 1", tested)
			}
		})
	}
}

// Revocation fails if the sources gave no usable answer, and is unproven if nobody
// waited for one.
func TestLimitsOfRevocation(t *testing.T) {
	source := func(url string, c probe.Code) probe.Document { return probe.Document{Kind: "crl", URL: url, Code: c} }
	const first, second = "http://crl.example/1", "http://crl.example/2"
	for _, tt := range []struct {
		name     string
		decisive bool
		code     probe.Code
		sources  []probe.Document
		other    []probe.Document // of another host, which was checked
		failed   probe.Code       // of the host itself
		want     readiness.Verdict
	}{
		{"checked", false, "", []probe.Document{source(first, "")}, nil, "", readiness.Ready},
		{"unreachable", false, probe.RevocationUnreachable, []probe.Document{source(first, probe.TCPTimeout)}, nil, "", readiness.Degraded},
		{"unreachable, of a host that decides", true, probe.RevocationUnreachable, []probe.Document{source(first, probe.TCPTimeout)}, nil, "", readiness.Blocked},
		{"nothing to ask", false, probe.NotTestable, nil, nil, "", readiness.Ready},
		{"no time", false, probe.Timeout, []probe.Document{source(first, probe.Timeout)}, nil, "", readiness.Unproven},
		{"no socket", false, probe.LocalSocket, []probe.Document{source(first, probe.LocalSocket)}, nil, "", readiness.Unproven},
		{"no time, and another got the answer", false, probe.Timeout, []probe.Document{source(first, probe.Timeout)}, []probe.Document{source(first, "")}, "", readiness.Ready},
		{"no socket, and another got the answer", false, probe.LocalSocket, []probe.Document{source(first, probe.LocalSocket)}, []probe.Document{source(first, "")}, "", readiness.Ready},
		{"no time, and another got another answer", false, probe.Timeout, []probe.Document{source(first, probe.Timeout)}, []probe.Document{source(second, "")}, "", readiness.Unproven},
		{"no time, and another failed", false, probe.Timeout, []probe.Document{source(first, probe.Timeout)}, []probe.Document{source(first, probe.TCPTimeout)}, "", readiness.Unproven},
		{"no time, and the source had failed", false, probe.Timeout, []probe.Document{source(first, probe.TCPTimeout)}, nil, "", readiness.Ready},
		{"unreachable, of a host that failed", false, probe.RevocationUnreachable, []probe.Document{source(first, probe.TCPTimeout)}, nil, probe.TCPReset, readiness.Ready},
	} {
		t.Run(tt.name, func(t *testing.T) {
			list := ownHosts(t, 2, false, "tcp/443 https").Endpoints()
			list[0].Decisive = tt.decisive
			list = append(list, endpoint(t, endpoints.ServiceCRL, "crl.example", nil, "tcp/80 http"))
			p := planOn(t, autopilot(), dated(t, list), probe.Network{})
			obs := reached(p)
			for i := range obs {
				switch o := &obs[i]; o.Target.Host {
				case list[0].Host.String():
					o.Revocation = &probe.RevocationFacts{Code: tt.code, Sources: tt.sources}
					if tt.failed != "" {
						o.Error = &probe.Error{Op: probe.OpRequest, Code: tt.failed}
					}
				case list[1].Host.String():
					o.Revocation = &probe.RevocationFacts{Sources: tt.other}
				}
			}
			if got := serviceOf(t, judge(t, p, obs, fatal()), endpoints.ServiceCRL).Verdict; got != tt.want {
				t.Errorf("%s, want %s", got, tt.want)
			}
		})
	}
}
