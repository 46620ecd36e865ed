package probe_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/netready/netready/probe"
	"github.com/netready/netready/probe/probetest"
)

func TestParseHostsFile(t *testing.T) {
	type hosts = map[string][]netip.Addr
	var many strings.Builder
	var kept []netip.Addr
	for n := range 40 {
		addr := netip.AddrFrom4([4]byte{10, 0, 0, byte(n)})
		fmt.Fprintln(&many, addr, "a.example")
		if n < 32 {
			kept = append(kept, addr)
		}
	}
	tests := []struct {
		name, file string
		want       hosts
	}{
		{"an empty file", "", hosts{}},
		{"comments alone", "# Copyright\r\n#\r\n#      10.0.0.1     a.example          # source server\r\n\r\n#\t127.0.0.1       localhost\r\n", hosts{}},
		{"one name", "10.0.0.1 login.live.com\n", hosts{"login.live.com": addrs("10.0.0.1")}},
		{"no newline at the end", "10.0.0.1 login.live.com", hosts{"login.live.com": addrs("10.0.0.1")}},
		{"written on Windows", "10.0.0.1\tlogin.live.com\r\n10.0.0.2 a.example\r\n", hosts{"login.live.com": addrs("10.0.0.1"), "a.example": addrs("10.0.0.2")}},
		{"several names", "10.0.0.1 a.example  b.example\tc\n", hosts{"a.example": addrs("10.0.0.1"), "b.example": addrs("10.0.0.1"), "c": addrs("10.0.0.1")}},
		{"blanks before the address", " \t10.0.0.1 a.example\n", hosts{"a.example": addrs("10.0.0.1")}},
		{"comments after the names", "10.0.0.1 a.example#b.example\n10.0.0.2 c.example # d.example", hosts{"a.example": addrs("10.0.0.1"), "c.example": addrs("10.0.0.2")}},
		{"names in two spellings", "10.0.0.1 LOGIN.live.COM\n10.0.0.2 login.live.com.\n", hosts{"login.live.com": addrs("10.0.0.1", "10.0.0.2")}},
		{"both families, and an address twice", "10.0.0.1 a.example\n2001:db8::1 a.example\n10.0.0.1 a.example a.example\n", hosts{"a.example": addrs("10.0.0.1", "2001:db8::1")}},
		{"a list against advertisers", "0.0.0.0 ads.example\n127.0.0.1 track.example\n::1 localhost\nfe80::1%lo0 localhost\n", hosts{"ads.example": addrs("0.0.0.0"), "track.example": addrs("127.0.0.1"), "localhost": addrs("::1", "fe80::1%lo0")}},
		{"what makes no sense", "10.0.0.1\nlogin.live.com 10.0.0.1\n10.0.0 a.example\n10.0.0.1/8 a.example\n10.0.0.1:443 a.example\n10.0.0.1 *.example a/b.example \x00 .\n", hosts{}},
		{"UTF-16, which resolvers cannot read", "\xff\xfe1\x000\x00.\x000\x00.\x000\x00.\x001\x00 \x00a\x00\n\x00", hosts{}},
		{"more addresses than are tried", many.String(), hosts{"a.example": kept}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := probe.ParseHostsFile(strings.NewReader(tt.file))
			if diff := cmp.Diff(tt.want, got, equatable); diff != "" || err != nil {
				t.Errorf("hosts (-want +got):\n%s%v", diff, err)
			}
		})
	}
}

// An endless repeats the same text forever.
type endless string

func (e endless) Read(b []byte) (int, error) { return copy(b, e), nil }

// TestParseHostsFileBounds: names before an error count, whatever the error.
func TestParseHostsFileBounds(t *testing.T) {
	const first = "10.0.0.1 a.example\n"
	broken := errors.New("broken")
	tests := []struct {
		name string
		file io.Reader
		good bool
	}{
		{"a line as long as can be", strings.NewReader(first + "#" + strings.Repeat("x", 60_000)), true},
		{"a line too long", strings.NewReader(first + "#" + strings.Repeat("x", 70_000)), false},
		{"a file as long as can be", io.MultiReader(strings.NewReader(first), io.LimitReader(endless("#\n"), 16<<20-int64(len(first)))), true},
		{"a file too long", io.MultiReader(strings.NewReader(first), io.LimitReader(endless("#\n"), 16<<20)), false},
		{"a file without end", io.MultiReader(strings.NewReader(first), endless("#\n")), false},
		{"a read that fails", io.MultiReader(strings.NewReader(first), iotest.ErrReader(broken)), false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := probe.ParseHostsFile(tt.file)
			if (err == nil) != tt.good {
				t.Errorf("error %v", err)
			}
			if diff := cmp.Diff(map[string][]netip.Addr{"a.example": addrs("10.0.0.1")}, got, equatable); diff != "" {
				t.Errorf("hosts (-want +got):\n%s", diff)
			}
		})
	}
}

func FuzzParseHostsFile(f *testing.F) {
	f.Add("10.0.0.1 login.live.com # comment\n2001:db8::1\tLOGIN.live.com. b\r\n")
	f.Add("fe80::1%eth0 a\n0.0.0.0 \x00 *.b ..\n#")
	f.Fuzz(func(t *testing.T, file string) {
		got, err := probe.ParseHostsFile(strings.NewReader(file))
		var again strings.Builder
		for name, list := range got {
			if name == "" || len(list) == 0 || len(list) > 32 || strings.ToLower(name) != name || strings.ContainsAny(name, "# \t\r\n*") {
				t.Errorf("%q has addresses %v", name, list)
			}
			for _, addr := range list {
				fmt.Fprintln(&again, addr, name)
			}
		}
		if err != nil {
			return
		}
		// Reading what was read and written again gives the same result.
		reread, err := probe.ParseHostsFile(strings.NewReader(again.String()))
		if diff := cmp.Diff(got, reread, equatable); diff != "" || err != nil {
			t.Errorf("read again (-want +got):\n%s%v", diff, err)
		}
	})
}

// TestSystemHostsFile compares with this machine's file.
func TestSystemHostsFile(t *testing.T) {
	path, err := probe.HostsFilePath()
	if err != nil || !filepath.IsAbs(path) || filepath.Base(path) != "hosts" {
		t.Fatalf("path %q: %v", path, err)
	}
	want := map[string][]netip.Addr{}
	if file, err := os.Open(path); err == nil {
		defer func() { _ = file.Close() }()
		if want, err = probe.ParseHostsFile(file); err != nil {
			t.Skip(err)
		}
	}
	n, err := probe.Network{Resolvers: []netip.AddrPort{}, SearchDomains: []string{}}.Load()
	got := n.HostsFile
	if diff := cmp.Diff(want, got, equatable, cmpopts.EquateEmpty()); diff != "" || err != nil {
		t.Errorf("hosts (-want +got):\n%s%v", diff, err)
	}
	// A nil HostsFile means this machine's file.
	for name, list := range got {
		for _, n := range []probe.Network{{Resolvers: []netip.AddrPort{}}, probe.Network{Resolvers: []netip.AddrPort{}}.Shared()} {
			facts, _ := n.Lookup(t.Context(), name)
			if diff := cmp.Diff(list, facts.HostsFile, equatable); diff != "" {
				t.Errorf("%s (-want +got):\n%s", name, diff)
			}
		}
		break
	}
}

// TestHostsFile: the hosts file appears in the facts, and probes do not use it.
func TestHostsFile(t *testing.T) {
	tests := []struct {
		name   string
		file   map[string][]netip.Addr
		faults []probetest.Fault
		want   []netip.Addr // in the facts
		code   probe.Code
	}{
		{name: "no file"},
		{name: "other names", file: map[string][]netip.Addr{"live.com": addrs("10.0.0.1"), "x." + dnsHost: addrs("10.0.0.2")}},
		{name: "another address", file: map[string][]netip.Addr{dnsHost: addrs("10.0.0.1", "fd00::1")}, want: addrs("10.0.0.1", "fd00::1")},
		{name: "the same address", file: map[string][]netip.Addr{dnsHost: addrs("203.0.113.7")}, want: addrs("203.0.113.7")},
		{name: "a block", file: map[string][]netip.Addr{dnsHost: addrs("0.0.0.0")}, want: addrs("0.0.0.0")},
		{name: "another spelling", file: map[string][]netip.Addr{"Login.LIVE.com.": addrs("10.0.0.1")}, want: addrs("10.0.0.1")},
		{
			name: "a name that does not exist otherwise", file: map[string][]netip.Addr{dnsHost: addrs("10.0.0.1")}, want: addrs("10.0.0.1"),
			faults: []probetest.Fault{probetest.NXDomain}, code: probe.DNSNXDomain,
		},
		{
			name: "dead resolvers", file: map[string][]netip.Addr{dnsHost: addrs("10.0.0.1")}, want: addrs("10.0.0.1"),
			faults: []probetest.Fault{probetest.At{Port: 53, Fault: probetest.Drop}}, code: probe.DNSTimeout,
		},
	}
	probers := map[string]func(probe.Network) bound{
		"DNS": func(n probe.Network) bound { return bound{protocol: probe.DNS, network: n} },
		"TCP": tcp, "HTTP": plain, "HTTPS": secure,
		"DNS in a run": func(n probe.Network) bound { return bound{protocol: probe.DNS, network: n.Shared()} },
		"TCP in a run": func(n probe.Network) bound { return tcp(n.Shared()) },
	}
	for _, tt := range tests {
		for name, prober := range probers {
			t.Run(tt.name+"/"+name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					i := &probetest.Internet{
						Addresses: map[string][]netip.Addr{dnsHost: addrs("203.0.113.7")},
						HostsFile: tt.file, Faults: tt.faults,
					}
					p := prober(i.Network())
					for _, host := range []string{dnsHost, strings.ToUpper(dnsHost)} { // the second time from the cache, if any
						o := p.Probe(t.Context(), probe.Target{Host: host, Port: 443})
						if o.Code() != tt.code && name != "HTTP" { // the port does not speak HTTP
							t.Errorf("code %q, want %q", o.Code(), tt.code)
						}
						if diff := cmp.Diff(tt.want, o.DNS.HostsFile, equatable); diff != "" {
							t.Errorf("hosts file (-want +got):\n%s", diff)
						}
						clear(o.DNS.HostsFile) // the caller owns it
					}
					for _, e := range i.Log() {
						if a := e.Addr.Addr(); e.Kind == probetest.EventConnect && a != netip.MustParseAddr("203.0.113.7") {
							t.Errorf("connected to %v", a)
						}
					}
				})
			})
		}
	}
}

// TestHostsFileOfWhatIsNotAsked: an address is not a name that a file could
// override.
func TestHostsFileOfWhatIsNotAsked(t *testing.T) {
	i := &probetest.Internet{HostsFile: map[string][]netip.Addr{"203.0.113.7": addrs("10.0.0.1")}}
	facts, err := i.Network().Lookup(t.Context(), "203.0.113.7")
	if err != nil || facts.HostsFile != nil {
		t.Errorf("facts %+v, error %v", facts, err)
	}
}

// This machine's hosts file overrides a name. Its programs use that address,
// and devices on the network do not.
func ExampleNetwork_hostsFile() {
	internet := &probetest.Internet{
		Addresses: map[string][]netip.Addr{"login.live.com": {netip.MustParseAddr("203.0.113.7")}},
		HostsFile: map[string][]netip.Addr{"login.live.com": {netip.MustParseAddr("10.0.0.1")}},
	}
	o := internet.Network().Probe(context.Background(), probe.Target{Protocol: probe.TCP, Host: "login.live.com", Port: 443})
	fmt.Println("connected to", o.TCP.Remote)
	if !slices.Equal(o.DNS.HostsFile, o.DNS.Addresses) {
		fmt.Println("overridden with", o.DNS.HostsFile)
	}
	// Output:
	// connected to 203.0.113.7:443
	// overridden with [10.0.0.1]
}
