package probe_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/probe"
	"github.com/netready/netready/probe/probetest"
)

var (
	httpRange  = probe.Target{Protocol: probe.HTTP, Host: host, Port: 80, Range: true}
	httpsRange = probe.Target{Protocol: probe.HTTPS, Host: host, Port: 443, Range: true}
)

// Responses to a request for the first byte, and what they say about ranges.
func TestRange(t *testing.T) {
	const whole = "HTTP/1.1 200 OK\nContent-Length: 4\nAccept-Ranges: bytes\n\nfile"
	part := func(header, body string) []probetest.Fault {
		return raw(fmt.Sprintf("HTTP/1.1 206 Partial Content\n%sContent-Length: %d\n\n%s", header, len(body), body))
	}
	supported := &probe.RangeFacts{Supported: true, ContentRange: "bytes 0-0/24", AcceptRanges: "bytes", Length: 24}
	malformed := func(contentRange string, length int64) *probe.RangeFacts {
		return &probe.RangeFacts{ContentRange: contentRange, Length: length, Code: probe.HTTPMalformed}
	}
	tests := []struct {
		name   string
		faults []probetest.Fault
		facts  *probe.RangeFacts
		code   probe.Code // of the observation
	}{
		{"a server that knows ranges", nil, supported, ""},
		{"a length that is not known", part("Content-Range: bytes 0-0/*\n", "f"), &probe.RangeFacts{Supported: true, ContentRange: "bytes 0-0/*"}, ""},
		{"a filter that takes ranges out", fault(probetest.IgnoreRange), &probe.RangeFacts{AcceptRanges: "bytes", Length: 24, Code: probe.HTTPRangeUnsupported}, ""},
		{"a filter that resets range requests", fault(probetest.ResetRange), &probe.RangeFacts{Code: probe.HTTPReset}, ""},
		{"a filter that leaves range requests unanswered", fault(probetest.SilentRange), &probe.RangeFacts{Code: probe.HTTPTimeout}, ""},
		{"a filter that answers with a part and does not say which", fault(probetest.BareRange), &probe.RangeFacts{Code: probe.HTTPMalformed}, ""},
		{"a request that is reset once", fault(probetest.Once{Fault: probetest.ResetRange}), supported, ""},
		{"every request is reset", fault(probetest.At{Network: "tcp", Fault: probetest.At{Stage: probetest.AfterRequest, Fault: probetest.Reset}}), nil, probe.HTTPReset},
		{"the whole", raw(whole), &probe.RangeFacts{AcceptRanges: "bytes", Length: 4, Code: probe.HTTPRangeUnsupported}, ""},
		{"the whole, changed on the way", raw(strings.Replace(whole, "200 OK", "203 OK", 1)), &probe.RangeFacts{AcceptRanges: "bytes", Length: 4, Code: probe.HTTPRangeUnsupported}, ""},
		{"the whole, of a length that is not said", raw("HTTP/1.0 200 OK\n\nfile"), &probe.RangeFacts{Code: probe.HTTPRangeUnsupported}, ""},
		{"the whole, of which the end is missing", raw("HTTP/1.1 200 OK\nContent-Length: 9\n\nfile"), &probe.RangeFacts{Length: 9, Code: probe.HTTPRangeUnsupported}, probe.HTTPTruncated},
		{"an empty file", raw("HTTP/1.1 200 OK\nContent-Length: 0\n\n"), &probe.RangeFacts{}, ""},
		{"an empty file that cannot be divided", raw("HTTP/1.1 416 No\nContent-Range: bytes */0\nContent-Length: 0\n\n"), &probe.RangeFacts{ContentRange: "bytes */0"}, ""},
		{"a file that will not be divided", raw("HTTP/1.1 416 No\nContent-Range: bytes */24\nContent-Length: 0\n\n"), &probe.RangeFacts{ContentRange: "bytes */24", Length: 24}, ""},
		{"nothing there", fault(probetest.Page{Status: 404, Body: "no"}), &probe.RangeFacts{}, ""},
		{"nothing for us", fault(probetest.Page{Status: 403, Body: "no"}), &probe.RangeFacts{}, ""},
		{"elsewhere", fault(probetest.RedirectLoop), &probe.RangeFacts{}, ""},
		{"a part that is not said to be which", part("", "f"), malformed("", 0), ""},
		{"another part", part("Content-Range: bytes 1-1/24\n", "i"), malformed("bytes 1-1/24", 24), ""},
		{"a larger part", part("Content-Range: bytes 0-3/24\n", "file"), malformed("bytes 0-3/24", 24), ""},
		{"more than it is said to be", part("Content-Range: bytes 0-0/24\n", "file"), malformed("bytes 0-0/24", 24), ""},
		{"less than it is said to be", part("Content-Range: bytes 0-0/24\n", ""), malformed("bytes 0-0/24", 24), ""},
		{"two ranges for one", part("Content-Range: bytes 0-0/24\nContent-Range: bytes 0-0/24\n", "f"), malformed("bytes 0-0/24, bytes 0-0/24", 0), ""},
		{"a part of nothing", part("Content-Range: bytes 0-0/0\n", "f"), malformed("bytes 0-0/0", 0), ""},
		{"a part that is broken off", raw("HTTP/1.1 206 OK\nContent-Range: bytes 0-0/24\nContent-Length: 1\n\n"), &probe.RangeFacts{ContentRange: "bytes 0-0/24", Length: 24}, probe.HTTPTruncated},
		{"nobody there", fault(probetest.At{Network: "tcp", Fault: probetest.Refuse}), nil, probe.TCPRefused},
		{"silence", fault(probetest.At{Network: "tcp", Fault: probetest.At{Stage: probetest.AfterRequest, Fault: probetest.Silence}}), nil, probe.HTTPTimeout},
	}
	for _, test := range tests {
		for _, target := range []probe.Target{httpRange, httpsRange} {
			t.Run(test.name+" over "+string(target.Protocol), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					i := &probetest.Internet{Hosts: []string{host}, Latency: 20 * time.Millisecond, Faults: test.faults}
					prober := plain
					if target.Protocol == probe.HTTPS {
						prober = secure
					}
					o := prober(i.Network()).Probe(t.Context(), target)
					var facts *probe.RangeFacts
					if o.HTTP != nil {
						facts = o.HTTP.Range
					}
					if diff := cmp.Diff(test.facts, facts); diff != "" || o.Code() != test.code {
						t.Errorf("error %v, want %q; range (-want +got):\n%s", o.Error, test.code, diff)
					}
					checkSteps(t, o)
				})
			})
		}
	}
}

// A range is requested only on demand, and takes no request of its own.
func TestRangeRequest(t *testing.T) {
	for _, wanted := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			var got []string
			i := &probetest.Internet{Hosts: []string{host}, Handler: http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
				got = append(got, r.Header.Get("Range"))
			})}
			httpTarget, httpsTarget := httpTarget, httpsTarget
			httpTarget.Range, httpsTarget.Range = wanted, wanted
			a := plain(i.Network()).Probe(t.Context(), httpTarget)
			b := secure(i.Network()).Probe(t.Context(), httpsTarget)
			want := []string{"", ""}
			if wanted {
				want = []string{"bytes=0-0", "bytes=0-0"}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("requests (-want +got):\n%s", diff)
			}
			if a.HTTP.Range != nil != wanted || b.HTTP.Range != nil != wanted {
				t.Errorf("range facts %v and %v, wanted: %t", a.HTTP.Range, b.HTTP.Range, wanted)
			}
			var connects int
			for _, e := range i.Log() {
				if e.Kind == probetest.EventConnect {
					connects++
				}
			}
			if connects != 2 {
				t.Errorf("%d connections, want 2", connects)
			}
		})
	}
}

// Inspection that removes ranges shows both faults at once.
func TestRangeBehindInspection(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		i := &probetest.Internet{Hosts: []string{host}, Faults: fault(probetest.Inspect{}, probetest.IgnoreRange)}
		o := secure(i.Network()).Probe(t.Context(), httpsRange)
		if o.Code() != probe.TLSInspected || o.HTTP.Range.Code != probe.HTTPRangeUnsupported {
			t.Errorf("error %v, range %+v", o.Error, o.HTTP.Range)
		}
	})
}

// A proxy meets what is on its path: the range, and not the host, is at fault.
func TestRangeThroughProxy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		i := &probetest.Internet{Hosts: []string{host}, Faults: fault(probetest.ResetRange)}
		n := i.Network()
		n.Proxy = func(probe.Target) (*url.URL, error) { return i.ProxyURL(), nil }
		for _, target := range []probe.Target{httpRange, httpsRange} {
			o := n.Probe(t.Context(), target)
			if !o.OK() || o.HTTP.Status != 200 || o.HTTP.Range.Code == "" || o.Proxy.Code != "" {
				t.Errorf("%s: error %v, status %d, range %+v, proxy %+v", target, o.Error, o.HTTP.Status, o.HTTP.Range, o.Proxy)
			}
		}
	})
}

func TestParseContentRange(t *testing.T) {
	tests := []struct {
		value string
		want  probe.ContentRange
		ok    bool
	}{
		{"bytes 0-0/1", probe.ContentRange{Length: 1}, true},
		{"bytes 42-1233/1234", probe.ContentRange{First: 42, Last: 1233, Length: 1234}, true},
		{"bytes 42-1233/*", probe.ContentRange{First: 42, Last: 1233}, true},
		{"bytes */1234", probe.ContentRange{Length: 1234, Unsatisfied: true}, true},
		{"Bytes 0-0/1", probe.ContentRange{Length: 1}, true},
		{"bytes 9223372036854775806-9223372036854775806/9223372036854775807", probe.ContentRange{First: 9223372036854775806, Last: 9223372036854775806, Length: 9223372036854775807}, true},
		{"bytes 0-0/9223372036854775808", probe.ContentRange{}, false},
		{"bytes 1-0/2", probe.ContentRange{}, false},
		{"bytes 0-1/1", probe.ContentRange{}, false},
		{"bytes 0-0/0", probe.ContentRange{}, false},
		{"bytes */*", probe.ContentRange{}, false},
		{"bytes 0/1", probe.ContentRange{}, false},
		{"bytes 0-/1", probe.ContentRange{}, false},
		{"bytes -0/1", probe.ContentRange{}, false},
		{"bytes 0-0-0/1", probe.ContentRange{}, false},
		{"bytes 0-0", probe.ContentRange{}, false},
		{"bytes 0-0/1/1", probe.ContentRange{}, false},
		{"bytes=0-0/1", probe.ContentRange{}, false},
		{"bytes  0-0/1", probe.ContentRange{}, false},
		{"bytes +0-0/1", probe.ContentRange{}, false},
		{"items 0-0/1", probe.ContentRange{}, false},
		{"", probe.ContentRange{}, false},
	}
	for _, test := range tests {
		got, ok := probe.ParseContentRange(test.value)
		if ok != test.ok || ok && got != test.want {
			t.Errorf("%q: %+v, %t, want %+v, %t", test.value, got, ok, test.want, test.ok)
		}
	}
}

// FuzzContentRange: accepted values have the form of RFC 9110 section 14.4, and
// all meaningful values of that form are accepted.
func FuzzContentRange(f *testing.F) {
	for _, value := range []string{"bytes 0-0/1", "bytes 42-1233/*", "bytes */9", "bytes 0-0/99999999999999999999", "bytes 00-00/01", "none"} {
		f.Add(value)
	}
	form := regexp.MustCompile(`^(?i:bytes) (?:(\d+)-(\d+)|\*)/(\d+|\*)$`)
	f.Fuzz(func(t *testing.T, value string) {
		got, ok := probe.ParseContentRange(value)
		m := form.FindStringSubmatch(value)
		var want probe.ContentRange
		valid := m != nil
		number := func(s string) int64 {
			if s == "" || s == "*" {
				return 0
			}
			n, err := strconv.ParseInt(s, 10, 64)
			valid = valid && err == nil
			return n
		}
		if m != nil {
			want = probe.ContentRange{First: number(m[1]), Last: number(m[2]), Length: number(m[3]), Unsatisfied: m[1] == ""}
			valid = valid && want.First <= want.Last && (want.Unsatisfied && m[3] != "*" || !want.Unsatisfied && (m[3] == "*" || want.Last < want.Length))
		}
		if ok != valid || ok && got != want {
			t.Errorf("%q: %+v, %t, want %+v, %t", value, got, ok, want, valid)
		}
		resp := &http.Response{StatusCode: http.StatusPartialContent, Header: http.Header{"Content-Range": {value}}}
		facts := probe.ReadRange(resp, []byte("x"), false)
		if first := valid && !want.Unsatisfied && want.First == 0 && want.Last == 0; facts.Supported != first || facts.Supported == (facts.Code != "") {
			t.Errorf("%q: %+v", value, facts)
		}
	})
}
