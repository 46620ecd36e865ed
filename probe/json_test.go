package probe_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"math"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/probe"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// complete returns an observation in which every field is set.
func complete() probe.Observation {
	day := time.Date(2026, 11, 21, 9, 30, 0, 123456789, time.UTC)
	ncsi := func(host string) *probe.NCSIAnswer {
		return &probe.NCSIAnswer{
			Host: host, Addresses: addrs("203.0.113.7"), Status: 302, Location: "http://portal.example/login",
			Body: "moved", Code: probe.HTTPCaptivePortal,
		}
	}
	o := probe.Observation{
		Target:   probe.Target{Protocol: probe.HTTPS, Host: dnsHost, Port: 443, Path: "/ppsecure?a=1&b=2", Families: true, Handshakes: true, Range: true, Direct: true, AllAddresses: true, NoRevocation: true},
		Attempts: 2,
		Start:    day,
		Duration: 1234567891 * time.Nanosecond,
		Steps: []probe.Step{
			{Op: probe.OpResolve, Addr: dnsHost, Start: day, Duration: 20 * time.Millisecond},
			{
				Op: probe.OpConnect, Addr: "203.0.113.7:443", Start: day.Add(20 * time.Millisecond), Duration: time.Second,
				Error: &probe.Error{Op: probe.OpConnect, Addr: "203.0.113.7:443", Code: probe.TCPTimeout, Err: errors.New("i/o timeout")},
			},
		},
		DNS: &probe.DNSFacts{
			Name: dnsHost, Addresses: addrs("203.0.113.7", "2001:db8::7"), CNAMEs: []string{"login.msa.example"}, IPv4Code: probe.DNSSinkhole, IPv6Code: probe.DNSTimeout, HostsFile: addrs("10.0.0.1"),
			Queries: []probe.DNSQuery{{
				Resolver: resolvers("[fe80::1%eth0]:53")[0], Type: "A", Transport: "tcp", Attempts: 2, RCode: "NOERROR",
				Addresses: addrs("203.0.113.7"), CNAMEs: []string{"login.msa.example"}, TTL: 60,
				Authoritative: true, RecursionAvailable: true, SOA: &probe.SOARecord{Owner: "live.com", MName: "ns.example", RName: "hostmaster.example"},
				Extended: []probe.ExtendedError{{InfoCode: 3, Text: "stale"}}, More: 1,
				Truncated: true, Duration: 1500 * time.Microsecond, Code: probe.DNSBlocked,
			}},
		},
		TCP: &probe.TCPFacts{
			Remote: resolvers("203.0.113.7:443")[0],
			Dials:  []probe.Dial{{Addr: resolvers("203.0.113.7:443")[0], Duration: time.Nanosecond, Code: probe.TCPTimeout, NoRoute: true, TLSCode: probe.TLSReset}},
		},
		Proxy: &probe.ProxyFacts{URL: "http://proxy.example:3128", Status: 407, Op: probe.OpConnect, Code: probe.TCPRefused, Reply: 2, Offered: []string{"none"}, Chosen: "no acceptable", Schemes: []string{"Negotiate"}, Header: probe.Header{"Via": {"1.1 proxy"}}, Vendor: "Squid"},
		TLS: &probe.TLSFacts{
			ServerName: dnsHost, Version: "TLS 1.2", CipherSuite: "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", VerifiedBy: "public",
			Chain: []probe.Certificate{{
				Subject: "CN=login.live.com", Issuer: "CN=Example CA", Organization: "Example", DNSNames: []string{dnsHost},
				NotBefore: day.Add(-time.Hour), NotAfter: day.Add(time.Hour), SHA256: strings.Repeat("0f", 32), SCTs: 3,
			}},
			ValidFrom: day.Add(-time.Hour), ValidUntil: day.Add(time.Hour), NameMatches: true, Alias: "login.msa.example", ClientCertificateRequested: true, Vendor: "Fortinet", Alert: "handshake failure",
			Handshakes:     []probe.Handshake{{Offered: "TLS 1.3", Version: "TLS 1.2", Hello: 1500, Packet: 1280, Refusable: true, Code: probe.TLSTimeout}},
			FetchedIssuers: []string{"http://aia.example/ca.crt"}, MissingIssuer: "CN=Root",
			IssuerFailures: []probe.Document{{URL: "http://aia.example/root.crt", Code: probe.HTTPBodyMismatch, Text: "not a certificate"}},
		},
		HTTP: &probe.HTTPFacts{
			URL: "https://login.live.com/", Status: 302, Proto: "HTTP/1.1", Header: probe.Header{"Server": {"x"}},
			Location: "https://login.live.com/a", Redirects: []string{"https://login.live.com/a"}, Date: day.Truncate(time.Second), Body: "<html>\n",
			Title: "Web Page Blocked", Vendor: "Palo Alto Networks",
			Range: &probe.RangeFacts{Supported: true, ContentRange: "bytes 0-0/24", AcceptRanges: "bytes", Length: 24, Code: probe.HTTPMalformed},
		},
		NTP: &probe.NTPFacts{
			Server: resolvers("203.0.113.7:123")[0], Offset: -56 * 365 * 24 * time.Hour, Bound: 20001953 * time.Nanosecond, RTT: 40 * time.Millisecond,
			RootDistance: time.Second, Stratum: 2, Leap: 1, KissCode: "RATE", ReferenceID: "c6336401",
		},
		NCSI: &probe.NCSIFacts{IPv4: ncsi("www.msftconnecttest.com"), IPv6: ncsi("ipv6.msftconnecttest.com"), Proxied: ncsi("www.msftconnecttest.com"), DNS: ncsi("dns.msftncsi.com"), Reason: "ActiveHttpProbeFailedHotspotDetected", Settings: map[string]string{"ActiveWebProbeHost": "ncsi.contoso.com"}, Own: []probe.NCSIAnswer{*ncsi("ncsi.contoso.com")}},
		Revocation: &probe.RevocationFacts{
			Code: probe.RevocationStale,
			Sources: []probe.Document{{
				Subject: "CN=login.live.com", Serial: "0a1b", Kind: probe.SourceCRL, URL: "http://crl.example/ca.crl", Status: probe.StatusRevoked,
				RevokedAt: day.Add(-3 * time.Hour), ThisUpdate: day.Add(-2 * time.Hour), NextUpdate: day.Add(-time.Hour),
				Duration: 2500 * time.Microsecond, Code: probe.RevocationStale, Text: "to be replaced by 2026-11-21T08:30:00Z",
			}},
		},
		WPAD: &probe.WPADFacts{
			Names: []probe.WPADName{{Name: "wpad.contoso.com", Addresses: addrs("203.0.113.8"), Code: probe.DNSNXDomain}},
			URL:   "http://wpad.contoso.com/wpad.dat", Status: 200, ContentType: "application/x-ns-proxy-autoconfig", Size: 60,
			SHA256: strings.Repeat("0f", 32), Script: true, Mentions: []string{"proxy.contoso.com:8080"}, Code: probe.HTTPTruncated,
		},
		SRV: &probe.SRVFacts{
			Name: "_ldap._tcp.dc._msdcs.contoso.com", More: 1,
			Servers: []probe.SRVServer{{
				Host: "dc1.contoso.com", Port: 389, Priority: 1, Weight: 100, Addresses: addrs("203.0.113.9"), Code: probe.TCPTimeout,
			}},
		},
		LeftOut: 2, Forgotten: true,
		Error: &probe.Error{Op: probe.OpConnect, Addr: "203.0.113.7:443", Code: probe.TCPTimeout, Err: errors.New("i/o timeout")},
	}
	o.Proxy.TLS, o.TCP.Dials[0].TLS = o.TLS, o.TLS
	return o
}

// sameText compares network errors by their text, which is all that JSON keeps.
func sameText() cmp.Option {
	return cmp.Comparer(func(a, b *probe.Error) bool {
		if a == nil || b == nil {
			return a == b
		}
		text := func(e *probe.Error) string {
			if e.Err == nil {
				return ""
			}
			return e.Err.Error()
		}
		return a.Op == b.Op && a.Addr == b.Addr && a.Code == b.Code && text(a) == text(b)
	})
}

// TestCompleteObservation makes sure that the other tests miss no field, also
// of those that are yet to come.
func TestCompleteObservation(t *testing.T) {
	var check func(v reflect.Value, path string)
	check = func(v reflect.Value, path string) {
		if v.IsZero() {
			t.Errorf("%s is not set", path)
			return
		}
		switch v.Kind() { //nolint:exhaustive // the others hold nothing
		case reflect.Pointer:
			check(v.Elem(), path)
		case reflect.Slice:
			if strings.HasPrefix(v.Type().Elem().PkgPath(), "github.com/netready") && path != "Observation.Steps" {
				for i := range v.Len() {
					check(v.Index(i), path+"[]")
				}
			}
		case reflect.Struct:
			if strings.HasPrefix(v.Type().PkgPath(), "github.com/netready") {
				for i := range v.NumField() {
					name := v.Type().Field(i).Name
					if strings.HasSuffix(path, ".IssuerFailures[]") && !slices.Contains([]string{"URL", "Code", "Text"}, name) {
						continue // an issuer's certificate has only these
					}
					check(v.Field(i), path+"."+name)
				}
			}
		}
	}
	check(reflect.ValueOf(complete()), "Observation")
}

// TestObservationJSON holds the names in JSON fast: they may be added to.
func TestObservationJSON(t *testing.T) {
	const golden = "testdata/observation.json"
	got, err := json.MarshalIndent(complete(), "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	got = append(got, '\n')
	if *update {
		if err := os.WriteFile(golden, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", golden, diff)
	}
	var back probe.Observation
	if err := json.Unmarshal(want, &back); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(complete(), back, equatable, sameText()); diff != "" {
		t.Errorf("decoded (-want +got):\n%s", diff)
	}
	checkTags(t, complete())
	if !errors.Is(back.Error, probe.TCPTimeout) || back.Error.Error() != complete().Error.Error() {
		t.Errorf("error %v", back.Error)
	}
}

func TestObservationJSONSmall(t *testing.T) {
	tests := []struct {
		name string
		o    probe.Observation
		json string
	}{
		{
			name: "nothing measured",
			json: `{"target":{"protocol":"","host":"","port":0},"attempts":0,"duration_ms":0}`,
		}, {
			name: "an error without a cause",
			o:    probe.Observation{Error: &probe.Error{Code: probe.Skipped}},
			json: `{"target":{"protocol":"","host":"","port":0},"attempts":0,"error":{"code":"skipped"},"duration_ms":0}`,
		}, {
			name: "a clock that could not be measured has no offset",
			o:    probe.Observation{NTP: &probe.NTPFacts{Server: resolvers("203.0.113.7:123")[0], KissCode: "RATE", ReferenceID: "52415445"}},
			json: `{"target":{"protocol":"","host":"","port":0},"attempts":0,"ntp":{"server":"203.0.113.7:123","stratum":0,"leap":0,"kiss_code":"RATE","reference_id":"52415445"},"duration_ms":0}`,
		}, {
			name: "a clock without an offset",
			o:    probe.Observation{NTP: &probe.NTPFacts{Server: resolvers("203.0.113.7:123")[0], Bound: 1}},
			json: `{"target":{"protocol":"","host":"","port":0},"attempts":0,"ntp":{"server":"203.0.113.7:123","stratum":0,"leap":0,"offset_ms":0,"bound_ms":0.000001,"rtt_ms":0,"root_distance_ms":0},"duration_ms":0}`,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := json.Marshal(tt.o)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.json, string(got)); diff != "" {
				t.Errorf("encoded (-want +got):\n%s", diff)
			}
			var back probe.Observation
			if err := json.Unmarshal(got, &back); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.o, back, equatable, sameText()); diff != "" {
				t.Errorf("decoded (-want +got):\n%s", diff)
			}
		})
	}
}

func TestDurationsInJSON(t *testing.T) {
	encoded := map[time.Duration]string{
		0: "0", 1: "0.000001", -1: "-0.000001", time.Microsecond: "0.001", time.Millisecond: "1", -time.Millisecond: "-1",
		1500 * time.Microsecond: "1.5", time.Hour: "3600000", 100 * time.Second: "100000",
		math.MaxInt64: "9223372036854.775807", math.MinInt64: "-9223372036854.775808",
	}
	for d, want := range encoded {
		got, err := json.Marshal(probe.Dial{Duration: d})
		if wanted := `{"addr":"","duration_ms":` + want + `}`; err != nil || string(got) != wanted {
			t.Errorf("%d is %s (%v), want %s", d, got, err, wanted)
		}
		var back probe.Dial
		if err := json.Unmarshal(got, &back); err != nil || back.Duration != d {
			t.Errorf("%s is %d (%v), want %d", got, back.Duration, err, d)
		}
	}
	decoded := map[string]time.Duration{
		"1e3": time.Second, "1.5E0": 1500 * time.Microsecond, "0.0000019": 1, "null": 0, "-0": 0,
	}
	for s, want := range decoded {
		var d probe.Dial
		if err := json.Unmarshal([]byte(`{"duration_ms":`+s+`}`), &d); err != nil || d.Duration != want {
			t.Errorf("%s is %d (%v), want %d", s, d.Duration, err, want)
		}
	}
	for _, s := range []string{`"1"`, "1e400", "1e30", "9223372036854.775808", "99999999999999999999", "true", "[1]"} {
		var d probe.Dial
		if err := json.Unmarshal([]byte(`{"duration_ms":`+s+`}`), &d); err == nil {
			t.Errorf("%s is %d, want an error", s, d.Duration)
		}
	}
}

// TestErrorWithoutCode: what failed must not look like success when it is read
// again.
func TestErrorWithoutCode(t *testing.T) {
	for _, s := range []string{`{"error":{}}`, `{"error":{"code":""}}`, `{"error":{"text":"x"}}`, `{"steps":[{"error":{}}]}`, `{"error":1}`} {
		var o probe.Observation
		if err := json.Unmarshal([]byte(s), &o); err == nil {
			t.Errorf("%s is %+v, want an error", s, o)
		}
	}
}

// checkTags checks that an observation is encoded as the tags of its fields say.
func checkTags(t *testing.T, o probe.Observation) {
	t.Helper()
	type (
		observation probe.Observation // without methods
		step        probe.Step
		query       probe.DNSQuery
		dial        probe.Dial
		document    probe.Document
	)
	check := func(encoded, byTags any) {
		t.Helper()
		got, err1 := json.Marshal(encoded)
		want, err2 := json.Marshal(byTags)
		var took struct {
			Duration json.RawMessage `json:"duration_ms"`
		}
		if err := errors.Join(err1, err2, json.Unmarshal(got, &took)); err != nil {
			t.Fatal(err)
		}
		if took.Duration != nil {
			want = fmt.Appendf(want[:len(want)-1], `,"duration_ms":%s}`, took.Duration)
		}
		if !bytes.Equal(want, got) {
			t.Errorf("%T is not encoded by its tags:\n%s", encoded, cmp.Diff(string(want), string(got)))
		}
	}
	check(o, observation(o))
	var inside struct {
		Target, DNS, TCP, TLS, HTTP, Revocation json.RawMessage
	}
	b, err := json.Marshal(o)
	if err == nil {
		err = json.Unmarshal(b, &inside)
	}
	if err != nil {
		t.Fatal(err)
	}
	check(inside.Target, o.Target)
	check(inside.DNS, o.DNS)
	check(inside.TCP, o.TCP)
	check(inside.TLS, o.TLS)
	check(inside.HTTP, o.HTTP)
	check(inside.Revocation, o.Revocation)
	for _, s := range o.Steps {
		check(s, step(s))
	}
	if o.DNS != nil {
		for _, q := range o.DNS.Queries {
			check(q, query(q))
		}
	}
	if o.TCP != nil {
		for _, d := range o.TCP.Dials {
			check(d, dial(d))
		}
	}
	if o.Revocation != nil {
		for _, d := range o.Revocation.Sources {
			if d.Kind != "" {
				check(d, document(d))
			}
		}
	}
}

// FuzzObservationJSON: what can be decoded reads the same ever after.
func FuzzObservationJSON(f *testing.F) {
	for _, o := range []probe.Observation{{}, complete()} {
		b, err := json.Marshal(o)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		var o probe.Observation
		if json.Unmarshal(b, &o) != nil {
			return
		}
		once, err := json.Marshal(o)
		if err != nil {
			t.Fatalf("decoded, but not encoded: %v", err)
		}
		checkTags(t, o)
		var back probe.Observation
		if err := json.Unmarshal(once, &back); err != nil {
			t.Fatalf("encoded, but not decoded: %v\n%s", err, once)
		}
		twice, err := json.Marshal(back)
		if err != nil || !bytes.Equal(once, twice) {
			t.Errorf("twice (-once +twice): %v\n%s", err, cmp.Diff(string(once), string(twice)))
		}
	})
}
