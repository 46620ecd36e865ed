package readiness_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
	"github.com/netready/netready/probe/probetest"
	"github.com/netready/netready/readiness"
	"github.com/netready/netready/readiness/readinesstest"
)

const (
	controllerName = "_ldap._tcp.dc._msdcs.corp.contoso.com"
	enrolment      = "enterpriseenrollment.contoso.com"
	registration   = "enterpriseregistration.contoso.com"
)

// domainScope is that of a tenant whose devices join a domain.
func domainScope() endpoints.Scope {
	return endpoints.Scope{
		Scenario: endpoints.ScenarioHybridJoin, Tenant: "contoso.com", ADDomain: "corp.contoso.com",
		Region: endpoints.RegionEurope, Windows: endpoints.Windows11,
	}
}

// domainPlan is a plan of a few services.
func domainPlan(t *testing.T, s endpoints.Scope) *readiness.Plan {
	t.Helper()
	few, err := endpoints.Embedded().Select(endpoints.Scope{Scenario: s.Scenario},
		endpoints.ServiceDNS, endpoints.ServiceDeployment, endpoints.ServiceIntune, endpoints.ServiceEntraID, endpoints.ServiceHybridDomainController)
	if err != nil {
		t.Fatal(err)
	}
	few = slices.DeleteFunc(few, func(e endpoints.Endpoint) bool {
		return e.Host.Kind() == endpoints.Exact && !e.Decisive || e.Host.Kind() == endpoints.Suffix
	})
	c, err := new(endpoints.Catalog).With(few...)
	if err != nil {
		t.Fatal(err)
	}
	return planOn(t, s, c, probe.Network{})
}

// domainInternet is an internet in which such devices can be set up.
func domainInternet(p *readiness.Plan) *probetest.Internet {
	var hosts []string
	for _, h := range p.Hosts() {
		if h != controllerName && h != enrolment && h != registration {
			hosts = append(hosts, h)
		}
	}
	return &probetest.Internet{
		Hosts: hosts,
		Services: map[string][]probetest.Server{controllerName: {
			{Host: "dc1.corp.contoso.com", Port: 389, Weight: 100}, {Host: "dc2.corp.contoso.com", Port: 389, Weight: 100},
		}},
		Aliases: map[string]string{
			enrolment: "enterpriseenrollment-s.manage.microsoft.com", registration: "enterpriseregistration.windows.net",
		},
		TCPPorts: []uint16{53, 88, 135, 389, 445},
	}
}

// TestDomain shows what becomes of a domain, and of the records of a tenant.
func TestDomain(t *testing.T) {
	tcp := func(host string, port uint16, f probetest.Fault) probetest.Fault {
		return probetest.At{Host: host, Network: "tcp", Port: port, Fault: f}
	}
	hosts := func(port uint16, f probetest.Fault) []probetest.Fault {
		return []probetest.Fault{tcp("dc1.corp.contoso.com", port, f), tcp("dc2.corp.contoso.com", port, f)}
	}
	tests := []struct {
		name    string
		change  func(*probetest.Internet)
		scope   func(*endpoints.Scope)
		verdict readiness.Verdict
		status  readiness.Verdict // of the domain controllers
		causes  []string          // with their impact
		says    []string          // in the first cause
	}{
		{
			name: "all is well", verdict: readiness.Ready, status: readiness.Ready,
		},
		{
			name: "one of two controllers is down",
			change: func(i *probetest.Internet) {
				i.Faults = []probetest.Fault{tcp("dc1.corp.contoso.com", 0, probetest.Drop)}
			},
			verdict: readiness.Ready, status: readiness.Ready,
		},
		{
			name:    "no controller accepts Kerberos",
			change:  func(i *probetest.Internet) { i.Faults = hosts(88, probetest.Drop) },
			verdict: readiness.Blocked, status: readiness.Blocked,
			causes: []string{"domain_controller.unreachable fatal"},
			says: []string{
				"No domain controller of corp.contoso.com accepts connections on TCP port 88 (kerberos)",
				"dc1.corp.contoso.com, TCP port 88 (kerberos): no answer to the connection request (tcp.timeout).",
				"Allow TCP port 88 (kerberos) from the setup network",
			},
		},
		{
			name:    "no controller accepts SMB",
			change:  func(i *probetest.Internet) { i.Faults = hosts(445, probetest.Refuse) },
			verdict: readiness.Degraded, status: readiness.Degraded,
			causes: []string{"domain_controller.unreachable degrading"},
			says:   []string{"TCP port 445 (smb)", "connection refused (tcp.refused)"},
		},
		{
			name:    "no controller accepts anything",
			change:  func(i *probetest.Internet) { i.Faults = hosts(0, probetest.Drop) },
			verdict: readiness.Blocked, status: readiness.Blocked,
			causes: []string{"domain_controller.unreachable fatal"},
			says:   []string{"TCP ports 53 (dns), 88 (kerberos), 135 (rpc), 389 (ldap), 445 (smb)", "dc2.corp.contoso.com, TCP ports 53 (dns), 88 (kerberos), 135 (rpc), 389 (ldap), 445 (smb): no answer to the connection request (tcp.timeout)."},
		},
		{
			name: "no controller accepts anything, and the check is skipped",
			change: func(i *probetest.Internet) {
				i.Faults = hosts(0, probetest.Drop)
			},
			scope:   func(s *endpoints.Scope) { s.Features = []endpoints.Feature{endpoints.FeatureSkipDomainCheck} },
			verdict: readiness.Ready, status: readiness.Degraded,
			causes: []string{"domain_controller.unreachable informational"},
		},
		{
			name: "controllers without an address",
			change: func(i *probetest.Internet) {
				i.Faults = []probetest.Fault{
					probetest.At{Host: "dc1.corp.contoso.com", Port: 53, Fault: probetest.NXDomain},
					probetest.At{Host: "dc2.corp.contoso.com", Port: 53, Fault: probetest.NXDomain},
				}
			},
			verdict: readiness.Blocked, status: readiness.Blocked,
			causes: []string{"domain_controller.unreachable fatal"},
			says:   []string{"dc2.corp.contoso.com, TCP ports 53 (dns), 88 (kerberos), 135 (rpc), 389 (ldap), 445 (smb): DNS reported that the name does not exist (dns.nxdomain)."},
		},
		{
			name: "a domain without controllers, of which the resolver is the authority",
			change: func(i *probetest.Internet) {
				i.Services = nil
				i.Faults = []probetest.Fault{probetest.InternalZone{SOA: probe.SOARecord{Owner: "corp.contoso.com", MName: "dc1.corp.contoso.com", RName: "hostmaster.corp.contoso.com"}}}
			},
			verdict: readiness.Blocked, status: readiness.Blocked,
			causes: []string{"domain_controller.unknown fatal"},
			says:   []string{"DNS lists no domain controller for corp.contoso.com"},
		},
		{
			name:    "a domain that DNS does not know",
			change:  func(i *probetest.Internet) { i.Services = nil },
			verdict: readiness.Blocked, status: readiness.Blocked,
			causes: []string{"domain_controller.unknown fatal"},
			says: []string{
				"DNS lists no domain controller for corp.contoso.com",
				"192.0.2.53:53 reported that the name does not exist (dns.nxdomain): _ldap._tcp.dc._msdcs.corp.contoso.com",
				"Check the spelling of corp.contoso.com",
			},
		},
		{
			name: "a dead resolver explains the domain too",
			change: func(i *probetest.Internet) {
				i.Faults = []probetest.Fault{probetest.At{Port: 53, Fault: probetest.Drop}}
			},
			verdict: readiness.Blocked, status: readiness.Unproven,
			causes: []string{"dns.unreachable fatal"},
		},
		{
			name: "a tenant without records",
			change: func(i *probetest.Internet) {
				delete(i.Aliases, enrolment)
				delete(i.Aliases, registration)
			},
			verdict: readiness.Ready, status: readiness.Ready,
			causes: []string{"tenant.alias informational"},
			says: []string{
				"2 manual-enrollment CNAME records are missing or wrong",
				"enterpriseenrollment.contoso.com does not exist; Microsoft documents a CNAME record that points to enterpriseenrollment-s.manage.microsoft.com.",
				"enterpriseregistration.contoso.com CNAME enterpriseregistration.windows.net",
			},
		},
		{
			name: "a record that points elsewhere",
			change: func(i *probetest.Internet) {
				i.Aliases[enrolment] = "mdm.fabrikam.example"
			},
			verdict: readiness.Ready, status: readiness.Ready,
			causes: []string{"tenant.alias informational"},
			says:   []string{"enterpriseenrollment.contoso.com is an alias of mdm.fabrikam.example; Microsoft documents a CNAME record that points to enterpriseenrollment-s.manage.microsoft.com."},
		},
		{
			name: "a record that points to what works as well",
			change: func(i *probetest.Internet) {
				i.Aliases[enrolment] = "EnterpriseEnrollment.manage.microsoft.com"
			},
			verdict: readiness.Ready, status: readiness.Ready,
		},
		{
			name: "a record that points there over another one",
			change: func(i *probetest.Internet) {
				i.Aliases[enrolment] = "mdm.contoso.com"
				i.Aliases["mdm.contoso.com"] = "enterpriseenrollment-s.manage.microsoft.com"
			},
			verdict: readiness.Ready, status: readiness.Ready,
		},
		{
			name: "a host where the record should be",
			change: func(i *probetest.Internet) {
				delete(i.Aliases, registration)
				i.Hosts = append(i.Hosts, registration)
			},
			verdict: readiness.Ready, status: readiness.Ready,
			causes: []string{"tenant.alias informational"},
			says:   []string{"enterpriseregistration.contoso.com is not an alias and has the addresses [198."},
		},
	}
	internets := map[string]func(*readiness.Plan) *probetest.Internet{"ideal": domainInternet, "as it is": readinesstest.World}
	for _, tt := range tests {
		for name, internet := range internets {
			t.Run(tt.name+"/"+name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					s := domainScope()
					if tt.scope != nil {
						tt.scope(&s)
					}
					p := domainPlan(t, s)
					i := internet(p)
					if tt.change != nil {
						tt.change(i)
					}
					r, err := assessPlan(t.Context(), readiness.Runner{Network: i.Network()}, p)
					if err != nil {
						t.Fatal(err)
					}
					if got := serviceOf(t, r, endpoints.ServiceHybridDomainController); got.Verdict != tt.status || r.Verdict != tt.verdict {
						t.Errorf("the domain is %s, the report %s; want %s, %s", got.Verdict, r.Verdict, tt.status, tt.verdict)
					}
					var causes []string
					for _, c := range r.Causes {
						causes = append(causes, fmt.Sprintf("%s %s", c.Code, c.Impact))
					}
					if diff := cmp.Diff(tt.causes, causes); diff != "" {
						t.Fatalf("causes (-want +got):\n%s", diff)
					}
					for _, words := range tt.says {
						c := r.Causes[0]
						if text := c.Title + "\n" + strings.Join(c.Evidence, "\n") + "\n" + c.Remedy; !strings.Contains(text, words) {
							t.Errorf("%q is not in\n%s", words, text)
						}
					}
					if len(r.Causes) > 0 && len(r.Causes[0].Sources) == 0 {
						t.Error("the cause has no source")
					}
				})
			})
		}
	}
}

// TestDomainsInGovernmentClouds shows that the target is that of the cloud.
func TestDomainsInGovernmentClouds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := plan(t, endpoints.Scope{Scenario: endpoints.ScenarioDevicePreparation, Cloud: endpoints.CloudGCCHigh, Tenant: "contoso.com"})
		for target, want := range map[string]probe.Code{
			"enterpriseenrollment-s.manage.microsoft.us": "", "enterpriseenrollment-s.manage.microsoft.com": readiness.WrongAlias,
		} {
			obs := reached(p)
			for i, c := range p.Checks {
				if c.Target.Protocol == probe.CNAME {
					obs[i].DNS = &probe.DNSFacts{Name: c.Target.Host, CNAMEs: []string{target}}
				}
			}
			for _, f := range judge(t, p, obs, readiness.Policy{}).Findings {
				if f.Check.Target.Host == enrolment && (f.Code != want || f.Impact != readiness.Informational) {
					t.Errorf("an alias of %s is %q, %s; want %q", target, f.Code, f.Impact, want)
				}
			}
		}
	})
}

// TestAliasInAnotherCloud shows that an alias whose target is documented for
// another cloud alone is as good as any.
func TestAliasInAnotherCloud(t *testing.T) {
	www, err := endpoints.ParseHost("www.contoso.com")
	if err != nil {
		t.Fatal(err)
	}
	c, err := new(endpoints.Catalog).With(endpoints.Endpoint{
		Service: "contoso", Host: www, Ports: []endpoints.Port{{Transport: "tcp", Number: 443, Protocol: "https"}},
		Scenarios: endpoints.Scenarios(), Clouds: endpoints.Clouds(), Source: endpoints.Source{Title: "Contoso: network handbook"},
		CNAMEs: map[endpoints.Cloud][]string{endpoints.CloudChina: {"host.example"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	for cloud, want := range map[endpoints.Cloud]readiness.Outcome{endpoints.CloudWorldwide: readiness.OK, endpoints.CloudChina: readiness.Failed} {
		p, err := readiness.Runner{Catalog: c, Network: probe.Network{SearchDomains: []string{}}}.Plan(endpoints.Scope{Scenario: endpoints.ScenarioAutopilot, Cloud: cloud})
		if err != nil {
			t.Fatal(err)
		}
		obs := reached(p)
		obs[0].DNS = &probe.DNSFacts{Name: www.String(), CNAMEs: []string{"other.example"}}
		if f := judge(t, p, obs, readiness.Policy{}).Findings; len(f) != 1 || f[0].Outcome != want {
			t.Errorf("%s: findings %+v, want %s", cloud, f, want)
		}
		obs[0].Error = &probe.Error{Op: probe.OpResolve, Code: probe.DNSNXDomain}
		if r := judge(t, p, obs, readiness.Policy{}); len(r.Causes) != 1 {
			t.Errorf("%s: causes %v", cloud, codes(r))
		}
	}
}

// TestDNSProbeOfWindows10 shows whom the DNS probe of NCSI concerns.
func TestDNSProbeOfWindows10(t *testing.T) {
	for windows, want := range map[endpoints.Windows]readiness.Impact{
		"": readiness.Informational, endpoints.Windows10: readiness.Degrading,
	} {
		s := endpoints.Scope{Scenario: endpoints.ScenarioAutopilot, Windows: windows}
		p := plan(t, s)
		obs := fail(reached(p), probe.OpResolve, probe.NCSIDNSMismatch, host("dns.msftncsi.com"))
		found := false
		for _, f := range judge(t, p, obs, readiness.Policy{}).Findings {
			if f.Check.Target.Host == "dns.msftncsi.com" && f.Service == endpoints.ServiceNCSI {
				found = true
				if f.Impact != want {
					t.Errorf("Windows %q: %s, want %s", windows, f.Impact, want)
				}
			}
		}
		if !found {
			t.Errorf("Windows %q: no finding", windows)
		}
	}
}
