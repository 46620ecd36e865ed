package probetest_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/netready/netready/probe"
	"github.com/netready/netready/probe/probetest"
)

const noGreeting probe.Code = "contoso.no_greeting"

// smtp is a custom prober.
func smtp(ctx context.Context, n probe.Network, t probe.Target) probe.Observation {
	return n.Talk(ctx, "tcp", t, func(c net.Conn) error {
		line, err := bufio.NewReader(c).ReadString('\n')
		if err == nil && !strings.HasPrefix(line, "220 ") {
			err = fmt.Errorf("%w: %.80q", noGreeting, line)
		}
		return err
	})
}

// says returns a server that sends a line to every client.
func says(line string) func(net.Conn) {
	return func(c net.Conn) { _, _ = io.WriteString(c, line+"\r\n") }
}

func TestServe(t *testing.T) {
	const host = "mail.contoso.com"
	tests := []struct {
		name  string
		serve map[string]func(net.Conn)
		port  uint16
		code  probe.Code
	}{
		{"a greeting", map[string]func(net.Conn){host + ":25": says("220 " + host)}, 25, ""},
		{"a greeting of every host", map[string]func(net.Conn){":25": says("220 x")}, 25, ""},
		{"the host's own first", map[string]func(net.Conn){":25": says("554 x"), "MAIL.contoso.com:25": says("220 x")}, 25, ""},
		{"no greeting", map[string]func(net.Conn){host + ":25": says("554 no")}, 25, noGreeting},
		{"in place of the web server", map[string]func(net.Conn){host + ":80": says("220 x")}, 80, ""},
		{"nothing said", map[string]func(net.Conn){host + ":25": func(net.Conn) {}}, 25, probe.Unknown},
		{"another port", map[string]func(net.Conn){host + ":25": says("220 x")}, 26, probe.TCPRefused},
		{"another host", map[string]func(net.Conn){"other.example:25": says("220 x")}, 25, probe.TCPRefused},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				i := &probetest.Internet{Hosts: []string{host}, Serve: test.serve}
				if o := smtp(t.Context(), i.Network(), probe.Target{Protocol: "smtp", Host: host, Port: test.port}); o.Code() != test.code {
					t.Errorf("error %v, want %q", o.Error, test.code)
				}
			})
		})
	}
}

// A host with a server exists.
func TestServedHostExists(t *testing.T) {
	i := &probetest.Internet{Serve: map[string]func(net.Conn){"mail.contoso.com:25": says("220 x")}}
	if o := smtp(t.Context(), i.Network(), probe.Target{Protocol: "smtp", Host: "mail.contoso.com", Port: 25}); !o.OK() {
		t.Error(o.Error)
	}
}

// TestProber accepts a custom prober with its server, and finds what is wrong
// with another one.
func TestProberOfOnesOwn(t *testing.T) {
	target := probe.Target{Protocol: "smtp", Host: "mail.contoso.com", Port: 25}
	for line, ok := range map[string]bool{"220 mail.contoso.com": true, "554 no": false} {
		synctest.Test(t, func(t *testing.T) {
			if err := probetest.TestProber(smtp, target, says(line)); (err == nil) != ok {
				t.Errorf("%s: %v", line, err)
			}
		})
	}
}

// Stages can be nested in other limits.
func TestStagesOfOthers(t *testing.T) {
	for name, f := range map[string]probetest.Fault{
		"inside":  probetest.At{Port: 443, Fault: probetest.At{Stage: probetest.AfterHello, Fault: probetest.Reset}},
		"outside": probetest.At{Stage: probetest.AfterHello, Fault: probetest.At{Port: 443, Fault: probetest.Reset}},
		"once":    probetest.Once{Fault: probetest.At{Stage: probetest.AfterHello, Fault: probetest.Reset}},
	} {
		synctest.Test(t, func(t *testing.T) {
			i := &probetest.Internet{Hosts: []string{"a.example"}, Faults: []probetest.Fault{f}}
			o := i.Network().Probe(t.Context(), probe.Target{Protocol: probe.HTTPS, Host: "a.example", NoRevocation: true})
			if o.OK() != (name == "once") || o.Steps[2].Error == nil || o.Steps[2].Error.Code != probe.TLSReset {
				t.Errorf("%s: error %v, steps %+v", name, o.Error, o.Steps)
			}
		})
	}
}

// A name that is not a fault does nothing.
func TestPlainOfAnotherName(t *testing.T) {
	i := &probetest.Internet{Hosts: []string{"a.example"}, Faults: []probetest.Fault{probetest.Plain("gopher"), nil, probetest.At{}}}
	if o := i.Network().Probe(t.Context(), probe.Target{Protocol: probe.HTTP, Host: "a.example"}); !o.OK() {
		t.Error(o.Error)
	}
}
