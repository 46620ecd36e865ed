package m365_test

import (
	"fmt"
	"net/netip"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/endpoints/m365"
)

func TestParseStoredSets(t *testing.T) {
	type counts struct{ Sets, URLs, IPs, Ports, Required, Express, Notes, Hostless int }
	want := map[endpoints.Cloud]counts{
		endpoints.CloudWorldwide: {79, 281, 210, 121, 55, 10, 24, 1},
		endpoints.CloudGCCHigh:   {26, 87, 40, 49, 26, 12, 0, 1},
		endpoints.CloudDoD:       {25, 99, 36, 46, 25, 11, 0, 0},
		endpoints.CloudChina:     {22, 51, 117, 43, 21, 0, 2, 1},
	}
	for _, i := range endpoints.Clouds() {
		t.Run(string(i), func(t *testing.T) {
			var got counts
			for _, s := range storedSets(t, i) {
				got.Sets++
				got.URLs += len(s.URLs)
				got.IPs += len(s.IPs)
				got.Ports += len(s.Ports)
				for _, yes := range []struct {
					is bool
					n  *int
				}{{s.Required, &got.Required}, {s.ExpressRoute, &got.Express}, {s.Notes != "", &got.Notes}, {len(s.URLs) == 0, &got.Hostless}} {
					if yes.is {
						*yes.n++
					}
				}
				if s.ID == 0 || s.ServiceArea == "" || s.ServiceAreaDisplayName == "" || s.Category == "" || len(s.Ports) == 0 {
					t.Errorf("%+v", s)
				}
			}
			if diff := cmp.Diff(want[i], got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestParseSets(t *testing.T) {
	tcp := func(n, last uint16, protocol string) endpoints.Port {
		return endpoints.Port{Transport: "tcp", Number: n, Last: last, Protocol: protocol}
	}
	const meta = `"id":1,"serviceArea":"Common","category":"Allow","required":false,`
	tests := []struct {
		name     string
		data     string
		want     m365.Set
		problems []string
	}{
		{
			"all fields",
			`[{"id":11,"serviceArea":"Skype","serviceAreaDisplayName":"Microsoft Teams","urls":["*.Teams.microsoft.com"],"ips":["52.112.0.0/14","2603:1063::/38"],"tcpPorts":"443","udpPorts":"3478","expressRoute":true,"category":"Optimize","required":true,"notes":"n"}]`,
			m365.Set{
				ID: 11, ServiceArea: "Skype", ServiceAreaDisplayName: "Microsoft Teams", ExpressRoute: true, Category: "Optimize", Required: true, Notes: "n",
				URLs:  []endpoints.Host{mustHost(t, "*.teams.microsoft.com")},
				IPs:   []netip.Prefix{netip.MustParsePrefix("52.112.0.0/14"), netip.MustParsePrefix("2603:1063::/38")},
				Ports: []endpoints.Port{tcp(443, 0, "https"), {Transport: "udp", Number: 3478, Protocol: "teams-media"}},
			},
			nil,
		},
		{
			"ports with spaces, ranges and twice the same",
			`[{` + meta + `"tcpPorts":" 143, 587,50000-50059 ,587, 80-80"}]`,
			m365.Set{ID: 1, ServiceArea: "Common", Category: "Allow", Ports: []endpoints.Port{tcp(143, 0, "imap"), tcp(587, 0, "submission"), tcp(50000, 50059, "unspecified"), tcp(80, 0, "http")}},
			nil,
		},
		{
			"ports that are none",
			`[{` + meta + `"tcpPorts":"443,,0,70000,9-8,1-,-2,x"}]`,
			m365.Set{ID: 1, ServiceArea: "Common", Category: "Allow", Ports: []endpoints.Port{tcp(443, 0, "https")}},
			[]string{
				`entry 1: tcpPorts: "" is not a port or a range of ports (ID 1)`,
				`entry 1: tcpPorts: "0" is not a port or a range of ports (ID 1)`,
				`entry 1: tcpPorts: "70000" is not a port or a range of ports (ID 1)`,
				`entry 1: tcpPorts: "9-8" is not a port or a range of ports (ID 1)`,
				`entry 1: tcpPorts: "1-" is not a port or a range of ports (ID 1)`,
				`entry 1: tcpPorts: "-2" is not a port or a range of ports (ID 1)`,
				`entry 1: tcpPorts: "x" is not a port or a range of ports (ID 1)`,
			},
		},
		{
			"empty texts, and null for what is missing",
			`[{` + meta + `"tcpPorts":"","udpPorts":null,"urls":null,"ips":[],"notes":""}]`,
			m365.Set{ID: 1, ServiceArea: "Common", Category: "Allow"},
			nil,
		},
		{
			"a field, an area and a category that are new",
			`[{"id":1,"serviceArea":"Copilot","category":"Urgent","required":false,"impact":{"x":[1]}}]`,
			m365.Set{ID: 1, ServiceArea: "Copilot", Category: "Urgent"},
			nil,
		},
		{
			"names and ranges that are none, and twice the same",
			`[{` + meta + `"urls":["a.example","https://b.example/","$resolver","{tenant}.example","","A.example"],"ips":["192.0.2.9/24","192.0.2.0/24","198.51.100.7","x","192.0.2.0/33","fe80::1%eth0"]}]`,
			m365.Set{
				ID: 1, ServiceArea: "Common", Category: "Allow",
				URLs: []endpoints.Host{mustHost(t, "a.example")},
				IPs:  []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24"), netip.MustParsePrefix("198.51.100.7/32")},
			},
			[]string{
				`entry 1: urls[1]: "https://b.example/" is not a host name (ID 1)`,
				`entry 1: urls[2]: "$resolver" is not a host name (ID 1)`,
				`entry 1: urls[3]: "{tenant}.example" is not a host name (ID 1)`,
				`entry 1: urls[4]: "" is not a host name (ID 1)`,
				`entry 1: ips[3]: "x" is not an address range (ID 1)`,
				`entry 1: ips[4]: "192.0.2.0/33" is not an address range (ID 1)`,
				`entry 1: ips[5]: "fe80::1%eth0" is not an address range (ID 1)`,
			},
		},
		{
			"a field of another type",
			`[{` + meta + `"tcpPorts":443,"notes":"n"}]`,
			m365.Set{ID: 1, ServiceArea: "Common", Category: "Allow", Notes: "n"},
			[]string{`entry 1: tcpPorts: got number, which is the wrong type`},
		},
		{
			"nothing says whether it is required",
			`[{"id":1}]`,
			m365.Set{ID: 1, Required: true},
			[]string{`entry 1: required: missing: assumed true (ID 1)`},
		},
		{
			"control characters, escapes for terminals and bidirectional marks",
			"[{" + meta + `"notes":"a\n\u001b[31mb\u202e\u2028c\u0000"}]`,
			m365.Set{ID: 1, ServiceArea: "Common", Category: "Allow", Notes: "a  [31mb c"},
			nil,
		},
		{
			"sets without a number, with that of another, and what is no set",
			`[{"id":0},{` + meta + `"notes":"first"},{"id":1,"notes":"second"},7,null,"x"]`,
			m365.Set{ID: 1, ServiceArea: "Common", Category: "Allow", Notes: "first"},
			[]string{
				`entry 1: id: 0 is missing or a duplicate: set skipped`,
				`entry 3: id: 1 is missing or a duplicate: set skipped`,
				`entry 4: got number, want a record`,
				`entry 5: id: 0 is missing or a duplicate: set skipped`,
				`entry 6: got string, want a record`,
			},
		},
		{
			"a byte order mark",
			"\ufeff\r\n [{" + meta + `"notes":""}]`,
			m365.Set{ID: 1, ServiceArea: "Common", Category: "Allow"},
			nil,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			sets, problems, err := m365.ParseSets([]byte(tt.data))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]m365.Set{tt.want}, sets, sameHosts(), cmp.Comparer(func(a, b netip.Prefix) bool { return a == b })); diff != "" {
				t.Errorf("sets (-want +got):\n%s", diff)
			}
			var got []string
			for _, p := range problems {
				if p.Code != endpoints.BadValue {
					t.Errorf("%v is not %v", p, endpoints.BadValue)
				}
				_, text, _ := strings.Cut(p.Error(), ": entry ")
				got = append(got, "entry "+text)
			}
			if diff := cmp.Diff(tt.problems, got); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
		})
	}
}

func TestParseSetsRefuses(t *testing.T) {
	tests := []struct {
		name, data string
		code       string
		want       string
	}{
		{"nothing", "", m365.BadSyntax, "line 1: entry 1: ends too early"},
		{"a page", "<html>", m365.BadSyntax, "line 1: entry 1: invalid character '<' looking for beginning of value"},
		{"cut off between sets", "[\n{\"id\":1},\n", m365.BadSyntax, "line 2: entry 2: ends too early"},
		{"cut off in a set", "[\n{\"id\":1},\n{\"id\":2,", m365.BadSyntax, "line 2: entry 2: ends too early"},
		{"not closed", `[{"id":1}`, m365.BadSyntax, "line 1: ends too early"},
		{"more after it", `[{"id":1}] []`, m365.BadSyntax, "line 1: text after the end"},
		{"too many", "[" + strings.Repeat("{},", 20000) + "{}]", m365.TooLarge, "line 1: entry 20000: more than 20000 records"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			sets, problems, err := m365.ParseSets([]byte(tt.data))
			if err == nil || err.Error() != tt.want || code(err) != tt.code {
				t.Errorf("error %v, want %s", err, tt.want)
			}
			if sets != nil || problems != nil {
				t.Errorf("%v, %v", sets, problems)
			}
		})
	}
}

func TestParseSetsSaysTheLine(t *testing.T) {
	_, problems, err := m365.ParseSets([]byte("[\n{\"id\":1,\"required\":true},\n\n{\"id\":2,\n\"required\":true,\n\"ips\":[\"x\"]}\n]"))
	if err != nil || len(problems) != 1 {
		t.Fatal(problems, err)
	}
	if got, want := problems[0].Error(), `line 4: entry 2: ips[0]: "x" is not an address range (ID 2)`; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func TestParseSetsBoundsProblems(t *testing.T) {
	data := `[{"id":1,"required":true,"urls":[` + strings.Repeat(`"!",`, 5000) + `"a.example"]}]`
	sets, problems, err := m365.ParseSets([]byte(data))
	if err != nil || len(sets) != 1 || len(sets[0].URLs) != 1 || len(problems) != 1000 {
		t.Errorf("%d sets, %d problems, %v", len(sets), len(problems), err)
	}
}

func TestParseVersions(t *testing.T) {
	tests := []struct {
		name, data string
		want       map[endpoints.Cloud]m365.Version
		err        string
	}{
		{"one", `{"instance":"Worldwide","latest":"2026103100"}`, map[endpoints.Cloud]m365.Version{endpoints.CloudWorldwide: "2026103100"}, ""},
		{
			"all, in other cases, with one of old and all versions", `[{"instance":"worldwide","latest":"2026103100","versions":["2018062000"]},{"instance":"USGOVDOD","latest":"2026093000"},{"instance":"Germany","latest":"2021080200"}]`,
			map[endpoints.Cloud]m365.Version{endpoints.CloudWorldwide: "2026103100", endpoints.CloudDoD: "2026093000"},
			"",
		},
		{"an invalid version", `{"instance":"Worldwide","latest":"latest"}`, nil, `line 1: entry 1: latest: "latest" is not a version of ten digits`},
		{"no instance", `{"latest":"2026103100"}`, nil, `line 1: entry 1: instance: missing`},
		{"a number", `{"instance":"Worldwide","latest":2026103100}`, nil, `line 1: entry 1: latest: got number, which is the wrong type`},
		{"none", `[]`, nil, "line 1: no versions in 2 bytes"},
		{"no JSON", `ok`, nil, "line 1: entry 1: invalid character 'o' looking for beginning of value"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := m365.ParseVersions([]byte(tt.data))
			if text := fmt.Sprint(err); err != nil && text != tt.err || err == nil && tt.err != "" {
				t.Errorf("error %v, want %s", err, tt.err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestParseChanges(t *testing.T) {
	data, err := os.ReadFile("testdata/changes.json")
	if err != nil {
		t.Fatal(err)
	}
	want := []m365.Change{
		{
			ID: 1, SetID: 32, Disposition: "change", Version: "2018062700",
			Removed: m365.Set{URLs: []endpoints.Host{mustHost(t, "*.api.contoso.com"), mustHost(t, "graph.contoso.com")}},
		},
		{
			ID: 2, SetID: 31, Disposition: "change", Impact: "AddedIp", Version: "2018112800", EffectiveDate: "2018-12-28",
			Added:   m365.Set{IPs: []netip.Prefix{netip.MustParsePrefix("192.0.2.190/32")}},
			Removed: m365.Set{IPs: []netip.Prefix{netip.MustParsePrefix("198.51.100.0/24")}},
		},
		{
			ID: 3, SetID: 7, Disposition: "add", Impact: "AddedIpAndUrl", Version: "2026103100", EffectiveDate: "2026-12-01",
			Fields: []string{"serviceArea", "category", "tcpPorts", "udpPorts", "notes", "required", "expressRoute"},
			Current: m365.Set{
				ServiceArea: "Common", Category: "Default", Notes: "new", Ports: []endpoints.Port{
					{Transport: "tcp", Number: 80, Protocol: "http"},
					{Transport: "tcp", Number: 443, Protocol: "https"},
					{Transport: "udp", Number: 443, Protocol: "quic"},
				},
			},
			Added: m365.Set{URLs: []endpoints.Host{mustHost(t, "*.contoso.com")}, IPs: []netip.Prefix{netip.MustParsePrefix("2001:db8::/48")}},
		},
		{
			ID: 4, SetID: 9, Disposition: "change", Impact: "OtherNonPriorityChanges", Version: "2026103100",
			Fields: []string{"required"}, Current: m365.Set{Required: true},
		},
		{ID: 5, SetID: 8, Disposition: "remove", Impact: "RemovedIpOrUrl", Version: "2026103101"},
	}
	got, problems, err := m365.ParseChanges(data)
	if err != nil || len(problems) > 0 {
		t.Fatal(problems, err)
	}
	if diff := cmp.Diff(want, got, sameHosts(), cmp.Comparer(func(a, b netip.Prefix) bool { return a == b })); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestParseChangesProblems(t *testing.T) {
	data := `[{"id":1},{"id":2,"endpointSetId":3,"version":"1","current":{"tcpPorts":"x"},"add":{"effectiveDate":"soon","ips":["y"]}}]`
	changes, problems, err := m365.ParseChanges([]byte(data))
	if err != nil || len(changes) != 1 {
		t.Fatal(changes, err)
	}
	var got []string
	for _, p := range problems {
		got = append(got, p.Error())
	}
	want := []string{
		`line 1: entry 1: endpointSetId: 0 is missing or not the ID of a set: change skipped (ID 1)`,
		`line 1: entry 2: current.tcpPorts: "x" is not a port or a range of ports (ID 2)`,
		`line 1: entry 2: add.ips[0]: "y" is not an address range (ID 2)`,
		`line 1: entry 2: version: "1" is not a version of ten digits (ID 2)`,
		`line 1: entry 2: add.effectiveDate: "soon" is not a date, as in 20261128 (ID 2)`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if _, _, err := m365.ParseChanges([]byte("[")); code(err) != m365.BadSyntax {
		t.Error(err)
	}
}

func TestVersion(t *testing.T) {
	for v, date := range map[m365.Version]string{
		"2026103100": "2026-10-31", "2018112801": "2018-11-28", m365.First: "", "2026133100": "", "20261031": "", "202610310a": "", "": "",
	} {
		if got := v.Date(); got != date {
			t.Errorf("Date of %q = %q, want %q", v, got, date)
		}
		parsed, err := m365.ParseVersion(string(v))
		if valid := len(v) == 10 && v != "202610310a"; valid != (err == nil) || valid && parsed != v || !valid && code(err) != endpoints.BadValue {
			t.Errorf("ParseVersion(%q) = %q, %v", v, parsed, err)
		}
	}
}
