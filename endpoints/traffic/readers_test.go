package traffic_test

import (
	"bytes"
	"compress/gzip"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/endpoints/traffic"
)

// TestReaders reads a made-up log in the layout of each resolver, sensor and
// firewall, and detects its format.
func TestReaders(t *testing.T) {
	tests := []struct {
		file   string
		format traffic.Format
		local  bool
	}{
		{"pihole.log", traffic.Dnsmasq, true},
		{"dnsmasq-extra.log", traffic.Dnsmasq, true},
		{"unbound.log", traffic.Unbound, false},
		{"bind.log", traffic.BIND, true},
		{"zeek-ssl.log", traffic.Zeek, false},
		{"zeek.json", traffic.Zeek, false},
		{"fortigate.log", "fortigate", false},
		{"adguard.json", "adguard-home", false},
		{"azure.json", "azure-firewall", false},
		{"paloalto.csv", "paloalto-traffic", true},
		{"paloalto-url.csv", "paloalto-url", true},
		{"umbrella.csv", "umbrella-dns", false},
		{"zscaler.csv", "zscaler-web", true},
		{"syslog.log", traffic.Squid, false},
	}
	for _, tt := range tests {
		t.Run(tt.file, func(t *testing.T) {
			t.Parallel()
			text := string(sample(t, tt.file))
			got, s := scanAs(text, traffic.Auto, wholeText)
			golden(t, tt.file+".txt", []byte(strings.Join(got, "\n")+"\n"))
			if s.Format() != tt.format || s.Err() != nil || s.Lines().LocalTime != tt.local {
				t.Errorf("format %q, error %v, local time %t", s.Format(), s.Err(), s.Lines().LocalTime)
			}
			var z bytes.Buffer
			w := gzip.NewWriter(&z)
			_, _ = w.Write([]byte(text))
			_ = w.Close()
			again, _ := scanAs(z.String(), traffic.Auto, wholeText)
			if diff := cmp.Diff(got, again); diff != "" {
				t.Errorf("by gzip (-want +got):\n%s", diff)
			}
		})
	}
}

// TestGzip: damaged data ends the reading, after the lines before it.
func TestGzip(t *testing.T) {
	var z bytes.Buffer
	w := gzip.NewWriter(&z)
	_, _ = w.Write([]byte("login.live.com\n"))
	_ = w.Flush()
	_, _ = w.Write([]byte(strings.Repeat("a.example\n", 1000)))
	_ = w.Close()
	tests := []struct {
		name, text string
		entries    bool
	}{
		{"cut off", z.String()[:z.Len()-20], true},
		{"damaged", strings.Replace(z.String(), z.String()[z.Len()-8:], "xxxxxxxx", 1), true},
		{"a head alone", "\x1f\x8b\x08\x00", false},
	}
	for _, tt := range tests {
		sum, err := traffic.Annotate(strings.NewReader(tt.text), traffic.Hosts, small(t), autopilot())
		if code(err) != endpoints.BadSyntax || sum == nil || (sum.Requests() > 0) != tt.entries {
			t.Errorf("%s: error %v, summary %+v", tt.name, err, sum)
		}
	}
}

// TestSyslog shows what is a header of syslog, and what only looks like one.
func TestSyslog(t *testing.T) {
	squid := "1568426405.020 9 192.0.2.10 TCP_MISS/200 411 GET http://a.example/ - HIER_NONE/- -"
	testReadings(t, traffic.Squid, []reading{
		{"no header", squid, []string{"1 02:00:05.02 a.example:80 200"}},
		{"a priority alone", "<13>" + squid, []string{"1 02:00:05.02 a.example:80 200"}},
		{"BusyBox", "Sep 14 02:00:05 host daemon.info squid[7]: " + squid, []string{"1 02:00:05.02 a.example:80 200"}},
		{"RFC 5424 with a byte order mark", "<13>1 2019-09-14T02:00:05Z host squid 7 ID47 [a@1 b=\"c\"] \ufeff" + squid, []string{"1 02:00:05.02 a.example:80 200"}},
		{"RFC 5424 without anything", "<13>1 - - - - - - " + squid, []string{"1 02:00:05.02 a.example:80 200"}},
		{"another program", "Sep 14 02:00:05 host cron[1]: hello world\nSep 14 02:00:05 host squid[7]: " + squid, []string{"2 02:00:05.02 a.example:80 200"}},
		{"a bad line of the same program", "Sep 14 02:00:05 host squid[7]: " + squid + "\nSep 14 02:00:05 host squid[8]: hello", []string{"1 02:00:05.02 a.example:80 200", "line 2: fewer fields than in Squid's native log [syntax]"}},
		{"a priority that is none", "<1234>" + squid, []string{"line 1: time: want seconds since 1970 [syntax]"}},
	})
	testReadings(t, traffic.Hosts, []reading{
		{"a time and a host", "2019-09-14T02:00:10Z login.live.com", []string{"1 02:00:10 login.live.com:0 0"}},
		{"a host after a header", "<13>1 2019-09-14T02:00:10Z host app - - - login.live.com", []string{"1 02:00:10 login.live.com:0 0"}},
		{"without a year, over the end of one", "Dec 31 23:59:59 host app: a.example\nJan  1 00:00:01 host app: b.example", []string{"1 0004-12-31T23:59:59Z a.example:0 0", "2 0005-01-01T00:00:01Z b.example:0 0"}},
	})
}

// TestReadLayout refuses layouts that would read nothing.
func TestReadLayout(t *testing.T) {
	tests := []struct {
		name, text string
		want       endpoints.Error
	}{
		{"no JSON", "{\n\"host\": x", endpoints.Error{Code: endpoints.BadSyntax, Line: 2, Reason: "want a layout in JSON"}},
		{"an unknown field", `{"hosts": ["a"]}`, endpoints.Error{Code: endpoints.UnknownField, Field: "hosts", Reason: "not a field of a layout"}},
		{"a wrong type", `{"host": "a"}`, endpoints.Error{Code: endpoints.WrongType, Field: "host", Reason: "want []string"}},
		{"a name of two lines", `{"name": "a\nNOTHING DENIED", "kind": "json", "host": ["a"]}`, endpoints.Error{Code: endpoints.BadValue, Field: "name", Reason: "not a text for one line"}},
		{"a field that hides text", `{"kind": "json", "host": ["a"], "only": {"b\u202e": ["x"]}}`, endpoints.Error{Code: endpoints.BadValue, Reason: "a text in it is not for one line"}},
		{"an unknown kind", `{"kind": "xml", "host": ["a"]}`, endpoints.Error{Code: endpoints.BadValue, Field: "kind", Value: "xml", Want: []string{"csv", "json", "keyvalue"}, Reason: "unknown"}},
		{"no host", `{"kind": "json"}`, endpoints.Error{Code: endpoints.MissingField, Field: "host", Reason: "no field holds a host"}},
		{"a column that is not there", `{"kind": "csv", "columns": ["a"], "host": ["b"]}`, endpoints.Error{Code: endpoints.BadValue, Field: "columns", Value: "b", Reason: "no such column"}},
		{"a time without a form", `{"kind": "json", "host": ["a"], "time": ["t"]}`, endpoints.Error{Code: endpoints.BadValue, Field: "forms", Reason: "time and forms need each other"}},
		{"too large", strings.Repeat(" ", 70_000), endpoints.Error{Code: endpoints.TooLarge, Reason: "layout larger than 64 KiB"}},
	}
	for _, tt := range tests {
		_, err := traffic.ReadLayout(strings.NewReader(tt.text))
		if diff := cmp.Diff(error(&tt.want), err); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}

// TestCSVWithNames: the first line of CSV may have the names of the columns.
func TestCSVWithNames(t *testing.T) {
	l, err := traffic.ReadLayout(strings.NewReader(`{"name": "x", "kind": "csv", "host": ["URL", "Server"], "port": ["Port"], "time": ["Date", "Time"],
		"forms": ["2006-01-02 15:04:05"], "actions": ["Action"], "denied": ["No*"], "allowed": ["Yes"], "only": {"Kind": ["web"]}}`))
	if err != nil {
		t.Fatal(err)
	}
	s := l.NewScanner(strings.NewReader("Date,Time,Kind,Action,Server,Port\n2019-09-14,02:00:10,web,Yes,login.live.com,443\n" +
		"2019-09-14,02:00:11,web,Not at all,ztd.dds.microsoft.com,443\n2019-09-14,02:00:12,mail,Yes,a.example,25\n2019-09-14,02:00:13,web,,b.example,x\nshort\n"))
	var got []string
	for e := range s.Entries() {
		got = append(got, wholeText(e))
	}
	want := []string{"2 02:00:10 login.live.com:443 0 passed", "3 02:00:11 ztd.dds.microsoft.com:443 0 denied", "5 02:00:13 b.example:0 0"}
	if diff := cmp.Diff(want, got); diff != "" || s.Lines().Skipped != 1 || s.Format() != "x" {
		t.Errorf("%+v (-want +got):\n%s", s.Lines(), diff)
	}
}
