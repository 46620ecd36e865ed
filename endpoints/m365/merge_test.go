package m365_test

import (
	"bytes"
	"fmt"
	"net/netip"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/endpoints/changes"
	"github.com/netready/netready/endpoints/m365"
)

// answers returns the stored answers, and some that contradict the catalog in
// everything: all its names in one optional set of another area, on one port.
func answers(t *testing.T) []*m365.Answer {
	t.Helper()
	var out []*m365.Answer
	for _, i := range endpoints.Clouds() {
		out = append(out, &m365.Answer{Cloud: i, Version: "2025120100", Sets: storedSets(t, i)})
	}
	for _, of := range []struct {
		instance endpoints.Cloud
		area     string
	}{
		{endpoints.CloudWorldwide, m365.AreaMEM}, {endpoints.CloudWorldwide, m365.AreaCommon}, {endpoints.CloudDoD, m365.AreaMEM}, {endpoints.CloudChina, "Copilot"},
	} {
		s := m365.Set{ID: 999, ServiceArea: of.area, Category: "Allow", Ports: []endpoints.Port{{Transport: "udp", Number: 1, Protocol: "unspecified"}}}
		for _, e := range endpoints.Embedded().Endpoints() {
			if k := e.Host.Kind(); k != endpoints.Placeholder && k != endpoints.Tenant && !slices.Contains(s.URLs, e.Host) {
				s.URLs = append(s.URLs, e.Host)
			}
		}
		s.URLs = append(s.URLs, mustHost(t, "new.contoso.com"))
		out = append(out, &m365.Answer{Cloud: of.instance, Version: "2026103100", Sets: []m365.Set{s}})
	}
	return out
}

// TestMergeKeepsTheBase: merging removes nothing of the base, weakens nothing,
// and makes nothing required.
func TestMergeKeepsTheBase(t *testing.T) {
	type key struct {
		service endpoints.Service
		host    endpoints.Host
	}
	base := endpoints.Embedded()
	for n, a := range answers(t) {
		t.Run(fmt.Sprintf("%s %d", a.Cloud, n), func(t *testing.T) {
			merged, err := base.With(a.Endpoints(base)...)
			if err != nil {
				t.Fatal(err)
			}
			after := make(map[key]endpoints.Endpoint)
			for _, e := range merged.Endpoints() {
				after[key{e.Service, e.Host}] = e
			}
			for _, was := range base.Endpoints() {
				is, ok := after[key{was.Service, was.Host}]
				if !ok {
					t.Errorf("%s %s is gone", was.Service, was.Host)
					continue
				}
				for _, c := range was.Clouds {
					if !slices.Contains(is.Clouds, c) {
						t.Errorf("%s %s is gone from %s", was.Service, was.Host, c)
					}
				}
				for _, s := range was.Sets {
					if !slices.ContainsFunc(is.Sets, func(o string) bool { return setID(o) == setID(s) }) {
						t.Errorf("%s %s: set %v is gone", was.Service, was.Host, s)
					}
				}
				if !strings.HasPrefix(is.Notes, was.Notes) {
					t.Errorf("%s %s: notes %q were %q", was.Service, was.Host, is.Notes, was.Notes)
				}
				if len(is.Clouds) > len(was.Clouds) && (is.Need == endpoints.Required || is.Decisive) {
					t.Errorf("%s %s became required in %v", was.Service, was.Host, is.Clouds)
				}
				is.Clouds, is.Sets, is.Notes, is.Also = was.Clouds, was.Sets, was.Notes, was.Also
				if !reflect.DeepEqual(was, is) { // which is much faster than a difference
					t.Errorf("%s %s (-base +merged):\n%s", was.Service, was.Host, cmp.Diff(was, is, sameHosts(), cmp.Comparer(func(a, b netip.Addr) bool { return a == b })))
				}
				delete(after, key{was.Service, was.Host})
			}
			for k, e := range after {
				if e.Need == endpoints.Required || e.Decisive || e.Source != a.Source() || !slices.Equal(e.Clouds, []endpoints.Cloud{a.Cloud}) {
					t.Errorf("%v is new: %v, core %t, %v in %v", k, e.Need, e.Decisive, e.Source, e.Clouds)
				}
			}
			if again := a.Endpoints(merged); len(again) > 0 {
				t.Errorf("merged twice, %d endpoints change", len(again))
			}
			var b bytes.Buffer
			if err := merged.Encode(&b); err != nil {
				t.Fatal(err)
			}
			decoded, err := endpoints.Decode(&b)
			if err != nil || len(changes.Diff(merged, decoded)) > 0 {
				t.Errorf("written and read: %v", err)
			}
		})
	}
}

// TestMergeStored lists what the answers of 2025 add to the catalog.
func TestMergeStored(t *testing.T) {
	for _, i := range endpoints.Clouds() {
		a := &m365.Answer{Cloud: i, Version: "2025120100", Sets: storedSets(t, i)}
		merged, err := endpoints.Embedded().With(a.Endpoints(endpoints.Embedded())...)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range changes.Diff(endpoints.Embedded(), merged) {
			if c.Added() && c.Host.String() != "intunecdnpeasd.azureedge.net" { // of Android devices
				t.Errorf("%s: new: %s %s", i, c.Service, c.Host)
			}
			if c.Removed() || slices.Contains(c.Fields, "sets") {
				t.Errorf("%s: removed: %t: %s %s %v", i, c.Removed(), c.Service, c.Host, c.Fields)
			}
		}
	}
}

// small returns a catalog with few endpoints.
func small(t *testing.T) *endpoints.Catalog {
	t.Helper()
	const text = `{"format": "netready-endpoints/1", "version": "2026-11-21.1", "date": "2026-11-21",
	"sources": {"a": {"title": "A"}},
	"services": [
		{"service": "autopatch", "scenarios": ["autopatch"], "clouds": ["worldwide"], "ports": ["tcp/443 https"], "source": "a", "groups": [{"endpoints": [
			{"host": "both.contoso.com"}
		]}]},
		{"service": "entra-id", "scenarios": ["autopilot"], "clouds": ["worldwide"], "ports": ["tcp/443 https"], "source": "a", "groups": [{"endpoints": [
			{"host": "login.contoso.com", "sets": ["worldwide 56 Common Allow/Required"]},
			{"host": "both.contoso.com", "sets": ["worldwide 59 Common Default/Required"]}
		]}]},
		{"service": "microsoft-365", "scenarios": ["autopatch"], "clouds": ["worldwide"], "ports": ["tcp/443 https"], "need": "optional", "source": "a", "groups": [{"endpoints": [
			{"host": "shared.contoso.com"}
		]}]},
		{"service": "intune", "scenarios": ["autopilot"], "clouds": ["worldwide"], "ports": ["tcp/443 https"], "source": "a", "groups": [{"endpoints": [
			{"host": "*.manage.contoso.com"}
		]}]}
	]}`
	c, err := endpoints.Decode(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestMerge(t *testing.T) {
	tests := []struct {
		name     string
		instance endpoints.Cloud
		sets     string
		want     []string
	}{
		{
			"all of it is known", endpoints.CloudWorldwide,
			`{"id":56,"serviceArea":"Common","urls":["LOGIN.contoso.com"],"tcpPorts":"443","category":"Allow","required":true}`,
			nil,
		},
		{
			"a new name", endpoints.CloudWorldwide,
			`{"id":60,"serviceArea":"Exchange","urls":["*.mail.contoso.com"],"tcpPorts":"25, 443","category":"Allow","required":true}`,
			[]string{`microsoft-365-exchange *.mail.contoso.com [worldwide] [autopatch] conditional current [tcp/25 smtp tcp/443 https] sets [worldwide 60 Exchange Allow/Required] from web service, also [] notes ""`},
		},
		{
			"a new name that is not required", endpoints.CloudDoD,
			`{"id":61,"serviceArea":"SharePoint","urls":["files.contoso.com"],"tcpPorts":"443","category":"Default","required":false,"notes":"Fonts"}`,
			[]string{`microsoft-365-sharepoint files.contoso.com [dod] [device-preparation device-association] optional current [tcp/443 https] sets [dod 61 SharePoint Default/Optional: Fonts] from web service, also [] notes "The service says: Fonts"`},
		},
		{
			"a new name in two sets, one of Intune", endpoints.CloudWorldwide,
			`{"id":62,"serviceArea":"MEM","urls":["x.contoso.com"],"tcpPorts":"80","category":"Default","required":false},
			 {"id":63,"serviceArea":"Skype","urls":["x.contoso.com"],"udpPorts":"3478-3481","category":"Optimize","required":true}`,
			[]string{`teams x.contoso.com [worldwide] [autopatch] conditional current [tcp/80 http udp/3478-3481 teams-media] sets [worldwide 62 MEM Default/Optional worldwide 63 Skype Optimize/Required] from web service, also [Intune] notes "CAVEAT"`},
		},
		{
			"a new name of Intune is no reason to fail", endpoints.CloudWorldwide,
			`{"id":64,"serviceArea":"MEM","urls":["cdn.contoso.com"],"tcpPorts":"443","category":"Default","required":true}`,
			[]string{`intune cdn.contoso.com [worldwide] [autopatch] conditional unknown [tcp/443 https] sets [worldwide 64 MEM Default/Required] from web service, also [Intune] notes "CAVEAT"`},
		},
		{
			"a name of Intune that the base has for another cloud", endpoints.CloudDoD,
			`{"id":65,"serviceArea":"MEM","urls":["*.manage.contoso.com"],"tcpPorts":"443","category":"Allow","required":true}`,
			[]string{`intune *.manage.contoso.com [worldwide] [autopilot] required current [tcp/443 https] sets [dod 65 MEM Allow/Required] from A, also [web service Intune] notes "CAVEAT"`},
		},
		{
			"a name that the base has for another cloud", endpoints.CloudChina,
			`{"id":66,"serviceArea":"Common","urls":["shared.contoso.com"],"tcpPorts":"443","category":"Default","required":true}`,
			[]string{`microsoft-365 shared.contoso.com [worldwide china] [autopatch] optional current [tcp/443 https] sets [china 66 Common Default/Required] from A, also [web service] notes ""`},
		},
		{
			"a required name of another service and cloud", endpoints.CloudChina,
			`{"id":67,"serviceArea":"Common","urls":["login.contoso.com"],"tcpPorts":"443","category":"Allow","required":true}`,
			[]string{`microsoft-365 login.contoso.com [china] [device-preparation device-association] conditional current [tcp/443 https] sets [china 67 Common Allow/Required] from web service, also [] notes ""`},
		},
		{
			"other marks", endpoints.CloudWorldwide,
			`{"id":56,"serviceArea":"Common","urls":["login.contoso.com"],"tcpPorts":"443","category":"Optimize","required":false}`,
			[]string{`entra-id login.contoso.com [worldwide] [autopilot] required current [tcp/443 https] sets [worldwide 56 Common Optimize/Optional] from A, also [web service] notes ""`},
		},
		{
			"further ports", endpoints.CloudWorldwide,
			`{"id":56,"serviceArea":"Common","urls":["login.contoso.com"],"tcpPorts":"80,443","udpPorts":"443","category":"Allow","required":true}`,
			[]string{`entra-id login.contoso.com [worldwide] [autopilot] required current [tcp/443 https] sets [worldwide 56 Common Allow/Required] from A, also [web service] notes "The Microsoft 365 endpoint service also lists tcp/80 and udp/443."`},
		},
		{
			"a further set of a name of two services", endpoints.CloudWorldwide,
			`{"id":59,"serviceArea":"Common","urls":["both.contoso.com"],"tcpPorts":"443","category":"Default","required":true},
			 {"id":68,"serviceArea":"Common","urls":["both.contoso.com"],"tcpPorts":"443","category":"Default","required":true}`,
			[]string{`entra-id both.contoso.com [worldwide] [autopilot] required current [tcp/443 https] sets [worldwide 59 Common Default/Required worldwide 68 Common Default/Required] from A, also [web service] notes ""`},
		},
		{
			"an area that the catalog cannot write, and no ports", endpoints.CloudWorldwide,
			`{"id":69,"serviceArea":"New area","urls":["y.contoso.com"],"category":"","required":true}`,
			[]string{`microsoft-365 y.contoso.com [worldwide] [autopatch] conditional current [tcp/443 https] sets [] from web service, also [] notes "The service lists no ports; 443 is assumed."`},
		},
		{"ranges alone", endpoints.CloudWorldwide, `{"id":11,"serviceArea":"Skype","ips":["192.0.2.0/24"],"udpPorts":"3478","category":"Optimize","required":true}`, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			sets, problems, err := m365.ParseSets([]byte("[" + tt.sets + "]"))
			if err != nil || len(problems) > 0 {
				t.Fatal(err, problems)
			}
			a := &m365.Answer{Cloud: tt.instance, Version: "2026103100", Sets: sets}
			var got []string
			for _, e := range a.Endpoints(small(t)) {
				got = append(got, line(e, a.Source()))
				if err := e.Validate(); err != nil {
					t.Error(err)
				}
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// line formats the relevant fields of an endpoint.
func line(e endpoints.Endpoint, web endpoints.Source) string {
	caveat, intune := (&m365.Set{ServiceArea: m365.AreaMEM}).Caveat()
	name := func(s endpoints.Source) string {
		switch s {
		case web:
			return "web service"
		case intune:
			return "Intune"
		}
		return s.Title
	}
	var also []string
	for _, s := range e.Also {
		also = append(also, name(s))
	}
	return fmt.Sprintf("%s %s %v %v %v %s %v sets %v from %s, also %v notes %q", e.Service, e.Host, e.Clouds, e.Scenarios,
		e.Need, e.Status, e.Ports, e.Sets, name(e.Source), also, strings.ReplaceAll(e.Notes, caveat, "CAVEAT"))
}

// A new name is needed on mail ports by those who use mail, and a port that the
// base has in another cloud alone is further.
func TestMergePorts(t *testing.T) {
	sets, _, err := m365.ParseSets([]byte(`[
		{"id":60,"serviceArea":"Exchange","urls":["*.mail.contoso.com"],"tcpPorts":"25,443","category":"Allow","required":true},
		{"id":56,"serviceArea":"Common","urls":["login.contoso.com"],"tcpPorts":"80,443","category":"Allow","required":true}]`))
	if err != nil {
		t.Fatal(err)
	}
	base := small(t)
	login := base.Match("login.contoso.com", 443)[0]
	secure := login.Ports
	login.Ports = append([]endpoints.Port{{Transport: "tcp", Number: 80, Protocol: "http"}}, secure...)
	login.PortsIn = map[endpoints.Cloud][]endpoints.Port{endpoints.CloudWorldwide: secure}
	if base, err = base.With(login); err != nil {
		t.Fatal(err)
	}
	got := make(map[string]string)
	for _, e := range (&m365.Answer{Cloud: endpoints.CloudWorldwide, Version: "2026103100", Sets: sets}).Endpoints(base) {
		got[e.Host.String()] = fmt.Sprint(e.PortsOf) + e.Notes
	}
	want := map[string]string{
		"*.mail.contoso.com": "map[mail:[tcp/25 smtp]]",
		"login.contoso.com":  "map[]The Microsoft 365 endpoint service also lists tcp/80.",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestMergeLaterVersion(t *testing.T) {
	base := small(t)
	sets := func(required bool) []m365.Set {
		return []m365.Set{
			{ID: 56, ServiceArea: "Common", URLs: []endpoints.Host{mustHost(t, "login.contoso.com"), mustHost(t, "new.contoso.com")}, Category: "Allow", Required: required},
		}
	}
	for n, a := range []*m365.Answer{
		{Cloud: endpoints.CloudWorldwide, Version: "2026083100", Sets: sets(false)},
		{Cloud: endpoints.CloudWorldwide, Version: "2026093000", Sets: sets(true)},
	} {
		var err error
		if base, err = base.With(a.Endpoints(base)...); err != nil {
			t.Fatal(err)
		}
		e := base.Match("login.contoso.com", 0)[0]
		if len(e.Also) != 1 || e.Also[0] != a.Source() || strings.Contains(e.Sets[0], "/Required") != a.Sets[0].Required {
			t.Errorf("answer %d: also %v, sets %v", n, e.Also, e.Sets)
		}
		if e = base.Match("new.contoso.com", 0)[0]; e.Source != a.Source() || len(e.Also) != 0 {
			t.Errorf("answer %d: source %v, also %v", n, e.Source, e.Also)
		}
	}
}

func TestMergeWithoutBase(t *testing.T) {
	a := &m365.Answer{Cloud: endpoints.CloudChina, Version: "2025120100", Sets: storedSets(t, endpoints.CloudChina)}
	if got := a.Endpoints(nil); len(got) != 49 { // for 51 names, two of which are in two sets
		t.Errorf("%d endpoints", len(got))
	}
	a.Cloud = "Germany"
	if got := a.Endpoints(nil); got != nil {
		t.Errorf("of an unknown cloud: %d endpoints", len(got))
	}
}

func TestSource(t *testing.T) {
	a := m365.Answer{Cloud: endpoints.CloudChina, Version: "2025120100"}
	want := endpoints.Source{
		Title: "Microsoft 365 IP address and URL web service, instance China, version 2025120100",
		Ref:   "https://endpoints.office.com/endpoints/China", Date: "2025-12-01",
	}
	if diff := cmp.Diff(want, a.Source()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	a.Version = ""
	if got := a.Source().Date; got != "undated" {
		t.Errorf("date %q", got)
	}
}

// setID returns the cloud and number in the catalog's line for a set.
func setID(line string) string {
	words := strings.Fields(line)
	return words[0] + " " + words[1]
}
