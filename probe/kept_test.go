package probe_test

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"net"
	"net/netip"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/miekg/dns"

	"github.com/netready/netready/probe"
)

// fill sets everything that v holds: texts to text, and lists to n elements.
func fill(v reflect.Value, text string, n int) {
	switch v.Kind() { //nolint:exhaustive // the others hold nothing
	case reflect.String:
		v.SetString(text)
	case reflect.Int, reflect.Int64:
		v.SetInt(1 << 40)
	case reflect.Uint8, reflect.Uint16, reflect.Uint32:
		v.SetUint(255)
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), text, n)
	case reflect.Interface:
		v.Set(reflect.ValueOf(errors.New(text)))
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), n, n))
		for i := range n {
			fill(v.Index(i), text, n)
		}
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		value := reflect.New(v.Type().Elem()).Elem()
		fill(value, text, 1)
		for name := range strings.SplitSeq("abcdefghijklmnopqr", "") {
			v.SetMapIndex(reflect.ValueOf(name), value)
		}
	case reflect.Struct:
		switch v.Addr().Interface().(type) {
		case *time.Time:
			v.Set(reflect.ValueOf(time.Date(2026, 11, 29, 1, 2, 3, 123456789, time.UTC)))
		case *netip.Addr:
			v.Set(reflect.ValueOf(netip.MustParseAddr("2001:db8:ffff:ffff:ffff:ffff:ffff:ffff")))
		case *netip.AddrPort:
			v.Set(reflect.ValueOf(netip.MustParseAddrPort("[2001:db8:ffff:ffff:ffff:ffff:ffff:ffff]:65535")))
		default:
			for _, field := range v.Fields() {
				fill(field, text, n)
			}
		}
	}
}

func jsonSize(t *testing.T, v any) int {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return len(b)
}

// Whatever an observation holds, it keeps at most so much of it. Codes stay whole.
func TestKept(t *testing.T) {
	for name, text := range map[string]string{"long": strings.Repeat("a", 5000), "escaped": strings.Repeat("<", 5000), "short": "a"} {
		for _, n := range []int{1, 4, 30} {
			var o probe.Observation
			fill(reflect.ValueOf(&o).Elem(), text, n)
			o.Target, o.LeftOut = probe.Target{Host: "a.example"}, 0
			o.Error.Code = probe.RevocationBadSignature
			for i := range o.Steps {
				o.Steps[i].Error.Code = probe.TLSUntrusted
			}
			got := plainCodes(probe.Finish(o))
			if size := jsonSize(t, got); size > probe.MaxKept {
				t.Errorf("%s, lists of %d: %d bytes", name, n, size)
			}
			if got.Target != o.Target || got.Code() != probe.RevocationBadSignature || len(got.Steps) == 0 {
				t.Errorf("%s, lists of %d: lost target, code or steps of %+v", name, n, got)
			}
			if got.LeftOut == 0 && (n > 4 || len(text) > 1) {
				t.Errorf("%s, lists of %d: nothing is said to be left out", name, n)
			}
		}
	}
	if o := complete(); probe.Finish(o).LeftOut != o.LeftOut {
		t.Error("an ordinary observation was cut")
	}
}

// plainCodes returns o with the codes that fill set, which no probe would, short.
func plainCodes(o probe.Observation) probe.Observation {
	var walk func(v reflect.Value)
	walk = func(v reflect.Value) {
		switch v.Kind() { //nolint:exhaustive // the others hold nothing
		case reflect.Pointer:
			if !v.IsNil() {
				walk(v.Elem())
			}
		case reflect.Slice:
			for i := range v.Len() {
				walk(v.Index(i))
			}
		case reflect.Struct:
			for i := range v.NumField() {
				if v.Type().Field(i).IsExported() {
					walk(v.Field(i))
				}
			}
		case reflect.String:
			if v.Type() == reflect.TypeFor[probe.Code]() && v.Len() > 40 {
				v.SetString("revocation.bad_signature")
			}
		}
	}
	walk(reflect.ValueOf(&o).Elem())
	return o
}

// resolver serves answers of any size: over UDP it says that they are truncated.
func resolver(t *testing.T, answer func(*dns.Msg)) netip.AddrPort {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	u, err := new(net.ListenConfig).ListenPacket(t.Context(), "udp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close(); u.Close() })
	reply := func(raw []byte, whole bool) []byte {
		q, m := new(dns.Msg), new(dns.Msg)
		if q.Unpack(raw) != nil {
			return nil
		}
		m.SetReply(q)
		m.Truncated = !whole
		if whole {
			m.Compress = true
			answer(m)
		}
		out, err := m.Pack()
		if err != nil {
			t.Error(err)
		}
		return out
	}
	go func() {
		buf := make([]byte, 4096)
		for {
			n, from, err := u.ReadFrom(buf)
			if err != nil {
				return
			}
			_, _ = u.WriteTo(reply(buf[:n], false), from)
		}
	}()
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			buf := make([]byte, 4096)
			if n, err := c.Read(buf); err == nil && n > 2 {
				out := reply(buf[2:n], true)
				_, _ = c.Write(append(binary.BigEndian.AppendUint16(nil, uint16(len(out))), out...))
			}
			c.Close()
		}
	}()
	return netip.MustParseAddrPort(l.Addr().String())
}

// One answer of a resolver can fill 64 KiB.
func TestHugeAnswers(t *testing.T) {
	addresses := func(m *dns.Msg) {
		for i := range 4000 {
			if m.Question[0].Qtype == dns.TypeA {
				h := dns.RR_Header{Name: m.Question[0].Name, Rrtype: dns.TypeA, Class: dns.ClassINET, Ttl: 60}
				ip := net.IPv4(203, 0, 113, byte(i))
				if i < 100 {
					ip = net.IPv4zero
				}
				m.Answer = append(m.Answer, &dns.A{Hdr: h, A: ip})
			}
		}
	}
	extended := func(code uint16, rcode int) func(*dns.Msg) {
		return func(m *dns.Msg) {
			opt := &dns.OPT{Hdr: dns.RR_Header{Name: ".", Rrtype: dns.TypeOPT}}
			for range 5000 {
				opt.Option = append(opt.Option, &dns.EDNS0_EDE{InfoCode: 3, ExtraText: "<<"})
			}
			opt.Option = append(opt.Option, &dns.EDNS0_EDE{InfoCode: code, ExtraText: strings.Repeat("&", 2000)})
			m.Extra, m.Rcode = append(m.Extra, opt), rcode
		}
	}
	tests := []struct {
		name     string
		answer   func(*dns.Msg)
		protocol probe.Protocol
		code     probe.Code
		more     int
	}{
		{"addresses", addresses, probe.DNS, "", 4000 - 32},
		{"addresses of a name that does not exist", addresses, probe.NXDomain, probe.DNSRewritten, 4000 - 32},
		{"errors, the last of which blocks", extended(15, dns.RcodeSuccess), probe.DNS, probe.DNSBlocked, 5001 - 8},
		{"errors of a denial", extended(3, dns.RcodeNameError), probe.DNS, probe.DNSNXDomain, 5001 - 8},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			n := probe.Network{Resolvers: []netip.AddrPort{resolver(t, test.answer)}, HostsFile: map[string][]netip.Addr{}}
			o := n.Probe(t.Context(), probe.Target{Protocol: test.protocol, Host: "a.example"})
			if diff := cmp.Diff(test.code, o.Code()); diff != "" {
				t.Errorf("code (-want +got):\n%s of %v", diff, o.Error)
			}
			if size := jsonSize(t, o); size > probe.MaxKept {
				t.Errorf("%d bytes", size)
			}
			if q := o.DNS.Queries[0]; q.More != test.more {
				t.Errorf("%d more, want %d", q.More, test.more)
			}
			for _, a := range o.DNS.Addresses {
				if a.IsUnspecified() {
					t.Errorf("kept %v of an answer with usable ones", a)
					break
				}
			}
			checkTexts(t, o)
		})
	}
}
