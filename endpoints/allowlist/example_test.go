package allowlist_test

import (
	"fmt"
	"os"
	"strings"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/endpoints/allowlist"
)

// diagnostics returns a list with few hosts.
func diagnostics() (*allowlist.List, error) {
	scope := endpoints.Scope{Scenario: endpoints.ScenarioAutopilot, Region: endpoints.RegionEastAsia}
	return allowlist.New(nil, scope, endpoints.ServiceNTP, endpoints.ServiceNCSI, endpoints.ServiceDiagnosticsCollection)
}

func ExampleNew() {
	scope := endpoints.Scope{Scenario: endpoints.ScenarioAutopilot, Tenant: "contoso.com"}
	list, err := allowlist.New(nil, scope, endpoints.ServiceDeployment)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, e := range list.Entries {
		if e.Endpoints[0].Decisive {
			fmt.Println(e.Host, e.Endpoints[0].Ports)
		}
	}
	// Output:
	// login.live.com [tcp/443 https]
	// ztd.dds.microsoft.com [tcp/443 https]
}

func ExampleHosts() {
	list, err := diagnostics()
	if err != nil {
		fmt.Println(err)
		return
	}
	list.NoComments = true
	if _, err := allowlist.Hosts(os.Stdout, list); err != nil {
		fmt.Println(err)
	}
	// Output:
	// *.msftconnecttest.com
	// amsuc0101lmsas.blob.core.windows.net
	// amsuc0201lmsas.blob.core.windows.net
	// amsuc0301lmsas.blob.core.windows.net
	// amsuc0501lmsas.blob.core.windows.net
	// amsuc0601lmsas.blob.core.windows.net
	// amsud0101lmsas.blob.core.windows.net
	// dns.msftncsi.com
	// ipv6.msftconnecttest.com
	// lgmsapesea.blob.core.windows.net
	// time.windows.com
	// www.msftconnecttest.com
	// www.msftncsi.com
}

func ExampleEDL() {
	list, err := diagnostics()
	if err != nil {
		fmt.Println(err)
		return
	}
	list.NoComments = true
	gaps, err := allowlist.EDL(os.Stdout, list)
	if err != nil {
		fmt.Println(err)
	}
	for _, g := range gaps {
		fmt.Println("not said:", g)
	}
	// Output:
	// *.msftconnecttest.com
	// amsuc0101lmsas.blob.core.windows.net
	// amsuc0201lmsas.blob.core.windows.net
	// amsuc0301lmsas.blob.core.windows.net
	// amsuc0501lmsas.blob.core.windows.net
	// amsuc0601lmsas.blob.core.windows.net
	// amsud0101lmsas.blob.core.windows.net
	// dns.msftncsi.com
	// ipv6.msftconnecttest.com
	// lgmsapesea.blob.core.windows.net
	// time.windows.com
	// www.msftconnecttest.com
	// www.msftncsi.com
	// not said: dns.msftncsi.com (ncsi) on udp/53 dns: is not web traffic; allow it in the firewall
	// not said: time.windows.com (ntp) on udp/123 ntp: is not web traffic; allow it in the firewall
}

func ExampleSquid() {
	printRules(func(b *strings.Builder, l *allowlist.List) ([]allowlist.Gap, error) { return allowlist.Squid(b, l) }, "#")
	// Output:
	// acl netready_domains dstdomain -n .msftconnecttest.com
	// acl netready_domains dstdomain -n amsuc0101lmsas.blob.core.windows.net
	// acl netready_domains dstdomain -n amsuc0201lmsas.blob.core.windows.net
	// acl netready_domains dstdomain -n amsuc0301lmsas.blob.core.windows.net
	// acl netready_domains dstdomain -n amsuc0501lmsas.blob.core.windows.net
	// acl netready_domains dstdomain -n amsuc0601lmsas.blob.core.windows.net
	// acl netready_domains dstdomain -n amsud0101lmsas.blob.core.windows.net
	// acl netready_domains dstdomain -n lgmsapesea.blob.core.windows.net
	// acl netready_domains dstdomain -n www.msftncsi.com
	// acl netready any-of netready_domains
	// acl netready_no_inspection_domains dstdomain -n nothing.invalid
	// acl netready_no_inspection any-of netready_no_inspection_domains
}

func ExamplePAC() {
	list, err := diagnostics()
	if err != nil {
		fmt.Println(err)
		return
	}
	var b strings.Builder
	if _, err := allowlist.PAC(&b, list, "proxy.contoso.com:3128"); err != nil {
		fmt.Println(err)
		return
	}
	_, last, _ := strings.Cut(b.String(), "\nfunction FindProxyForURL")
	fmt.Print("function FindProxyForURL" + last)
	// Output:
	// function FindProxyForURL(url, host) {
	// 	return netreadyDirect(host) ? "DIRECT" : "PROXY proxy.contoso.com:3128";
	// }
}

func ExampleCSV() {
	printRules(func(b *strings.Builder, l *allowlist.List) ([]allowlist.Gap, error) {
		l.Entries = l.Entries[len(l.Entries)-2:]
		for i := range l.Entries {
			l.Entries[i].Endpoints[0].Source = endpoints.Source{Title: "Network handbook", Ref: "handbook.example", Date: "2026"}
		}
		l.Version, l.Date = "1", "2026-01-01"
		return allowlist.CSV(b, l)
	}, "#")
	// Output:
	// service,host,ports,need,inspection_exemption,proxy_exemption,source,source_reference,source_date,gap,scope,catalogue,status
	// ncsi,www.msftconnecttest.com,tcp/80 http,required,,,Network handbook,handbook.example,2026,,"autopilot, worldwide, region east-asia, services ntp ncsi diagnostics-collection",1 2026-01-01,current
	// ncsi,www.msftncsi.com,tcp/80 http,none,,,Network handbook,handbook.example,2026,,"autopilot, worldwide, region east-asia, services ntp ncsi diagnostics-collection",1 2026-01-01,legacy
}

func ExampleNFT() {
	printRules(func(b *strings.Builder, l *allowlist.List) ([]allowlist.Gap, error) {
		host, err := endpoints.ParseHost("192.0.2.7")
		if err != nil {
			return nil, err
		}
		l.Entries = []allowlist.Entry{{Host: host, Endpoints: []endpoints.Endpoint{{
			Service: "handbook", Host: host, Ports: []endpoints.Port{{Transport: "tcp", Number: 443, Protocol: "https"}},
		}}}}
		return allowlist.NFT(b, l)
	}, "#")
	// Output:
	// table inet netready {
	// 	set handbook_v4 {
	// 		type ipv4_addr . inet_proto . inet_service
	// 		flags interval
	// 	}
	// 	set handbook_v6 {
	// 		type ipv6_addr . inet_proto . inet_service
	// 		flags interval
	// 	}
	// }
	// flush set inet netready handbook_v4
	// add element inet netready handbook_v4 {
	// 	192.0.2.7/32 . tcp . 443
	// }
	// flush set inet netready handbook_v6
}

// printRules prints a list without comments.
func printRules(write func(*strings.Builder, *allowlist.List) ([]allowlist.Gap, error), mark string) {
	list, err := diagnostics()
	if err != nil {
		fmt.Println(err)
		return
	}
	var b strings.Builder
	if _, err := write(&b, list); err != nil {
		fmt.Println(err)
		return
	}
	for line := range strings.Lines(b.String()) {
		if !strings.HasPrefix(line, mark) && line != "\n" {
			fmt.Print(strings.ReplaceAll(line, "\r", ""))
		}
	}
}

func ExampleGap() {
	list, err := allowlist.New(nil, endpoints.Scope{Scenario: endpoints.ScenarioAutopilot})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, g := range list.Gaps {
		if g.Reason == allowlist.NoDomain {
			fmt.Println(g.Host, g.Reason.Text())
		}
	}
	// Output:
	// enterpriseenrollment.{domain} needs a verified domain of the tenant
	// enterpriseregistration.{domain} needs a verified domain of the tenant
}
