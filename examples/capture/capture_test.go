package main

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/gopacket/gopacket/layers"
	"github.com/gopacket/gopacket/pcapgo"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/endpoints/traffic"
)

// TestWire shows what each situation on the wire is taken for.
func TestWire(t *testing.T) {
	const live = "203.0.113.5"
	tests := []struct {
		name string
		wire func(w *wire)
		want []string // host, port, end and reason
	}{
		{"TLS that works", func(w *wire) { w.connect(live + ":443").tls("login.live.com") }, []string{"login.live.com:443 passed"}},
		{"a ClientHello in small segments", func(w *wire) {
			d := w.connect(live + ":443")
			d.write(helloFor(t, "login.live.com"), 90)
			d.write(record(recordData, make([]byte, 60)...), 7)
		}, []string{"login.live.com:443 passed"}},
		{"segments out of order, and one twice", func(w *wire) {
			d := w.connect(live + ":443")
			hello := helloFor(t, "login.live.com")
			first, second, third := hello[:100], hello[100:150], hello[150:]
			start := d.up
			d.up = start + 150
			d.write(third, 1400)
			end := d.up
			d.up = start
			d.write(first, 1400)
			d.up = start
			d.write(first, 1400)
			d.write(second, 1400)
			d.up = end
			d.write(record(recordData, make([]byte, 60)...), 1400)
		}, []string{"login.live.com:443 passed"}},
		{"a name from a lookup", func(w *wire) {
			w.lookup("login.live.com", layers.DNSResponseCodeNoErr, live)
			w.dial(live + ":443")
			w.wait(10 * time.Second)
			w.lookup("a.example", layers.DNSResponseCodeNoErr, "203.0.113.9")
		}, []string{"login.live.com:0 passed 203.0.113.5", "a.example:0 passed 203.0.113.9", live + ":443 failed: no answer to SYN"}},
		{"a lookup answered with a private address", func(w *wire) {
			w.lookup("login.live.com", layers.DNSResponseCodeNoErr, "10.1.1.1")
		}, []string{"login.live.com:0 unknown 10.1.1.1"}},
		{"nothing but headers captured", func(w *wire) {
			w.snap = 40
			w.connect(live + ":443").tls("login.live.com")
		}, []string{live + ":443 unknown"}},
		{"a SYN at the end of the capture", func(w *wire) { w.dial(live + ":443") }, []string{live + ":443 unknown"}},
		{"a SYN that is refused", func(w *wire) { w.dial(live + ":443").hear(layers.TCP{RST: true, ACK: true}) }, []string{live + ":443 failed: connection refused (RST)"}},
		{"a rule of a router", func(w *wire) { w.dial(live + ":443").prohibit(13) }, []string{live + ":443 denied: ICMP DestinationUnreachable(CommAdminProhibited)"}},
		{"no route", func(w *wire) { w.dial(live + ":443").prohibit(1) }, []string{live + ":443 failed: ICMP DestinationUnreachable(Host)"}},
		{"a reset in place of a ServerHello", func(w *wire) {
			d := w.connect(live + ":443")
			d.write(helloFor(t, "login.live.com"), 1400)
			d.hear(layers.TCP{RST: true})
		}, []string{"login.live.com:443 failed: connection reset (RST) during the TLS handshake"}},
		{"no answer to a ClientHello", func(w *wire) {
			d := w.connect(live + ":443")
			d.write(helloFor(t, "login.live.com"), 1400)
			w.wait(time.Minute)
			w.connect("203.0.113.9:443").tls("a.example")
		}, []string{"login.live.com:443 failed: no answer during the TLS handshake", "a.example:443 passed"}},
		{"a client that gives up", func(w *wire) {
			d := w.connect(live + ":443")
			d.write(helloFor(t, "login.live.com"), 1400)
			w.wait(8 * time.Second)
			d.say(layers.TCP{FIN: true, ACK: true})
		}, []string{"login.live.com:443 failed: no answer during the TLS handshake"}},
		{"a client that gives up at once", func(w *wire) {
			d := w.connect(live + ":443")
			d.write(helloFor(t, "login.live.com"), 1400)
			d.say(layers.TCP{FIN: true, ACK: true})
		}, []string{"login.live.com:443 unknown"}},
		{"a foreign certificate", func(w *wire) {
			d := w.connect(live + ":443")
			d.write(helloFor(t, "login.live.com"), 1400)
			d.answer(record(recordHandshake, make([]byte, 1200)...))
			d.write(record(recordAlert, 2, 48), 1400)
			d.say(layers.TCP{RST: true})
		}, []string{"login.live.com:443 failed: the client ended the handshake: tls: unknown certificate authority"}},
		{"a server that wants something else", func(w *wire) {
			d := w.connect(live + ":443")
			d.write(helloFor(t, "login.live.com"), 1400)
			d.answer(record(recordAlert, 2, 40))
		}, []string{"login.live.com:443 failed: the server ended the handshake: tls: handshake failure"}},
		{"an alert at the end of a good connection", func(w *wire) {
			d := w.connect(live + ":443")
			d.tls("login.live.com")
			d.write(record(recordAlert, 1, 0), 1400)
			d.hear(layers.TCP{RST: true})
		}, []string{"login.live.com:443 passed"}},
		{"large packets get lost", func(w *wire) {
			d := w.connect(live + ":443")
			hello := append(helloFor(t, "login.live.com"), record(recordHandshake, make([]byte, 1300)...)...)
			start := d.up
			for range 3 {
				d.up = start
				d.write(hello, 1400)
				w.wait(time.Second)
			}
		}, []string{"login.live.com:443 failed: large packets were never acknowledged"}},
		{"large packets are lost for a while", func(w *wire) {
			d := w.connect(live + ":443")
			hello := append(helloFor(t, "login.live.com"), record(recordHandshake, make([]byte, 1300)...)...)
			start := d.up
			for range 3 {
				d.up = start
				d.write(hello, 1400)
				w.wait(time.Second)
			}
			d.answer(record(recordHandshake, make([]byte, 1200)...))
		}, []string{"login.live.com:443 unknown"}},
		{"a large packet is sent twice", func(w *wire) {
			d := w.connect(live + ":443")
			hello := append(helloFor(t, "login.live.com"), record(recordHandshake, make([]byte, 1300)...)...)
			start := d.up
			d.write(hello, 1400)
			d.up = start
			d.write(hello, 1400)
			d.answer(record(recordHandshake, make([]byte, 1200)...))
			d.write(record(recordData, make([]byte, 100)...), 1400)
		}, []string{"login.live.com:443 passed"}},
		{"each packet several times, as pktmon writes it", func(w *wire) {
			w.copies = 4
			w.lookup("login.live.com", layers.DNSResponseCodeNoErr, live)
			d := w.connect(live + ":443")
			d.write(append(helloFor(t, "login.live.com"), record(recordHandshake, make([]byte, 1300)...)...), 1400)
			w.ntp("203.0.113.1", true)
		}, []string{"login.live.com:0 passed " + live, "203.0.113.1:123 passed", "login.live.com:443 unknown"}},
		{"one direction alone", func(w *wire) {
			d := w.dial(live + ":443")
			d.up++
			d.say(layers.TCP{ACK: true})
			d.write(helloFor(t, "login.live.com"), 1400)
			w.wait(time.Minute)
			d.write(record(recordData, make([]byte, 100)...), 1400)
		}, []string{"login.live.com:443 passed"}},
		{"HTTP", func(w *wire) {
			d := w.connect(live + ":80")
			d.write([]byte("GET /connecttest.txt HTTP/1.1\r\nHost: www.msftconnecttest.com\r\n\r\n"), 20)
			d.answer([]byte("HTTP/1.1 200 OK\r\n\r\nMicrosoft Connect Test"))
		}, []string{"www.msftconnecttest.com:80 passed 200"}},
		{"a proxy that refuses", func(w *wire) {
			d := w.connect("192.0.2.2:3128")
			d.write([]byte("CONNECT login.live.com:443 HTTP/1.1\r\nHost: login.live.com:443\r\n\r\n"), 1400)
			d.answer([]byte("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n"))
		}, []string{"login.live.com:443 denied 407: status 407"}},
		{"a proxy that fails", func(w *wire) {
			d := w.connect("192.0.2.2:3128")
			d.write([]byte("GET http://crl3.digicert.com/a.crl HTTP/1.1\r\nHost: crl3.digicert.com\r\n\r\n"), 1400)
			d.answer([]byte("HTTP/1.1 503 Service Unavailable\r\n\r\n"))
		}, []string{"crl3.digicert.com:80 failed 503: status 503"}},
		{"TLS through a proxy, to a foreign certificate", func(w *wire) {
			d := w.connect("192.0.2.2:3128")
			d.write([]byte("CONNECT login.live.com:443 HTTP/1.1\r\n\r\n"), 1400)
			d.answer([]byte("HTTP/1.1 200 OK\r\n\r\n"))
			d.write(helloFor(t, "login.live.com"), 1400)
			d.answer(record(recordHandshake, make([]byte, 1200)...))
			d.write(record(recordAlert, 2, 48), 1400)
		}, []string{"login.live.com:443 failed 200: the client ended the handshake: tls: unknown certificate authority"}},
		{"lookups", func(w *wire) {
			w.lookup("a.example", layers.DNSResponseCodeNXDomain)
			w.lookup("b.example", layers.DNSResponseCodeRefused)
			w.lookup("c.example", layers.DNSResponseCodeNoErr, "0.0.0.0")
			w.lookup("f.example", layers.DNSResponseCodeNoErr, "127.0.0.1")
			w.lookup("g.example", layers.DNSResponseCodeNoErr)
			w.ask("d.example")
			w.wait(30 * time.Second)
			w.ask("e.example")
		}, []string{
			"a.example:0 failed: the lookup failed: Non-Existent Domain", "b.example:0 denied: the resolver refused the lookup",
			"c.example:0 denied 0.0.0.0: the resolver answered 0.0.0.0", "f.example:0 denied 127.0.0.1: the resolver answered 127.0.0.1",
			"g.example:0 unknown", "d.example:0 failed: no answer to the lookup", "e.example:0 unknown",
		}},
		{"a lookup that is asked again", func(w *wire) {
			w.ask("a.example")
			w.wait(time.Second)
			w.lookup("a.example", layers.DNSResponseCodeNoErr, live)
			w.wait(time.Minute)
			w.lookup("b.example", layers.DNSResponseCodeNoErr, live)
		}, []string{"a.example:0 passed " + live, "b.example:0 passed " + live}},
		{"the time", func(w *wire) {
			w.ntp("203.0.113.1", true)
			w.ntp("203.0.113.2", false)
			w.wait(20 * time.Second)
			w.ntp("203.0.113.3", true)
		}, []string{"203.0.113.1:123 passed", "203.0.113.2:123 failed: no answer", "203.0.113.3:123 passed"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newWire(t)
			tt.wire(w)
			s, err := open(&w.out)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			if err := newReader(func(e traffic.Entry) { got = append(got, entryText(e)) }).read(s); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func entryText(e traffic.Entry) string {
	text := fmt.Sprintf("%s:%d ", e.Host, e.Port)
	switch {
	case e.Denied:
		text += "denied"
	case e.Failed:
		text += "failed"
	case e.Told:
		text += "passed"
	default:
		text += "unknown"
	}
	if e.Status != 0 {
		text += fmt.Sprintf(" %d", e.Status)
	}
	for _, a := range e.Answers {
		text += " " + a.String()
	}
	if e.Reason != "" {
		text += ": " + e.Reason
	}
	return text
}

// TestFormats reads the same packets from pcap, pcapng and gzip.
func TestFormats(t *testing.T) {
	w := newWire(t)
	w.lookup("login.live.com", layers.DNSResponseCodeNoErr, "203.0.113.5")
	w.connect("203.0.113.5:443").tls("login.live.com")
	plain := w.out.Bytes()
	var next, small bytes.Buffer
	ng, err := pcapgo.NewNgWriter(&next, layers.LinkTypeRaw)
	if err != nil {
		t.Fatal(err)
	}
	source, err := pcapgo.NewReader(bytes.NewReader(plain))
	if err != nil {
		t.Fatal(err)
	}
	for {
		data, info, err := source.ReadPacketData()
		if errors.Is(err, io.EOF) {
			break
		}
		info.InterfaceIndex = 0
		if err != nil || ng.WritePacket(info, data) != nil {
			t.Fatal(err)
		}
	}
	_ = ng.Flush()
	z := gzip.NewWriter(&small)
	_, _ = z.Write(next.Bytes())
	_ = z.Close()
	for name, capture := range map[string][]byte{"pcap": plain, "pcapng": next.Bytes(), "pcapng by gzip": small.Bytes()} {
		s, err := open(bytes.NewReader(capture))
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		err = newReader(func(e traffic.Entry) { got = append(got, entryText(e)) }).read(s)
		if diff := cmp.Diff([]string{"login.live.com:0 passed 203.0.113.5", "login.live.com:443 passed"}, got); diff != "" || err != nil {
			t.Errorf("%s: %v (-want +got):\n%s", name, err, diff)
		}
	}
}

// TestCommand writes the report of a device that stops at enrollment.
func TestCommand(t *testing.T) {
	w := newWire(t)
	for i, name := range []string{"login.live.com", "ztd.dds.microsoft.com", "login.microsoftonline.com", "enterpriseregistration.windows.net"} {
		addr := fmt.Sprintf("203.0.113.%d", i+1)
		w.lookup(name, layers.DNSResponseCodeNoErr, addr)
		w.connect(addr + ":443").tls(name)
		w.wait(10 * time.Second)
	}
	w.lookup("enrollment.manage.microsoft.com", layers.DNSResponseCodeNoErr, "203.0.113.20")
	w.dial("203.0.113.20:443")
	w.wait(time.Second)
	w.ntp("203.0.113.30", true)
	w.wait(10 * time.Second)
	w.ntp("203.0.113.30", true)
	capture := w.out.Bytes()
	var stdout, stderr bytes.Buffer
	status := run(nil, bytes.NewReader(capture), &stdout, &stderr)
	text := stdout.String()
	for _, want := range []string{
		"FAILED: 1 host that autopilot requires.",
		"enrollment.manage.microsoft.com  Microsoft Intune  1 of 2 requests failed, and none succeeded after that: no answer to SYN",
		"the last phase reached is Device join and registration",
		"Next:       Intune enrollment",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the report lacks %q:\n%s", want, text)
		}
	}
	if status != 1 || stderr.Len() > 0 {
		t.Errorf("status %d, stderr %s", status, stderr.String())
	}
	// Cut off in the middle, it says what it had read.
	stdout.Reset()
	if status := run([]string{"-format", "json"}, bytes.NewReader(capture[:len(capture)-5]), &stdout, &stderr); status != 2 || !strings.Contains(stdout.String(), "login.live.com") {
		t.Errorf("cut off: status %d, %s", status, stderr.String())
	}
}

// TestOtherFamily: a device that gives up one address and reaches the other is
// well, even if the capture shows the failure later.
func TestOtherFamily(t *testing.T) {
	w := newWire(t)
	w.lookup("login.live.com", layers.DNSResponseCodeNoErr, "203.0.113.5", "203.0.113.6")
	w.dial("203.0.113.5:443")
	good := w.connect("203.0.113.6:443")
	good.tls("login.live.com")
	w.wait(10 * time.Second)
	good.hear(layers.TCP{FIN: true, ACK: true})
	sum, err := annotate(&w.out, nil, endpoints.Scope{Scenario: endpoints.ScenarioAutopilot})
	if err != nil || sum.Verdict() != traffic.VerdictClear {
		t.Errorf("%v, error %v: %+v", sum.Verdict(), err, sum.Failed)
	}
}

// TestRefuses shows what is no capture, and bad flags.
func TestRefuses(t *testing.T) {
	tests := []struct {
		name, text string
		args       []string
		want       string
	}{
		{"text", "login.live.com\n", nil, "capture: neither pcap nor pcapng"},
		{"nothing", "", nil, "capture: neither pcap nor pcapng"},
		{"a head alone", "\xd4\xc3\xb2\xa1", nil, "capture: not a readable capture: "},
		{"a bad flag", "", []string{"-nonsense"}, "capture: flag provided but not defined"},
		{"a missing file", "", []string{"nothing.pcap"}, "capture: open nothing.pcap: "},
		{"two files", "", []string{"a", "b"}, "capture: more than one file"},
	}
	for _, tt := range tests {
		var stdout, stderr bytes.Buffer
		if status := run(tt.args, strings.NewReader(tt.text), &stdout, &stderr); status != 2 || !strings.HasPrefix(stderr.String(), tt.want) {
			t.Errorf("%s: status %d, stderr %q", tt.name, status, stderr.String())
		}
	}
	var stdout, stderr bytes.Buffer
	if status := run([]string{"-h"}, nil, &stdout, &stderr); status != 0 || stdout.String() != usage {
		t.Errorf("-h: status %d", status)
	}
}

// FuzzCapture: no bytes do any harm.
func FuzzCapture(f *testing.F) {
	f.Add([]byte("\xd4\xc3\xb2\xa1"))
	f.Add([]byte("\x0a\x0d\x0d\x0a"))
	w := newWire(f)
	w.lookup("login.live.com", layers.DNSResponseCodeNoErr, "203.0.113.5")
	w.connect("203.0.113.5:443").tls("login.live.com")
	w.dial("203.0.113.6:443").prohibit(13)
	w.ntp("203.0.113.1", true)
	f.Add(w.out.Bytes())
	f.Fuzz(func(t *testing.T, data []byte) {
		_, _ = annotate(bytes.NewReader(data), nil, endpoints.Scope{})
	})
}

// FuzzServerName: no ClientHello does any harm.
func FuzzServerName(f *testing.F) {
	f.Add([]byte{1, 0, 0, 4, 3, 3, 0, 0})
	f.Fuzz(func(t *testing.T, data []byte) {
		name, done := serverName(data)
		if name != "" && !done {
			t.Errorf("%q, and not done", name)
		}
	})
}
