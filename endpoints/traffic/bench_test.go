package traffic_test

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/endpoints/traffic"
)

// A generator produces a log of a given size while being read: a head, a
// repeated block, and a tail.
type generator struct {
	head, block, tail []byte
	left              int64 // bytes of blocks
	rest              []byte
	done              bool

	every, next int64 // after how many bytes to look
	look        func()
}

func (g *generator) Read(p []byte) (int, error) {
	if g.look != nil && g.next <= 0 {
		g.next = g.every
		g.look()
	}
	for len(g.rest) == 0 {
		switch {
		case g.head != nil:
			g.rest, g.head = g.head, nil
		case g.left > 0:
			g.rest = g.block
			g.left -= int64(len(g.block))
		case g.done:
			return 0, io.EOF
		default:
			g.rest, g.done = g.tail, true
		}
	}
	n := copy(p, g.rest)
	g.rest = g.rest[n:]
	g.next -= int64(n)
	return n, nil
}

// generate returns a log of a format and an approximate size, which repeats
// after some lines. Every second line has a host of its own, as behind an
// office proxy.
func generate(format traffic.Format, size int64, lines int) *generator {
	g := &generator{left: size, every: size / 8, next: size / 8}
	hosts := []string{"login.live.com", "ztd.dds.microsoft.com", "login.microsoftonline.com", "enrollment.manage.microsoft.com"}
	var b bytes.Buffer
	for i := range lines {
		host := hosts[i%len(hosts)]
		if i%2 == 0 {
			host = fmt.Sprintf("h%d.example.net", i)
		}
		switch format {
		case traffic.Squid:
			fmt.Fprintf(&b, "%d.%03d %6d 192.0.2.%d TCP_TUNNEL/200 5120 CONNECT %s:443 - HIER_DIRECT/203.0.113.5 -\n", 1568426400+i/10, i%1000, i, i%250, host)
		case traffic.CLF:
			fmt.Fprintf(&b, "192.0.2.%d - - [14/Sep/2019:02:%02d:%02d +0000] \"CONNECT %s:443 HTTP/1.1\" 200 5120 \"-\" \"Mozilla/5.0\"\n", i%250, i/600%60, i/10%60, host)
		case traffic.W3C:
			fmt.Fprintf(&b, "2019-09-14 02:%02d:%02d 192.0.2.%d - CONNECT %s:443 \"Mozilla/5.0 (x)\" 200\n", i/600%60, i/10%60, i%250, host)
		case traffic.HAR:
			fmt.Fprintf(&b, "{\"startedDateTime\": \"2019-09-14T02:%02d:%02dZ\",\n \"request\": {\"method\": \"GET\", \"url\": \"https://%s/\", \"headers\": [{\"name\": \"a\", \"value\": \"b\"}]},\n \"response\": {\"status\": 200, \"content\": {\"text\": \"%s\"}}},\n",
				i/600%60, i/10%60, host, strings.Repeat("A", 100))
		case traffic.Hosts, traffic.Auto:
			fmt.Fprintf(&b, "%d %s:443\n", 1568426400+i/10, host)
		default:
			at := fmt.Sprintf("02:%02d:%02d", i/600%60, i/10%60)
			fmt.Fprintln(&b, strings.NewReplacer("TIME", at, "HOST", host, "UNIX", strconv.Itoa(1568426400+i/10)).Replace(template(format)))
		}
	}
	switch format {
	case traffic.W3C:
		g.head = []byte("#Fields: date time c-ip cs-username cs-method cs-uri cs(User-Agent) sc-status\n")
	case traffic.HAR:
		g.head, g.tail = []byte(`{"log": {"entries": [`), []byte("{}]}}")
	default:
	}
	g.block = b.Bytes()
	return g
}

// template returns a line, or a question and its answer, with TIME, UNIX
// and HOST to fill in.
func template(format traffic.Format) string {
	const paloAlto = "1,2019/09/14 TIME,0,KIND,2561,2019/09/14 TIME,192.0.2.10,203.0.113.5,,,any,,,ssl,v,a,b,c,d,e,,7,1,50000,443,0,0,0x1c,tcp,allow"
	switch format {
	case traffic.Dnsmasq:
		return "Sep 14 TIME dnsmasq[7]: query[A] HOST from 192.0.2.10\nSep 14 TIME dnsmasq[7]: reply HOST is 203.0.113.5"
	case traffic.Unbound:
		return "2019-09-14TTIMEZ unbound[7:0] info: 192.0.2.10 HOST. A IN\n2019-09-14TTIMEZ unbound[7:0] info: 192.0.2.10 HOST. A IN NOERROR 0.025000 0 120"
	case traffic.BIND:
		return "14-Sep-2019 TIME.123 queries: info: client @0x7f10 192.0.2.10#50000 (HOST): query: HOST IN A +E(0)K (198.51.100.53)"
	case traffic.Zeek:
		return `{"ts":"2019-09-14TTIMEZ","uid":"C3","id.resp_h":"203.0.113.5","id.resp_p":443,"server_name":"HOST","resumed":false,"established":true}`
	case "fortigate":
		return `date=2019-09-14 eventtime=UNIX type="utm" subtype="webfilter" dstip=203.0.113.6 dstport=443 proto=6 action="passthrough" hostname="HOST"`
	case "adguard-home":
		return `{"T":"2019-09-14TTIMEZ","QH":"HOST","QT":"A","Answer":"AAGBgAABAAEAAAAAAWEAAAEAAcAMAAEAAQAAADwABMsAcQU=","Result":{}}`
	case "azure-firewall":
		return `{"TimeGenerated":"2019-09-14TTIMEZ","Protocol":"HTTPS","DestinationPort":443,"Fqdn":"HOST","Action":"Allow"}`
	case "paloalto-traffic":
		return strings.ReplaceAll(paloAlto, "KIND", "TRAFFIC,end")
	case "paloalto-url":
		return strings.ReplaceAll(paloAlto, "KIND", "THREAT,url") + `,"HOST/x",7`
	case "umbrella-dns":
		return `"2019-09-14 TIME","a","a,b","192.0.2.10","198.51.100.7","Allowed","1 (A)","NOERROR","HOST.","x"`
	case "zscaler-web":
		return `"Sat Sep 14 TIME 2019","a","HTTPS","HOST/","Allowed","x","x","7","1","0","0","x","x","x","x","x","0","x","x","a","b","192.0.2.10","203.0.113.5","GET","200"`
	default:
		return ""
	}
}

// live returns the heap in use after a garbage collection.
func live() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// benchSize returns the size of a log: 32 MB, or NETREADY_BENCH_MB.
func benchSize(b *testing.B) int64 {
	b.Helper()
	mb := int64(32)
	if s := os.Getenv("NETREADY_BENCH_MB"); s != "" {
		var err error
		if mb, err = strconv.ParseInt(s, 10, 32); err != nil || mb < 1 {
			b.Fatalf("NETREADY_BENCH_MB=%s is no number of megabytes", s)
		}
	}
	return mb << 20
}

// BenchmarkAnnotate reads a large log of each format. heap-MB is the largest of
// eight measurements of the heap, relative to its size before.
//
// For a log of 1 GB in each format, as every night: NETREADY_BENCH_MB=1024 go test
// -bench Annotate -benchtime 1x
func BenchmarkAnnotate(b *testing.B) {
	scope := endpoints.Scope{Scenario: endpoints.ScenarioAutopilot}
	for _, format := range traffic.Formats() {
		b.Run(string(format), func(b *testing.B) {
			size := benchSize(b)
			b.SetBytes(size)
			var most uint64
			for b.Loop() {
				g := generate(format, size, 12_000)
				before := live()
				g.look = func() {
					if now := live(); now > before {
						most = max(most, now-before)
					}
				}
				sum, err := traffic.Annotate(g, traffic.Auto, nil, scope)
				if err != nil || sum.Format != format || sum.Lines.Skipped > 1 || len(sum.Hosts) < 6000 && format != "paloalto-traffic" {
					b.Fatalf("error %v, summary of %d hosts as %q, %d skipped", err, len(sum.Hosts), sum.Format, sum.Lines.Skipped)
				}
			}
			b.ReportMetric(float64(most)/(1<<20), "heap-MB")
			if most > 16<<20 {
				b.Errorf("the heap grew by %d MB", most>>20)
			}
		})
	}
}

// BenchmarkTinyTokens reads an archive of many small values.
func BenchmarkTinyTokens(b *testing.B) {
	block := []byte(`{"request": {"url": "http://a.example/"}, "x": [` + strings.Repeat(`1,{"a":2,"b":[]},`, 1000) + "0]},\n")
	size := benchSize(b)
	b.SetBytes(size)
	for b.Loop() {
		s := traffic.NewScanner(&generator{head: []byte(`{"log": {"entries": [`), block: block, tail: []byte("{}]}}"), left: size}, traffic.HAR)
		n := 0
		for range s.Entries() {
			n++
		}
		if n == 0 || s.Err() != nil {
			b.Fatalf("%d entries, error %v", n, s.Err())
		}
	}
}

// TestBoundedMemory: too much of anything needs no more memory.
func TestBoundedMemory(t *testing.T) {
	var names strings.Builder
	for i := range 50_000 {
		fmt.Fprintf(&names, "a-name-of-a-host-that-comes-once-%d.example\n", i)
	}
	har := func(head, block, tail string) *generator {
		return &generator{head: []byte(`{"log": {"entries": [{"request": {"url": "http://a.example"}, "x": ` + head), block: []byte(strings.Repeat(block, 1000)), tail: []byte(tail + "}]}}")}
	}
	const large = 4 << 20
	tests := []struct {
		name   string
		format traffic.Format
		size   int64
		log    *generator
	}{
		{"a line without end", traffic.Hosts, large, &generator{block: bytes.Repeat([]byte("x"), 1000), tail: []byte("\na.example")}},
		{"spellings of names", traffic.Hosts, large, &generator{block: []byte(names.String())}},
		{"NUL bytes", traffic.Hosts, large, &generator{block: make([]byte, 1000), tail: []byte("a.example")}},
		{"malformed lines", traffic.Hosts, large, &generator{block: bytes.Repeat([]byte("!!!!!!!!!!!!!!!\n"), 100), tail: []byte("a.example")}},
		{"a long text", traffic.HAR, large, har(`"`, "x", `"`)},
		{"a long text of escapes", traffic.HAR, large, har(`"`, `\u00e9\"\\`, `"`)},
		{"white space", traffic.HAR, large, har(``, " ", `1`)},
		{"blank lines", traffic.HAR, large, har(``, "\n\r\n", `1`)},
		{"values", traffic.HAR, large / 4, har(`[`, "[1, {\"a\": 2}],\n", `1]`)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			before, most := live(), uint64(0)
			tt.log.left = tt.size
			tt.log.every = tt.log.left / 8
			tt.log.next = tt.log.every
			tt.log.look = func() { most = max(most, live()) }
			s := traffic.NewScanner(tt.log, tt.format)
			n := 0
			for range s.Entries() {
				n++
			}
			if n == 0 || s.Err() != nil {
				t.Errorf("%d entries, error %v", n, s.Err())
			}
			if most == 0 || most > before+2<<20 {
				t.Errorf("%d bytes, and %d in between", before, most)
			}
		})
	}
}

// TestConstantMemory: a log twice as large needs no more memory.
func TestConstantMemory(t *testing.T) {
	for _, format := range traffic.Formats() {
		var seen []uint64
		g := generate(format, 2<<20, 1500)
		g.look = func() { seen = append(seen, live()) }
		if _, err := traffic.Annotate(g, format, small(t), endpoints.Scope{}); err != nil {
			t.Fatal(err)
		}
		// All hosts have occurred after the first of at least four blocks.
		middle, end := seen[len(seen)/2], seen[len(seen)-1]
		if len(seen) < 6 || end > middle+128<<10 {
			t.Errorf("%s: %d bytes in the middle, %d at the end, of %v", format, middle, end, seen)
		}
	}
}

// A resolver's log may name any number of addresses for one question.
func TestAnswersOfALookupAreLimited(t *testing.T) {
	const most = 64
	log := "Sep 14 02:00:10 dnsmasq[7]: query[A] a.example from 192.0.2.10\n"
	for i := range 10 * most {
		log += fmt.Sprintf("Sep 14 02:00:10 dnsmasq[7]: reply a.example is 203.0.%d.%d\n", i/256, i%256)
	}
	s := traffic.NewScanner(strings.NewReader(log), traffic.Dnsmasq)
	for e := range s.Entries() {
		if len(e.Answers) != most {
			t.Errorf("%d answers of %s, want %d", len(e.Answers), e.Host, most)
		}
	}
}
