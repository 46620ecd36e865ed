package m365_test

import (
	"bytes"
	"fmt"
	"maps"
	"net/netip"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/endpoints/m365"
	"github.com/netready/netready/endpoints/ranges"
)

// answers returns the stored answers, and some that contradict the catalogue in
// everything: all its names in one set of another area, optional, on one port.
func answers(t *testing.T) []*m365.Answer {
	t.Helper()
	var out []*m365.Answer
	for _, i := range m365.Instances() {
		out = append(out, &m365.Answer{Instance: i, Version: "2025120100", Sets: storedSets(t, i)})
	}
	for _, of := range []struct {
		instance m365.Instance
		area     string
	}{
		{m365.Worldwide, m365.AreaMEM}, {m365.Worldwide, m365.AreaCommon}, {m365.USGovDoD, m365.AreaMEM}, {m365.China, "Copilot"},
	} {
		s := m365.Set{ID: 999, ServiceArea: of.area, Category: "Allow", Ports: []endpoints.Port{{Transport: "udp", Number: 1, Protocol: "unspecified"}}}
		for _, e := range endpoints.Embedded().Endpoints() {
			if k := e.Host.Kind(); k != endpoints.Placeholder && k != endpoints.Tenant && !slices.Contains(s.URLs, e.Host) {
				s.URLs = append(s.URLs, e.Host)
			}
		}
		s.URLs = append(s.URLs, mustHost(t, "new.contoso.com"))
		out = append(out, &m365.Answer{Instance: of.instance, Version: "2026103100", Sets: []m365.Set{s}})
	}
	return out
}

// TestMergeKeepsTheBase holds the merged catalogue to what is promised: nothing
// of the base is removed, weakened or made required.
func TestMergeKeepsTheBase(t *testing.T) {
	type key struct {
		service endpoints.Service
		host    endpoints.Host
	}
	base := endpoints.Embedded()
	for n, a := range answers(t) {
		t.Run(fmt.Sprintf("%s %d", a.Instance, n), func(t *testing.T) {
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
					if !slices.ContainsFunc(is.Sets, func(o endpoints.Set) bool { return s.Cloud == o.Cloud && s.ID == o.ID }) {
						t.Errorf("%s %s: set %v is gone", was.Service, was.Host, s)
					}
				}
				if !strings.HasPrefix(is.Notes, was.Notes) {
					t.Errorf("%s %s: notes %q were %q", was.Service, was.Host, is.Notes, was.Notes)
				}
				if len(is.Clouds) > len(was.Clouds) && (is.Need == endpoints.Required || is.Core) {
					t.Errorf("%s %s became required in %v", was.Service, was.Host, is.Clouds)
				}
				is.Clouds, is.Sets, is.Notes, is.Also = was.Clouds, was.Sets, was.Notes, was.Also
				if !reflect.DeepEqual(was, is) { // which is much faster than a difference
					t.Errorf("%s %s (-base +merged):\n%s", was.Service, was.Host, cmp.Diff(was, is, sameHosts(), cmp.Comparer(func(a, b netip.Addr) bool { return a == b })))
				}
				delete(after, key{was.Service, was.Host})
			}
			for k, e := range after {
				if e.Need == endpoints.Required || e.Core || e.Source != a.Source() || !slices.Equal(e.Clouds, []endpoints.Cloud{a.Instance.Cloud()}) {
					t.Errorf("%v is new: %v, core %t, %v in %v", k, e.Need, e.Core, e.Source, e.Clouds)
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
			if err != nil || len(endpoints.Diff(merged, decoded)) > 0 {
				t.Errorf("written and read: %v", err)
			}
		})
	}
}

// TestMergeStored says what the answers of 2025 know that the catalogue may not.
func TestMergeStored(t *testing.T) {
	for _, i := range m365.Instances() {
		a := &m365.Answer{Instance: i, Version: "2025120100", Sets: storedSets(t, i)}
		merged, err := endpoints.Embedded().With(a.Endpoints(endpoints.Embedded())...)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range endpoints.Diff(endpoints.Embedded(), merged) {
			if c.Kind == endpoints.Added && c.Host.String() != "intunecdnpeasd.azureedge.net" { // of Android devices
				t.Errorf("%s: new: %s %s", i, c.Service, c.Host)
			}
			if c.Kind == endpoints.Removed || slices.Contains(c.Fields, "sets") {
				t.Errorf("%s: %s %s %s %v", i, c.Kind, c.Service, c.Host, c.Fields)
			}
		}
	}
}

// small is a catalogue of a few endpoints.
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
		instance m365.Instance
		sets     string
		want     []string
	}{
		{
			"all of it is known", m365.Worldwide,
			`{"id":56,"serviceArea":"Common","urls":["LOGIN.contoso.com"],"tcpPorts":"443","category":"Allow","required":true}`,
			nil,
		},
		{
			"a new name", m365.Worldwide,
			`{"id":60,"serviceArea":"Exchange","urls":["*.mail.contoso.com"],"tcpPorts":"25, 443","category":"Allow","required":true}`,
			[]string{`microsoft-365-exchange *.mail.contoso.com [worldwide] [autopatch] conditional current [tcp/25 smtp tcp/443 https] sets [worldwide 60 Exchange Allow/Required] from web service, also [] notes ""`},
		},
		{
			"a new name that is not required", m365.USGovDoD,
			`{"id":61,"serviceArea":"SharePoint","urls":["files.contoso.com"],"tcpPorts":"443","category":"Default","required":false,"notes":"Fonts"}`,
			[]string{`microsoft-365-sharepoint files.contoso.com [dod] [device-preparation device-association] optional current [tcp/443 https] sets [dod 61 SharePoint Default/Optional: Fonts] from web service, also [] notes "The service says: Fonts"`},
		},
		{
			"a new name in two sets, one of Intune", m365.Worldwide,
			`{"id":62,"serviceArea":"MEM","urls":["x.contoso.com"],"tcpPorts":"80","category":"Default","required":false},
			 {"id":63,"serviceArea":"Skype","urls":["x.contoso.com"],"udpPorts":"3478-3481","category":"Optimize","required":true}`,
			[]string{`teams x.contoso.com [worldwide] [autopatch] conditional current [tcp/80 http udp/3478-3481 teams-media] sets [worldwide 62 MEM Default/Optional worldwide 63 Skype Optimize/Required] from web service, also [Intune] notes "CAVEAT"`},
		},
		{
			"a new name of Intune is no reason to fail", m365.Worldwide,
			`{"id":64,"serviceArea":"MEM","urls":["cdn.contoso.com"],"tcpPorts":"443","category":"Default","required":true}`,
			[]string{`intune cdn.contoso.com [worldwide] [autopatch] conditional unknown [tcp/443 https] sets [worldwide 64 MEM Default/Required] from web service, also [Intune] notes "CAVEAT"`},
		},
		{
			"a name of Intune that the base has for another cloud", m365.USGovDoD,
			`{"id":65,"serviceArea":"MEM","urls":["*.manage.contoso.com"],"tcpPorts":"443","category":"Allow","required":true}`,
			[]string{`intune *.manage.contoso.com [worldwide] [autopilot] required current [tcp/443 https] sets [dod 65 MEM Allow/Required] from A, also [web service Intune] notes "CAVEAT"`},
		},
		{
			"a name that the base has for another cloud", m365.China,
			`{"id":66,"serviceArea":"Common","urls":["shared.contoso.com"],"tcpPorts":"443","category":"Default","required":true}`,
			[]string{`microsoft-365 shared.contoso.com [worldwide china] [autopatch] optional current [tcp/443 https] sets [china 66 Common Default/Required] from A, also [web service] notes ""`},
		},
		{
			"a required name of another service and cloud", m365.China,
			`{"id":67,"serviceArea":"Common","urls":["login.contoso.com"],"tcpPorts":"443","category":"Allow","required":true}`,
			[]string{`microsoft-365 login.contoso.com [china] [device-preparation device-association] conditional current [tcp/443 https] sets [china 67 Common Allow/Required] from web service, also [] notes ""`},
		},
		{
			"other marks", m365.Worldwide,
			`{"id":56,"serviceArea":"Common","urls":["login.contoso.com"],"tcpPorts":"443","category":"Optimize","required":false}`,
			[]string{`entra-id login.contoso.com [worldwide] [autopilot] required current [tcp/443 https] sets [worldwide 56 Common Optimize/Optional] from A, also [web service] notes ""`},
		},
		{
			"further ports", m365.Worldwide,
			`{"id":56,"serviceArea":"Common","urls":["login.contoso.com"],"tcpPorts":"80,443","udpPorts":"443","category":"Allow","required":true}`,
			[]string{`entra-id login.contoso.com [worldwide] [autopilot] required current [tcp/443 https] sets [worldwide 56 Common Allow/Required] from A, also [web service] notes "The Microsoft 365 endpoint service also lists tcp/80 and udp/443."`},
		},
		{
			"a further set of a name of two services", m365.Worldwide,
			`{"id":59,"serviceArea":"Common","urls":["both.contoso.com"],"tcpPorts":"443","category":"Default","required":true},
			 {"id":68,"serviceArea":"Common","urls":["both.contoso.com"],"tcpPorts":"443","category":"Default","required":true}`,
			[]string{`entra-id both.contoso.com [worldwide] [autopilot] required current [tcp/443 https] sets [worldwide 59 Common Default/Required worldwide 68 Common Default/Required] from A, also [web service] notes ""`},
		},
		{
			"an area that the catalogue cannot write, and no ports", m365.Worldwide,
			`{"id":69,"serviceArea":"New area","urls":["y.contoso.com"],"category":"","required":true}`,
			[]string{`microsoft-365 y.contoso.com [worldwide] [autopatch] conditional current [tcp/443 https] sets [] from web service, also [] notes "The service gives no ports; 443 is a guess."`},
		},
		{"ranges alone", m365.Worldwide, `{"id":11,"serviceArea":"Skype","ips":["192.0.2.0/24"],"udpPorts":"3478","category":"Optimize","required":true}`, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			sets, problems, err := m365.ParseSets([]byte("[" + tt.sets + "]"))
			if err != nil || len(problems) > 0 {
				t.Fatal(err, problems)
			}
			a := &m365.Answer{Instance: tt.instance, Version: "2026103100", Sets: sets}
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

// line puts what matters of an endpoint into one line.
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

func TestMergeLaterVersion(t *testing.T) {
	base := small(t)
	sets := func(required bool) []m365.Set {
		return []m365.Set{
			{ID: 56, ServiceArea: "Common", URLs: []endpoints.Host{mustHost(t, "login.contoso.com"), mustHost(t, "new.contoso.com")}, Category: "Allow", Required: required},
		}
	}
	for n, a := range []*m365.Answer{
		{Instance: m365.Worldwide, Version: "2026083100", Sets: sets(false)},
		{Instance: m365.Worldwide, Version: "2026093000", Sets: sets(true)},
	} {
		var err error
		if base, err = base.With(a.Endpoints(base)...); err != nil {
			t.Fatal(err)
		}
		e := base.Match("login.contoso.com", 0)[0]
		if len(e.Also) != 1 || e.Also[0] != a.Source() || e.Sets[0].Required != a.Sets[0].Required {
			t.Errorf("answer %d: also %v, sets %v", n, e.Also, e.Sets)
		}
		if e = base.Match("new.contoso.com", 0)[0]; e.Source != a.Source() || len(e.Also) != 0 {
			t.Errorf("answer %d: source %v, also %v", n, e.Source, e.Also)
		}
	}
}

func TestMergeWithoutBase(t *testing.T) {
	a := &m365.Answer{Instance: m365.China, Version: "2025120100", Sets: storedSets(t, m365.China)}
	if got := a.Endpoints(nil); len(got) != 49 { // of 51 names, two are in two sets
		t.Errorf("%d endpoints", len(got))
	}
	a.Instance = "Germany"
	if got := a.Endpoints(nil); got != nil {
		t.Errorf("of an unknown cloud: %d endpoints", len(got))
	}
}

func TestSource(t *testing.T) {
	a := m365.Answer{Instance: m365.China, Version: "2025120100"}
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

// TestRanges compares with the built-in ranges, which were made of the same
// answers by other means.
func TestRanges(t *testing.T) {
	text := func(l ranges.List) []string {
		var out []string
		for _, s := range l {
			hosts := make(map[string]bool)
			for _, h := range s.Hosts {
				hosts[h.String()] = true
			}
			ports := make(map[string]bool)
			for _, p := range s.Ports {
				ports[p.String()] = true
			}
			out = append(out, fmt.Sprint(s.Cloud, " ", s.Service, " ", s.ID, slices.Sorted(maps.Keys(hosts)),
				slices.Sorted(maps.Keys(ports)), s.Prefixes, s.Note != ""))
		}
		slices.Sort(out)
		return out
	}
	var want, got ranges.List
	for _, s := range ranges.Embedded() {
		if strings.Contains(s.Source.Title, "web service") {
			want = append(want, s)
		}
	}
	for _, i := range m365.Instances() {
		a := &m365.Answer{Instance: i, Version: "2025120100", Sets: storedSets(t, i)}
		l := a.Ranges(endpoints.Embedded())
		for _, s := range l {
			if s.Source != a.Source() {
				t.Errorf("source %v", s.Source)
			}
		}
		got = append(got, l...)
	}
	if diff := cmp.Diff(text(want), text(got)); diff != "" {
		t.Errorf("(-embedded +answer):\n%s", diff)
	}
}

func TestRangesWithoutBase(t *testing.T) {
	a := &m365.Answer{Instance: m365.Worldwide, Sets: storedSets(t, m365.Worldwide)}
	l := a.Ranges(nil)
	if got := l.Cover("", "login.microsoftonline.com"); len(got) != 1 || got[0].Service != endpoints.ServiceMicrosoft365 {
		t.Errorf("%v", got)
	}
}

func TestInstances(t *testing.T) {
	for _, i := range m365.Instances() {
		if m365.InstanceOf(i.Cloud()) != i {
			t.Errorf("%s is of cloud %q, whose instance is %q", i, i.Cloud(), m365.InstanceOf(i.Cloud()))
		}
	}
	if len(m365.Instances()) != len(endpoints.Clouds()) || m365.InstanceOf("moon") != "" {
		t.Error("a cloud without an instance, or an instance without a cloud")
	}
}
