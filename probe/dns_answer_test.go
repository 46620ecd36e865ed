package probe_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/miekg/dns"

	"github.com/netready/netready/probe"
)

// chain returns a chain of n canonical names with an address at its end.
func chain(n int) []string {
	var records []string
	name := dnsHost
	for i := range n {
		next := fmt.Sprintf("n%d.example", i)
		records = append(records, name+". 300 IN CNAME "+next+".")
		name = next
	}
	return append(records, name+". 60 IN A 203.0.113.7")
}

func TestDNSAnswers(t *testing.T) {
	question := new(dns.Msg).SetQuestion(dnsHost+".", dns.TypeA)
	good := addrs("203.0.113.7")
	soa := "example. 60 IN SOA ns.example. host.example. 1 2 3 4 5"
	tests := []struct {
		name    string
		records []string
		change  func(*dns.Msg)
		want    probe.DNSQuery
	}{
		{
			name:    "an address",
			records: []string{dnsHost + ". 300 IN A 203.0.113.7"},
			want:    probe.DNSQuery{RCode: "NOERROR", Addresses: good, TTL: 300},
		}, {
			name:    "the name in other letters",
			records: []string{"LOGIN.Live.Com. 300 IN A 203.0.113.7"},
			change:  func(m *dns.Msg) { m.Question[0].Name = "LOGIN.Live.Com." },
			want:    probe.DNSQuery{RCode: "NOERROR", Addresses: good, TTL: 300},
		}, {
			name:    "a chain, the lowest time to live counts",
			records: chain(2),
			want:    probe.DNSQuery{RCode: "NOERROR", Addresses: good, CNAMEs: []string{"n0.example", "n1.example"}, TTL: 60},
		}, {
			name:    "a chain in disorder",
			records: []string{"b.example. 60 IN A 203.0.113.7", "A.example. 30 IN CNAME b.example.", dnsHost + ". 300 IN CNAME a.example."},
			want:    probe.DNSQuery{RCode: "NOERROR", Addresses: good, CNAMEs: []string{"a.example", "b.example"}, TTL: 30},
		}, {
			name:    "the longest chain",
			records: chain(16),
			want: probe.DNSQuery{RCode: "NOERROR", Addresses: good, TTL: 60, CNAMEs: strings.Fields(
				"n0.example n1.example n2.example n3.example n4.example n5.example n6.example n7.example " +
					"n8.example n9.example n10.example n11.example n12.example n13.example n14.example n15.example")},
		}, {
			name:    "a chain that ends nowhere",
			records: []string{dnsHost + ". 300 IN CNAME a.example."},
			want:    probe.DNSQuery{RCode: "NOERROR", CNAMEs: []string{"a.example"}, TTL: 300, Code: probe.DNSNoData},
		}, {
			name:    "a chain to a name that does not exist",
			records: []string{dnsHost + ". 300 IN CNAME a.example."},
			change:  func(m *dns.Msg) { m.Rcode = dns.RcodeNameError },
			want:    probe.DNSQuery{RCode: "NXDOMAIN", CNAMEs: []string{"a.example"}, TTL: 300, Code: probe.DNSNXDomain},
		}, {
			name:    "addresses of another name",
			records: []string{"other.example. 300 IN A 203.0.113.7"},
			want:    probe.DNSQuery{RCode: "NOERROR", Code: probe.DNSMalformed},
		}, {
			name:    "an address of another class",
			records: []string{dnsHost + ". 300 CH A 203.0.113.7"},
			want:    probe.DNSQuery{RCode: "NOERROR", Code: probe.DNSNoData},
		}, {
			name:    "records of other types beside",
			records: []string{dnsHost + ". 10 IN TXT x", dnsHost + ". 20 IN AAAA 2001:db8::7", dnsHost + ". 300 IN A 203.0.113.7"},
			want:    probe.DNSQuery{RCode: "NOERROR", Addresses: good, TTL: 300},
		}, {
			name:   "no data",
			change: func(m *dns.Msg) { m.Ns = answerTo(m, soa).Answer },
			want: probe.DNSQuery{
				RCode: "NOERROR", Code: probe.DNSNoData,
				SOA: &probe.SOARecord{Owner: "example", MName: "ns.example", RName: "host.example"},
			},
		}, {
			name: "a referral, which is no answer",
			change: func(m *dns.Msg) {
				m.RecursionAvailable = false
				m.Ns = answerTo(m, "com. 60 IN NS a.gtld-servers.net.").Answer
			},
			want: probe.DNSQuery{RCode: "NOERROR", Code: probe.DNSServFail},
		}, {
			name:   "no data, from a server that lists its own",
			change: func(m *dns.Msg) { m.Ns = answerTo(m, "com. 60 IN NS a.gtld-servers.net.").Answer },
			want:   probe.DNSQuery{RCode: "NOERROR", Code: probe.DNSNoData},
		}, {
			name: "an extended error with more than text",
			change: func(m *dns.Msg) {
				m.Rcode = dns.RcodeServerFailure
				m.SetEdns0(1232, false).IsEdns0().Option = []dns.EDNS0{&dns.EDNS0_EDE{InfoCode: 22, ExtraText: "no\n\x1b[31mroute \xff" + strings.Repeat("x", 300)}}
			},
			want: probe.DNSQuery{RCode: "SERVFAIL", Code: probe.DNSServFail, Extended: []probe.ExtendedError{
				{InfoCode: 22, Text: "no �[31mroute �" + strings.Repeat("x", 256-len("no �[31mroute �"))},
			}},
		}, {
			name:   "a response code that has no name",
			change: func(m *dns.Msg) { m.Rcode = 12 },
			want:   probe.DNSQuery{RCode: "RCODE12", Code: probe.DNSServFail},
		}, {
			name:   "a refusal that does not repeat the question",
			change: func(m *dns.Msg) { m.Rcode, m.Question = dns.RcodeRefused, nil },
			want:   probe.DNSQuery{RCode: "REFUSED", Code: probe.DNSRefused},
		}, {
			name:    "a success that does not repeat the question",
			records: []string{dnsHost + ". 300 IN A 203.0.113.7"},
			change:  func(m *dns.Msg) { m.Question = nil },
			want:    probe.DNSQuery{Code: probe.DNSMalformed},
		}, {
			name:   "another type",
			change: func(m *dns.Msg) { m.Question[0].Qtype = dns.TypeAAAA },
			want:   probe.DNSQuery{Code: probe.DNSMalformed},
		}, {
			name:   "two questions",
			change: func(m *dns.Msg) { m.Question = append(m.Question, m.Question[0]) },
			want:   probe.DNSQuery{Code: probe.DNSMalformed},
		}, {
			name:   "another id",
			change: func(m *dns.Msg) { m.Id++ },
			want:   probe.DNSQuery{Code: probe.DNSMalformed},
		}, {
			name:   "our own question",
			change: func(m *dns.Msg) { m.Response = false },
			want:   probe.DNSQuery{Code: probe.DNSMalformed},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m := answerTo(question, tt.records...)
			if tt.change != nil {
				tt.change(m)
			}
			raw, err := m.Pack()
			if err != nil {
				t.Fatal(err)
			}
			got, err := probe.JudgeAnswer(raw, question)
			got.RecursionAvailable = false // TestFlags looks at it
			if diff := cmp.Diff(tt.want, got, equatable); diff != "" {
				t.Errorf("query (-want +got):\n%s", diff)
			}
			if (err != nil) != (tt.want.Code != "") {
				t.Errorf("error %v with code %q", err, tt.want.Code)
			}
		})
	}
}

// TestDNSAnswersInBytes has answers that no encoder writes.
func TestDNSAnswersInBytes(t *testing.T) {
	question := new(dns.Msg).SetQuestion(dnsHost+".", dns.TypeA)
	const address, soa = dnsHost + ". 300 IN A 203.0.113.7", "example. 60 IN SOA ns.example. host.example. 1 2 3 4 5"
	const other, broken = "an answer to another question", "an answer that cannot be parsed"
	cut := func(raw []byte) []byte { return raw[:len(raw)-1] }
	tests := []struct {
		name   string
		change func(*dns.Msg)
		edit   func([]byte) []byte
		want   probe.Code
		err    string // its beginning
	}{
		{"whole", func(*dns.Msg) {}, bytes.Clone, "", ""},
		{"cut in its only record", func(*dns.Msg) {}, cut, probe.DNSMalformed, broken},
		{"cut in its only record, as it says", func(m *dns.Msg) { m.Truncated = true }, cut, probe.DNSNoData, "no "},
		{"cut after the address", func(m *dns.Msg) { m.Ns = answerTo(m, soa).Answer }, cut, probe.DNSMalformed, broken},
		{
			"a refusal that repeats no question, cut in a record as it says",
			func(m *dns.Msg) { m.Rcode, m.Truncated, m.Question = dns.RcodeRefused, true, nil }, cut, probe.DNSMalformed, broken,
		},
		{
			"fewer records than it announces", func(*dns.Msg) {},
			func(raw []byte) []byte { raw[7]++; return raw }, probe.DNSMalformed, "1 of 2 records in an answer",
		},
		{
			"fewer records than it announces, cut as it says", func(m *dns.Msg) { m.Truncated = true },
			func(raw []byte) []byte { raw[7]++; return raw }, "", "",
		},
		{"the id alone", func(*dns.Msg) {}, func(raw []byte) []byte { return raw[:2] }, probe.DNSMalformed, broken},
		{"less than an id", func(*dns.Msg) {}, func(raw []byte) []byte { return raw[:1] }, probe.DNSMalformed, other},
		{"nothing", func(*dns.Msg) {}, func([]byte) []byte { return nil }, probe.DNSMalformed, other},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m := answerTo(question, address)
			tt.change(m)
			raw, err := m.Pack()
			if err != nil {
				t.Fatal(err)
			}
			q, err := probe.JudgeAnswer(tt.edit(raw), question)
			if q.Code != tt.want {
				t.Errorf("code %q, want %q", q.Code, tt.want)
			}
			if err == nil && tt.err != "" || err != nil && (tt.err == "" || !strings.HasPrefix(err.Error(), tt.err)) {
				t.Errorf("error %v, want %q", err, tt.err)
			}
		})
	}
}

// TestDNSAnswersTooLong: what decides is kept of an answer that says too much.
func TestDNSAnswersTooLong(t *testing.T) {
	question := new(dns.Msg).SetQuestion(dnsHost+".", dns.TypeA)
	type kept struct {
		Usable, Unusable int
		Blocked          []int // the places of the errors that block
		Extended, More   int
		Code             probe.Code
	}
	tests := []struct {
		name             string
		usable, unusable int
		extended         int
		blocked          int // the place of the error that blocks; 0 means none
		want             kept
	}{
		{name: "as many addresses as are kept", usable: 32, want: kept{Usable: 32}},
		{name: "one address too many", usable: 33, want: kept{Usable: 32, More: 1}},
		{name: "as many as are kept, and one that nobody can have", usable: 31, unusable: 1, want: kept{Usable: 31, Unusable: 1}},
		{name: "too many, of which nobody can have two", usable: 31, unusable: 2, want: kept{Usable: 31, More: 2}},
		{name: "too many, of which one is good", usable: 1, unusable: 33, want: kept{Usable: 1, More: 33}},
		{name: "too many that nobody can have", unusable: 33, want: kept{Unusable: 32, More: 1, Code: probe.DNSSinkhole}},
		{name: "as many errors as are kept", usable: 1, extended: 8, want: kept{Usable: 1, Extended: 8}},
		{name: "one error too many", usable: 1, extended: 9, want: kept{Usable: 1, Extended: 8, More: 1}},
		{
			name: "the first of too many errors blocks", usable: 1, extended: 10, blocked: 1,
			want: kept{Usable: 1, Blocked: []int{1}, Extended: 8, More: 2, Code: probe.DNSBlocked},
		},
		{
			name: "the last error that is kept blocks", usable: 1, extended: 9, blocked: 8,
			want: kept{Usable: 1, Blocked: []int{8}, Extended: 8, More: 1, Code: probe.DNSBlocked},
		},
		{
			name: "the first error that is not kept blocks", usable: 1, extended: 9, blocked: 9,
			want: kept{Usable: 1, Blocked: []int{8}, Extended: 8, More: 1, Code: probe.DNSBlocked},
		},
		{
			name: "a later one blocks", usable: 33, extended: 12, blocked: 11,
			want: kept{Usable: 32, Blocked: []int{8}, Extended: 8, More: 1 + 4, Code: probe.DNSBlocked},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var records []string
			for k := range tt.unusable {
				records = append(records, fmt.Sprintf("%s. 300 IN A 127.0.0.%d", dnsHost, k))
			}
			for k := range tt.usable {
				records = append(records, fmt.Sprintf("%s. 300 IN A 203.0.113.%d", dnsHost, k))
			}
			m := answerTo(question, records...)
			opt := m.SetEdns0(1232, false).IsEdns0()
			for k := range tt.extended {
				e := &dns.EDNS0_EDE{InfoCode: dns.ExtendedErrorCodeStaleAnswer}
				if k+1 == tt.blocked {
					e.InfoCode = dns.ExtendedErrorCodeFiltered
				}
				opt.Option = append(opt.Option, e)
			}
			raw, err := m.Pack()
			if err != nil {
				t.Fatal(err)
			}
			q, _ := probe.JudgeAnswer(raw, question)
			got := kept{Extended: len(q.Extended), More: q.More, Code: q.Code}
			for _, a := range q.Addresses {
				if a.IsLoopback() {
					got.Unusable++
				} else {
					got.Usable++
				}
			}
			for k, e := range q.Extended {
				if e.InfoCode == dns.ExtendedErrorCodeFiltered {
					got.Blocked = append(got.Blocked, k+1)
				}
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("kept (-want +got):\n%s", diff)
			}
		})
	}
}

func TestDNSAnswersWithoutEnd(t *testing.T) {
	question := new(dns.Msg).SetQuestion(dnsHost+".", dns.TypeA)
	for name, records := range map[string][]string{
		"a circle":         {dnsHost + ". 60 IN CNAME a.example.", "a.example. 60 IN CNAME " + dnsHost + "."},
		"a name by itself": {dnsHost + ". 60 IN CNAME " + dnsHost + "."},
		"too long a chain": chain(17),
	} {
		raw, err := answerTo(question, records...).Pack()
		if err != nil {
			t.Fatal(err)
		}
		q, err := probe.JudgeAnswer(raw, question)
		if q.Code != probe.DNSMalformed || err == nil || len(q.Addresses) > 0 || len(q.CNAMEs) > 16 {
			t.Errorf("%s: %+v, %v", name, q, err)
		}
	}
}

func FuzzDNSAnswer(f *testing.F) {
	question := new(dns.Msg).SetQuestion(dnsHost+".", dns.TypeA)
	question.Id = 0x1234
	for _, records := range [][]string{nil, {dnsHost + ". 300 IN A 203.0.113.7"}, chain(2), {dnsHost + ". 60 IN CNAME " + dnsHost + "."}} {
		m := answerTo(question, records...)
		m.Ns = answerTo(question, "live.com. 60 IN SOA ns.example. host.example. 1 2 3 4 5").Answer
		m.SetEdns0(1232, false).IsEdns0().Option = []dns.EDNS0{&dns.EDNS0_EDE{InfoCode: 15, ExtraText: "policy"}}
		raw, err := m.Pack()
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
	codes := []probe.Code{
		"", probe.DNSRefused, probe.DNSServFail, probe.DNSNXDomain, probe.DNSNoData, probe.DNSSinkhole, probe.DNSBlocked, probe.DNSMalformed,
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		q, err := probe.JudgeAnswer(raw, question)
		known := false
		for _, c := range codes {
			known = known || q.Code == c
		}
		switch {
		case !known:
			t.Errorf("code %q", q.Code)
		case (err == nil) != (q.Code == ""):
			t.Errorf("error %v with code %q", err, q.Code)
		case q.Code == "" && len(q.Addresses) == 0:
			t.Error("success without an address")
		case len(q.CNAMEs) > 16:
			t.Errorf("%d canonical names", len(q.CNAMEs))
		case q.SOA != nil && q.RCode != "NXDOMAIN" && (q.RCode != "NOERROR" || len(q.Addresses) > 0):
			t.Errorf("%s with %v has the record of a denial", q.RCode, q.Addresses)
		case q.SOA != nil && max(len(q.SOA.Owner), len(q.SOA.MName), len(q.SOA.RName)) > 255:
			t.Errorf("names too long: %+v", q.SOA)
		}
	})
}
