package endpoints_test

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/endpoints"
)

func TestPortText(t *testing.T) {
	tests := []struct {
		text string
		port endpoints.Port
	}{
		{"tcp/443 https", endpoints.Port{Transport: "tcp", Number: 443, Protocol: "https"}},
		{"udp/123 ntp", endpoints.Port{Transport: "udp", Number: 123, Protocol: "ntp"}},
		{"tcp/49152-65535 rpc", endpoints.Port{Transport: "tcp", Number: 49152, Last: 65535, Protocol: "rpc"}},
		{"icmp ping", endpoints.Port{Transport: "icmp", Protocol: "ping"}},
	}
	for _, tt := range tests {
		t.Run(tt.text, func(t *testing.T) {
			var got endpoints.Port
			if err := got.UnmarshalText([]byte(tt.text)); err != nil || got != tt.port {
				t.Errorf("UnmarshalText(%q) = %+v, %v, want %+v", tt.text, got, err, tt.port)
			}
			if got := tt.port.String(); got != tt.text {
				t.Errorf("String() = %q, want %q", got, tt.text)
			}
		})
	}
}

func TestPortRefuses(t *testing.T) {
	for _, in := range []string{
		"", "tcp", "tcp/443", "443 https", "tcp/ https", "tcp/0 https", "tcp/65536 https", "tcp/99999999999 https", "tcp/-1 https",
		"tcp/443-80 https", "tcp/443-443 https", "tcp/1-0 x", "sctp/443 https", "icmp/8 ping", "tcp/443 ", "tcp/443 HTTPS",
		"tcp/443  https", "tcp/+443 https", "TCP/443 https", "tcp/443 https extra", "udp quic",
	} {
		var p endpoints.Port
		if err := p.UnmarshalText([]byte(in)); code(err) != endpoints.BadValue || p != (endpoints.Port{}) {
			t.Errorf("UnmarshalText(%q) = %+v, %v, want an error", in, p, err)
		}
	}
}

func TestPortContains(t *testing.T) {
	one := endpoints.Port{Transport: "tcp", Number: 443, Protocol: "https"}
	many := endpoints.Port{Transport: "tcp", Number: 49152, Last: 65535, Protocol: "rpc"}
	tests := []struct {
		name string
		port endpoints.Port
		n    uint16
		want bool
	}{
		{"the port", one, 443, true},
		{"the port below", one, 442, false},
		{"the port above", one, 444, false},
		{"the first of a range", many, 49152, true},
		{"the last of a range", many, 65535, true},
		{"the port before a range", many, 49151, false},
	}
	for _, tt := range tests {
		if got := tt.port.Contains(tt.n); got != tt.want {
			t.Errorf("%s: Contains(%d) = %v, want %v", tt.name, tt.n, got, tt.want)
		}
	}
}

func TestTextRoundTrip(t *testing.T) {
	type all struct {
		Host endpoints.Host
		Zero endpoints.Host
		Port endpoints.Port
		Need endpoints.Need
	}
	want := all{
		Host: mustHost(t, "*.manage.microsoft.com"),
		Port: endpoints.Port{Transport: "tcp", Number: 443, Protocol: "https"},
		Need: endpoints.Conditional,
	}
	data, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	const text = `{"Host":"*.manage.microsoft.com","Zero":"","Port":"tcp/443 https","Need":"conditional"}`
	if diff := cmp.Diff(text, string(data)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	var got all
	if err := json.Unmarshal(data, &got); err != nil || got != want {
		t.Errorf("got %+v, %v, want %+v", got, err, want)
	}
	for _, bad := range []string{`{"Host":"a b"}`, `{"Port":"tcp"}`, `{"Need":"maybe"}`, `{"Need":""}`} {
		if err := json.Unmarshal([]byte(bad), &got); code(err) != endpoints.BadValue {
			t.Errorf("%s: %v, want an error", bad, err)
		}
	}
	if _, err := json.Marshal(endpoints.Need(7)); code(err) != endpoints.BadValue {
		t.Errorf("an unknown need: %v, want an error", err)
	}
}

func TestPhases(t *testing.T) {
	all := endpoints.Phases()
	for i, p := range all {
		if p.Order() != i || p.Title() == "" || p.Title() == string(p) {
			t.Errorf("%s: order %d, want %d; title %q", p, p.Order(), i, p.Title())
		}
	}
	if got := endpoints.Phase("").Order(); got != len(all) {
		t.Errorf("order of no phase = %d, want the last, %d", got, len(all))
	}
	if got := endpoints.Phase("contoso").Title(); got != "contoso" {
		t.Errorf("title of an unknown phase = %q", got)
	}
	want := []endpoints.Phase{
		"network-bring-up", "device-identity", "profile-download", "activation", "oobe-updates", "telemetry",
		"delivery-optimization", "tpm-attestation", "entra-sign-in", "defender-and-terms-of-use", "device-registration",
		"mdm-enrollment", "mdm-sync", "device-esp-apps", "office-install", "push-notifications", "user-esp",
		"post-provisioning", "diagnostics-upload",
	}
	if diff := cmp.Diff(want, all); diff != "" {
		t.Errorf("order (-want +got):\n%s", diff)
	}
}

// TestVocabularyIsUsed finds words that nothing uses any more, and words in the
// catalog that no list has.
func TestVocabularyIsUsed(t *testing.T) {
	used := make(map[string]bool)
	for _, e := range endpoints.Embedded().Endpoints() {
		for _, s := range e.Scenarios {
			used[string(s)] = true
		}
		for _, c := range e.Clouds {
			used[string(c)] = true
		}
		for _, f := range e.Features {
			used[string(f)] = true
		}
		for f := range e.PortsOf {
			used[string(f)] = true
		}
		for _, tr := range e.Traits {
			used[string(tr)] = e.Has(tr)
		}
		used[string(e.Phase)], used[string(e.Region)], used[string(e.TPM)] = true, true, true
	}
	var unused []string
	note := func(word string) {
		if !used[word] {
			unused = append(unused, word)
		}
	}
	for _, w := range endpoints.Scenarios() {
		note(string(w))
	}
	for _, w := range endpoints.Clouds() {
		note(string(w))
	}
	for _, w := range endpoints.Features() {
		note(string(w))
	}
	for _, w := range endpoints.Phases() {
		note(string(w))
	}
	for _, w := range endpoints.Regions() {
		note(string(w))
	}
	for _, w := range endpoints.TPMs() {
		note(string(w))
	}
	odd := own(t, "contoso", "a.contoso.com")
	odd.Traits = []endpoints.Trait{"odd"}
	bad, _ := errors.AsType[*endpoints.Error](odd.Validate())
	if len(bad.Want) != 35 {
		t.Errorf("%d traits are known, want 35", len(bad.Want))
	}
	for _, w := range bad.Want {
		note(w)
	}
	// A discrete TPM needs no maker's host; the domain check is needed unless it is skipped;
	// of no pattern does a source say that its members serve the same.
	want := []string{string(endpoints.FeatureSkipDomainCheck), string(endpoints.TPMDiscrete), string(endpoints.TraitInterchangeable)}
	if diff := cmp.Diff(want, unused); diff != "" {
		t.Errorf("words that no endpoint has (-want +got):\n%s", diff)
	}
}
