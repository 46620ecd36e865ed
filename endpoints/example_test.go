package endpoints_test

import (
	"fmt"
	"os"
	"strings"

	"github.com/netready/netready/endpoints"
)

func ExampleEmbedded() {
	c := endpoints.Embedded()
	for _, e := range c.Endpoints() {
		if e.Host.String() == "login.live.com" && e.Decisive {
			fmt.Println(c.Title(e.Service), "needs", e.Host, "on", e.Ports)
			fmt.Println(e.Source.Title, e.Source.Date)
		}
	}
	// Output:
	// Windows Autopilot deployment service needs login.live.com on [tcp/443 https]
	// Windows Autopilot requirements 2025-07-08
}

func ExampleCatalog_Select() {
	scope := endpoints.Scope{Scenario: endpoints.ScenarioSelfDeploying, TPM: endpoints.TPMAMD}
	found, err := endpoints.Embedded().Select(scope, endpoints.ServiceTPMAttestation)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, e := range found {
		fmt.Println(scope.Need(e), e.Host)
	}
	// Output:
	// conditional *.aikcertaia.microsoft.com
	// required *.microsoftaik.azure.net
	// conditional azcsprodeusaikpublish.blob.core.windows.net
	// required ftpm.amd.com
}

func ExampleCatalog_Match() {
	c := endpoints.Embedded()
	for _, e := range c.Match("fef.msua01.manage.microsoft.com", 443) {
		fmt.Printf("%s: %s\n", c.Title(e.Service), e.Host)
	}
	// Output:
	// Microsoft Intune: *.manage.microsoft.com
	// Microsoft 365 Apps and services: *.microsoft.com
}

func ExampleCatalog_Support() {
	c := endpoints.Embedded()
	known, _, source := c.Support(endpoints.ScenarioAutopilot, endpoints.CloudGCCHigh)
	fmt.Println(known, "by", source.Title)
	known, windows, _ := c.Support(endpoints.ScenarioDevicePreparation, endpoints.CloudWorldwide)
	fmt.Println(known, "for Windows", windows)
	known, _, _ = c.Support(endpoints.ScenarioAutopatch, endpoints.CloudChina)
	fmt.Println(known)
	// Output:
	// contradicted by Compare Autopilot device preparation and Autopilot
	// confirmed for Windows 11
	// unknown
}

func ExampleCatalog_With() {
	host, err := endpoints.ParseHost("vpn.contoso.com")
	if err != nil {
		fmt.Println(err)
		return
	}
	c, err := endpoints.Embedded().With(endpoints.Endpoint{
		Service:   "contoso-vpn",
		Host:      host,
		Ports:     []endpoints.Port{{Transport: "tcp", Number: 443, Protocol: "https"}},
		Scenarios: []endpoints.Scenario{endpoints.ScenarioHybridJoin},
		Clouds:    []endpoints.Cloud{endpoints.CloudWorldwide},
		Loss:      "Devices away from the office find no domain controller.",
		Source:    endpoints.Source{Title: "Contoso network handbook", Date: "2026-03-01"},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, e := range c.Match("vpn.contoso.com", 443) {
		fmt.Println(e.Service, e.Need, e.Status)
	}
	// Output:
	// contoso-vpn required current
}

func ExampleDecode() {
	const data = `{
		"format": "netready-endpoints/1", "version": "1", "date": "2026-03-01",
		"sources": {"handbook": {"title": "Contoso network handbook"}},
		"services": [{
			"service": "contoso-vpn",
			"groups": [{
				"scenarios": ["hybrid-join"], "clouds": ["worldwide"], "source": "handbook",
				"endpoints": [
					{"host": "vpn.contoso.com", "ports": ["tcp/443 https"]},
					{"host": "vpn2.contoso.com", "ports": ["tcp/443 https", "udp/70000 vpn"]}
				]
			}]
		}]
	}`
	_, err := endpoints.Decode(strings.NewReader(data))
	fmt.Println(err)
	// Output:
	// line 10: entry 2 (contoso-vpn "vpn2.contoso.com"): ports[1]: port 70000 is out of range
}

func ExampleCatalog_Encode() {
	const data = `{
		"format": "netready-endpoints/1", "version": "1", "date": "2026-03-01",
		"sources": {"handbook": {"title": "Contoso network handbook"}},
		"services": [{"service": "contoso-vpn", "groups": [
			{"endpoints": [{"host": "a.contoso.com", "scenarios": ["autopilot"], "clouds": ["worldwide"], "ports": ["tcp/443 https"], "source": "handbook"}]},
			{"endpoints": [{"host": "b.contoso.com", "scenarios": ["autopilot"], "clouds": ["worldwide"], "ports": ["tcp/443 https"], "source": "handbook"}]}
		]}]
	}`
	c, err := endpoints.Decode(strings.NewReader(data))
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := c.Encode(os.Stdout); err != nil {
		fmt.Println(err)
	}
	// Output:
	// {
	// 	"format": "netready-endpoints/1",
	// 	"version": "1",
	// 	"date": "2026-03-01",
	// 	"sources": {"handbook": {"title": "Contoso network handbook"}},
	// 	"services": [
	// 		{
	// 			"service": "contoso-vpn",
	// 			"scenarios": ["autopilot"],
	// 			"clouds": ["worldwide"],
	// 			"ports": ["tcp/443 https"],
	// 			"status": "current",
	// 			"confidence": "inferred",
	// 			"source": "handbook",
	// 			"groups": [{"endpoints": [{"host": "a.contoso.com"}, {"host": "b.contoso.com"}]}]
	// 		}
	// 	]
	// }
}

func ExampleParseHost() {
	for _, s := range []string{"Login.Live.com.", "*.manage.microsoft.com", "payloadprod*.blob.core.windows.net", "$resolver", "*"} {
		h, err := endpoints.ParseHost(s)
		if err != nil {
			fmt.Println(err)
			continue
		}
		fmt.Println(h.Kind(), h)
	}
	// Output:
	// exact login.live.com
	// suffix *.manage.microsoft.com
	// glob payloadprod*.blob.core.windows.net
	// placeholder $resolver
	// host "*": a wildcard in the last label
}

func ExampleCatalog_Fact() {
	c := endpoints.Embedded()
	for _, host := range []string{"login.live.com", "m.manage.microsoft.com", "mail.contoso.com"} {
		f := c.Fact(host, 443)
		fmt.Println(host, f.Known, f.How, f.Names)
	}
	// Output:
	// login.live.com confirmed answers []
	// m.manage.microsoft.com contradicted foreign_certificate [*.azureedge.net]
	// mail.contoso.com unknown  []
}

func ExampleHost_Match() {
	h, err := endpoints.ParseHost("*.manage.microsoft.com")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(h.Match("fef.msua01.manage.microsoft.com"))
	fmt.Println(h.Match("manage.microsoft.com"))
	// Output:
	// true
	// false
}

func ExampleHost_Expand() {
	for _, s := range []string{"{tenant}-my.sharepoint.com", "enterpriseenrollment.{domain}"} {
		h, err := endpoints.ParseHost(s)
		if err != nil {
			fmt.Println(err)
			continue
		}
		for _, tenant := range []string{"contoso", "contoso.com"} {
			if name, ok := h.Expand(tenant); ok {
				fmt.Println(tenant, "gives", name)
			}
		}
	}
	// Output:
	// contoso gives contoso-my.sharepoint.com
	// contoso.com gives enterpriseenrollment.contoso.com
}

func ExampleEndpoint_Validate() {
	var e endpoints.Endpoint
	fmt.Println(e.Validate())
	// Output:
	// service: must be given
}

func ExamplePort_UnmarshalText() {
	var p endpoints.Port
	err := p.UnmarshalText([]byte("tcp/49152-65535 rpc"))
	fmt.Println(p.Number, p.Last, p.Protocol, err)
	// Output:
	// 49152 65535 rpc <nil>
}

func ExampleNew() {
	mail, err := endpoints.New("mail", "mail.contoso.com", "tcp/25 smtp")
	if err != nil {
		fmt.Println(err)
		return
	}
	c, err := endpoints.Embedded().With(mail)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(c.Match("mail.contoso.com", 25)[0].Need)
	_, err = endpoints.New("mail", "mail.contoso.com", "25")
	fmt.Println(err)
	// Output:
	// required
	// port "25": want transport, number and protocol, as in "tcp/443 https"
}

func ExampleScope_Set() {
	scope := endpoints.Scope{Scenario: endpoints.ScenarioAutopilot}
	for _, flag := range []struct{ name, value string }{
		{"tenant", "contoso, contoso.com"},
		{"features", "scripts,win32-apps"},
		{"windows", "12"},
	} {
		if err := scope.Set(flag.name, flag.value); err != nil {
			fmt.Println(err)
		}
	}
	fmt.Println(scope)
	// Output:
	// windows "12": unknown (known: 10, 11)
	// autopilot, worldwide, tenant contoso, domain contoso.com, features scripts win32-apps
}

func ExamplePhases() {
	for _, p := range endpoints.Phases()[:3] {
		fmt.Println(p.Order(), p.Title())
	}
	// Output:
	// 0 Network start-up
	// 1 Device identity
	// 2 Deployment profile download
}
