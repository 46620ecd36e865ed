package traffic_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/endpoints/traffic"
	"github.com/netready/netready/internal/plain"
)

// seed adds the lines of samples one by one, each after a head. Large inputs
// are slow to minimize.
func seed(f *testing.F, head string, samples ...string) {
	f.Helper()
	for _, name := range samples {
		for line := range strings.Lines(string(sample(f, name))) {
			f.Add([]byte(head + line))
		}
	}
}

// fuzzFormat checks the guarantees for arbitrary bytes.
func fuzzFormat(f *testing.F, format traffic.Format) {
	f.Helper()
	catalog, scope := small(f), endpoints.Scope{Scenario: endpoints.ScenarioAutopilot}
	f.Fuzz(func(t *testing.T, data []byte) {
		s := traffic.NewScanner(bytes.NewReader(data), format)
		n, last := 0, 0
		for e := range s.Entries() {
			n++
			if h, err := endpoints.ParseHost(e.Host); err != nil || h.Kind() != endpoints.Exact || h.String() != e.Host {
				t.Errorf("line %d: host %q", e.Line, e.Host)
			}
			if y := e.Time.Year(); y < 0 || y > 9999 {
				t.Errorf("line %d: time %v", e.Line, e.Time)
			}
			if e.Line < last || e.Line < 1 || e.Status < 0 {
				t.Errorf("%+v after line %d", e, last)
			}
			last = e.Line
		}
		lines := s.Lines()
		if lines.Read < n+lines.Skipped || len(lines.Errors) != min(lines.Skipped, traffic.MaxErrors) {
			t.Errorf("%d entries of %d lines, %d skipped, %d errors", n, lines.Read, lines.Skipped, len(lines.Errors))
		}
		for i, e := range lines.Errors {
			if !plain.IsText(e.Reason) || !plain.IsText(e.Field) {
				t.Errorf("error %q of field %q", e.Reason, e.Field)
			}
			if e.Code == "" || e.Reason == "" || e.Line < 1 || i > 0 && e.Line < lines.Errors[i-1].Line {
				t.Errorf("error %+v", e)
			}
		}
		if bad, ok := errors.AsType[*endpoints.Error](s.Err()); s.Err() != nil && (!ok || bad.Code == "") {
			t.Errorf("error %v", s.Err())
		}
		sum, err := traffic.Annotate(bytes.NewReader(data), format, catalog, scope)
		if (err == nil) != (s.Err() == nil) || sum == nil && err == nil {
			t.Fatalf("summary %v, error %v; and %v", sum, err, s.Err())
		}
		if sum == nil {
			return
		}
		if sum.Requests() != n {
			t.Errorf("%d requests, %d entries", sum.Requests(), n)
		}
		if _, err := json.Marshal(sum); err != nil {
			t.Error(err)
		}
	})
}

func FuzzSquid(f *testing.F) {
	seed(f, "", "squid.log")
	fuzzFormat(f, traffic.Squid)
}

func FuzzCLF(f *testing.F) {
	seed(f, "", "common.log", "combined.log")
	fuzzFormat(f, traffic.CLF)
}

func FuzzW3C(f *testing.F) {
	seed(f, "#Fields: date time cs-method r-dns cs-uri sc-status action\n", "wingate.log")
	seed(f, "#Fields: date\ttime\tr-host\tr-port\tsc-status\n", "tmg.log")
	f.Add([]byte("#Fields: date time cs-host\n2019-09-14 02:00:10 \"a.example\"\n#Date: 2019-09-14\n#Fields: time cs-uri\n02:00:10 http://a.example/\n"))
	fuzzFormat(f, traffic.W3C)
}

func FuzzHAR(f *testing.F) {
	for _, s := range archives() {
		f.Add([]byte(s))
	}
	fuzzFormat(f, traffic.HAR)
}

func FuzzHosts(f *testing.F) {
	seed(f, "", "hosts.txt")
	fuzzFormat(f, traffic.Hosts)
}

func FuzzDnsmasq(f *testing.F) {
	seed(f, "", "pihole.log", "dnsmasq-extra.log")
	f.Add(sample(f, "pihole.log")[:900])
	fuzzFormat(f, traffic.Dnsmasq)
}

func FuzzUnbound(f *testing.F) {
	seed(f, "", "unbound.log")
	fuzzFormat(f, traffic.Unbound)
}

func FuzzBIND(f *testing.F) {
	seed(f, "", "bind.log")
	fuzzFormat(f, traffic.BIND)
}

func FuzzZeek(f *testing.F) {
	seed(f, "", "zeek.json")
	seed(f, "#separator \\x09\n#path\tssl\n#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tversion\tserver_name\tresumed\tlast_alert\testablished\n", "zeek-ssl.log")
	fuzzFormat(f, traffic.Zeek)
}

func FuzzFortiGate(f *testing.F) {
	seed(f, "", "fortigate.log")
	fuzzFormat(f, "fortigate")
}

func FuzzAzureFirewall(f *testing.F) {
	seed(f, "", "azure.json", "adguard.json")
	fuzzFormat(f, "azure-firewall")
}

func FuzzAdGuardHome(f *testing.F) {
	seed(f, "", "adguard.json")
	fuzzFormat(f, "adguard-home")
}

func FuzzPaloAltoTraffic(f *testing.F) {
	seed(f, "", "paloalto.csv")
	fuzzFormat(f, "paloalto-traffic")
}

func FuzzPaloAltoURL(f *testing.F) {
	seed(f, "", "paloalto-url.csv")
	fuzzFormat(f, "paloalto-url")
}

func FuzzUmbrella(f *testing.F) {
	seed(f, "", "umbrella.csv")
	fuzzFormat(f, "umbrella-dns")
}

func FuzzZscaler(f *testing.F) {
	seed(f, "", "zscaler.csv")
	fuzzFormat(f, "zscaler-web")
}

// FuzzLayout: what can be read as a layout reads any log.
func FuzzLayout(f *testing.F) {
	f.Add([]byte(`{"kind": "csv", "host": ["a"]}`), []byte("a,b\nlogin.live.com,x\n"))
	f.Add([]byte(`{"kind": "json", "host": ["a.b"], "time": ["t"], "forms": ["unix"], "message": ["m"]}`), []byte(`{"a":{"b":"login.live.com"},"t":1568426410123,"m":"AAGB"}`))
	f.Add([]byte(`{"kind": "json", "host": ["a"], "only": {"b\u202e": ["*"]}}`), []byte(`{"a":"login.live.com"}`))
	f.Add([]byte(`{"kind": "keyvalue", "host": ["a"], "actions": ["b"], "denied": ["x*"], "only": {"a": ["*"]}, "denials": {"c": ["*"]}, "failures": {"d": ["e"]}}`), []byte(`a=login.live.com b="x y"`))
	f.Fuzz(func(t *testing.T, layout, log []byte) {
		l, err := traffic.ReadLayout(bytes.NewReader(layout))
		if err != nil {
			if code(err) == "" {
				t.Errorf("error %v", err)
			}
			return
		}
		s := l.NewScanner(bytes.NewReader(log))
		for e := range s.Entries() {
			if h, err := endpoints.ParseHost(e.Host); err != nil || h.String() != e.Host {
				t.Errorf("host %q", e.Host)
			}
			if y := e.Time.Year(); y < 0 || y > 9999 {
				t.Errorf("time %v", e.Time)
			}
		}
		for _, e := range s.Lines().Errors {
			if !plain.IsText(e.Reason) || !plain.IsText(e.Field) {
				t.Errorf("error %q of field %q", e.Reason, e.Field)
			}
		}
	})
}

func FuzzAuto(f *testing.F) {
	f.Add([]byte(utf16Text("login.live.com\r\n", false)))
	f.Add([]byte("\ufeff\x00\x00#Fields: cs-host\r\na.example\r\n"))
	f.Add([]byte(archives()[0]))
	seed(f, "", "combined.log", "hosts.txt", "syslog.log", "pihole.log", "zeek.json", "paloalto.csv")
	fuzzFormat(f, traffic.Auto)
}

// archives returns small archives.
func archives() []string {
	return []string{
		`{"log": {"entries": [{"startedDateTime": "2019-09-14T02:00:10Z", "request": {"method": "CONNECT", "url": "a.example:443"}, "response": {"status": 403}}]}}`,
		`{"log": {"entries": [{"request": {"url": "http:\/\/a\u002eexample"}}, null, {}]}}`,
		`{"a": [1, {"b": "c\\"}], "log": {"x": -1.5e3, "entries": []}} {"log": {"entries": [1]}}`,
	}
}

// FuzzHARLikeJSON compares reading an archive in pieces with reading it at once
// by encoding/json.
func FuzzHARLikeJSON(f *testing.F) {
	for _, s := range archives() {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if bytes.IndexByte(data, 0) >= 0 || len(data) > 10_000 {
			return // padding or a truncated archive
		}
		var doc struct {
			Log struct {
				Entries []json.RawMessage `json:"entries"`
			} `json:"log"`
		}
		if json.Unmarshal(data, &doc) != nil {
			return
		}
		s := traffic.NewScanner(bytes.NewReader(data), traffic.HAR)
		for range s.Entries() {
		}
		if bad, ok := errors.AsType[*endpoints.Error](s.Err()); ok && bad.Code == endpoints.BadSyntax {
			t.Errorf("good JSON: %v", bad)
		}
		// The two readers differ on duplicate keys and on keys in other case.
		lower := bytes.ToLower(data)
		lower = bytes.Map(func(r rune) rune {
			if r == '\\' || r >= 0x80 {
				return -1
			}
			return r
		}, lower)
		once := bytes.Count(lower, []byte(`entr`)) == 1 && bytes.Count(lower, []byte(`log`)) == 1 && len(lower) == len(data)
		if got := s.Lines().Read; once && s.Err() == nil && got != len(doc.Log.Entries) {
			t.Errorf("%d entries, want %d", got, len(doc.Log.Entries))
		}
	})
}
