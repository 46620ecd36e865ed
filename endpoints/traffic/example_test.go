package traffic_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/endpoints/traffic"
)

func Example() {
	log := strings.NewReader(`
1568426410.123    204 192.0.2.10 TCP_TUNNEL/200 5120 CONNECT login.live.com:443 - HIER_DIRECT/203.0.113.5 -
1568426412.004      0 192.0.2.10 TCP_DENIED/403 3900 CONNECT ztd.dds.microsoft.com:443 - HIER_NONE/- text/html
1568426413.500     87 192.0.2.10 TCP_MISS/200 9000 GET http://updates.example.net/app.exe - HIER_DIRECT/203.0.113.9 -
`)
	sum, err := traffic.Annotate(log, traffic.Auto, nil, endpoints.Scope{Scenario: endpoints.ScenarioAutopilot})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, p := range sum.Phases {
		fmt.Printf("%s %s: %s\n", p.First.Format("15:04:05"), p.Phase.Title(), strings.Join(p.Hosts, ", "))
	}
	for _, d := range sum.Denied {
		fmt.Printf("denied: %s of %s\n", d.Host, endpoints.Embedded().Title(d.Service))
	}
	fmt.Println("uncovered:", sum.Uncovered)
	// Output:
	// 02:00:10 Device identity: login.live.com
	// 02:00:12 Deployment profile download: ztd.dds.microsoft.com
	// denied: ztd.dds.microsoft.com of Windows Autopilot deployment service
	// uncovered: [updates.example.net]
}

func ExampleScanner() {
	s := traffic.NewScanner(strings.NewReader("#Fields: cs-method cs-uri sc-status\n"+
		"CONNECT login.live.com:443 407\n"+
		"CONNECT :443 400\n"), traffic.Auto)
	for e := range s.Entries() {
		fmt.Println(e.Line, e.Host, e.Port, e.Status, e.Denied)
	}
	lines := s.Lines()
	fmt.Printf("%s: %d lines, %d skipped\n", s.Format().Title(), lines.Read, lines.Skipped)
	for _, e := range lines.Errors {
		fmt.Println(e.Error())
	}
	fmt.Println(s.Err())
	// Output:
	// 2 login.live.com 443 407 true
	// W3C extended log: 3 lines, 1 skipped
	// line 3: cs-uri: no host
	// <nil>
}

// An Annotator takes entries from anywhere, for example from a log in a custom
// format.
func ExampleAnnotator() {
	a, err := traffic.NewAnnotator(nil, endpoints.Scope{Scenario: endpoints.ScenarioAutopatch, Tenant: "contoso"})
	if err != nil {
		fmt.Println(err)
		return
	}
	a.Add(traffic.Entry{Host: "contoso.sharepoint.com", Port: 443})
	a.Add(traffic.Entry{Host: "fabrikam.sharepoint.com", Port: 443})
	for _, h := range a.Summary().Hosts {
		fmt.Println(h.Host, h.Service, h.Need, h.Rule)
	}
	// Output:
	// contoso.sharepoint.com microsoft-365-sharepoint conditional contoso.sharepoint.com
	// fabrikam.sharepoint.com microsoft-365-sharepoint conditional *.sharepoint.com
}

func ExampleAnnotate_unknownFormat() {
	_, err := traffic.Annotate(strings.NewReader("Please allow these names.\n"), traffic.Auto, nil, endpoints.Scope{})
	if bad, ok := errors.AsType[*endpoints.Error](err); ok {
		fmt.Println(bad.Code == traffic.UnknownFormat)
	}
	// Output: true
}

func ExampleAnnotate_missing() {
	sum, err := traffic.Annotate(strings.NewReader("login.live.com\ncs.dds.microsoft.com\n"), traffic.Hosts, nil, endpoints.Scope{Scenario: endpoints.ScenarioAutopilot}, endpoints.ServiceDeployment)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, m := range sum.Missing {
		fmt.Println(m.Service, m.Host)
	}
	// Output: deployment-service ztd.dds.microsoft.com
}

func ExampleFormats() {
	fmt.Println(traffic.Formats(), slices.Contains(traffic.Formats(), traffic.Auto))
	// Output: [squid clf w3c har hosts dnsmasq unbound bind zeek adguard-home azure-firewall fortigate paloalto-traffic paloalto-url umbrella-dns zscaler-web] false
}

func ExampleFormat_Title() {
	fmt.Println(traffic.CLF.Title())
	// Output: Common or Combined Log Format
}

func ExampleSummary_MarshalJSON() {
	sum, err := traffic.Annotate(strings.NewReader("a.example\n"), traffic.Hosts, nil, endpoints.Scope{}, endpoints.ServiceNTP)
	if err != nil {
		fmt.Println(err)
		return
	}
	data, err := json.MarshalIndent(sum, "", " ")
	fmt.Println(strings.Contains(string(data), `"uncovered": [
  "a.example"
 ]`), err)
	// Output: true <nil>
}

// A layout describes a log that the package does not know.
func ExampleReadLayout() {
	layout, err := traffic.ReadLayout(strings.NewReader(`{
		"name": "gateway", "title": "the gateway's log", "kind": "keyvalue",
		"host": ["dst"], "port": ["port"], "time": ["at"], "forms": ["unix"],
		"actions": ["verdict"], "denied": ["no"], "allowed": ["yes"]
	}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	s := layout.NewScanner(strings.NewReader("at=1568426410 dst=login.live.com port=443 verdict=no\nat=1568426411 dst=ztd.dds.microsoft.com port=443 verdict=perhaps\n"))
	for e := range s.Entries() {
		fmt.Println(e.Time.Format("15:04:05"), e.Host, e.Port, e.Denied, e.Told)
	}
	// Output:
	// 02:00:10 login.live.com 443 true true
	// 02:00:11 ztd.dds.microsoft.com 443 false false
}

// An Annotator also reads a log with a layout.
func ExampleAnnotator_Read() {
	a, err := traffic.NewAnnotator(nil, endpoints.Scope{Scenario: endpoints.ScenarioAutopilot})
	if err != nil {
		fmt.Println(err)
		return
	}
	sum, err := a.Read(traffic.NewScanner(strings.NewReader("Sep 14 02:00:12 dnsmasq[7]: query[A] login.live.com from 192.0.2.10\n"+
		"Sep 14 02:00:12 dnsmasq[7]: gravity blocked login.live.com is 0.0.0.0\n"), traffic.Auto))
	fmt.Println(sum.Verdict(), sum.Denied[0].Host, err)
	// Output: denied login.live.com <nil>
}

func ExampleSummary_Verdict() {
	sum, err := traffic.Annotate(strings.NewReader("login.live.com\n"), traffic.Hosts, nil, endpoints.Scope{Scenario: endpoints.ScenarioAutopilot})
	fmt.Println(sum.Verdict(), err) // a list of hosts does not show denials
	// Output: unknown <nil>
}
