package probe_test

import (
	"errors"
	"fmt"
	"io"
	"net/netip"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/probe"
)

func TestParseResolvConf(t *testing.T) {
	tests := []struct {
		name, file string
		want       []netip.AddrPort
	}{
		{"an empty file", "", nil},
		{"one server", "nameserver 192.0.2.1\n", resolvers("192.0.2.1:53")},
		{"no newline at the end", "nameserver 192.0.2.1", resolvers("192.0.2.1:53")},
		{"written on Windows", "nameserver 192.0.2.1\r\nnameserver 192.0.2.2\r\n", resolvers("192.0.2.1:53", "192.0.2.2:53")},
		{"in order, among other things", "domain example.com\nnameserver 192.0.2.2\nsearch example.com example.org\nnameserver\t192.0.2.1\noptions timeout:1 attempts:3\n", resolvers("192.0.2.2:53", "192.0.2.1:53")},
		{"comments", "# nameserver 192.0.2.1\n; nameserver 192.0.2.2\nnameserver 192.0.2.3 # the third\nnameserver 192.0.2.4; the fourth\n", resolvers("192.0.2.3:53", "192.0.2.4:53")},
		{"IPv6", "nameserver 2001:db8::1\nnameserver fe80::1%eth0\n", resolvers("[2001:db8::1]:53", "[fe80::1%eth0]:53")},
		{"IPv4 mapped into IPv6", "nameserver ::ffff:192.0.2.1\n", resolvers("[::ffff:192.0.2.1]:53")},
		{"more than are used", "nameserver 192.0.2.1\nnameserver 192.0.2.2\nnameserver 192.0.2.3\nnameserver 192.0.2.4\n", resolvers("192.0.2.1:53", "192.0.2.2:53", "192.0.2.3:53")},
		{"an invalid address is ignored", "nameserver\nnameserver dns.example.com\nnameserver 192.0.2\nnameserver 192.0.2.1:53\nnameserver 192.0.2.4\n", resolvers("192.0.2.4:53")},
		{"other keywords", "nameservers 192.0.2.1\nNAMESERVER 192.0.2.2\nxnameserver 192.0.2.3\n", nil},
		{"a local stub", "nameserver 127.0.0.53\noptions edns0 trust-ad\n", resolvers("127.0.0.53:53")},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := probe.ParseResolvConf(strings.NewReader(tt.file))
			if diff := cmp.Diff(tt.want, got, equatable); diff != "" || err != nil {
				t.Errorf("resolvers (-want +got):\n%s%v", diff, err)
			}
		})
	}
}

func TestParseResolvConfReadError(t *testing.T) {
	broken := errors.New("broken")
	r := io.MultiReader(strings.NewReader("nameserver 192.0.2.1\n"), iotest.ErrReader(broken))
	if _, err := probe.ParseResolvConf(r); !errors.Is(err, broken) {
		t.Errorf("error %v, want %v", err, broken)
	}
}

func FuzzParseResolvConf(f *testing.F) {
	f.Add("nameserver 192.0.2.1\nnameserver fe80::1%eth0 # comment\n")
	f.Add("nameserver ::1;\r\n\x00nameserver 0.0.0.0")
	f.Fuzz(func(t *testing.T, file string) {
		got, err := probe.ParseResolvConf(strings.NewReader(file))
		if len(got) > 3 {
			t.Errorf("%d resolvers", len(got))
		}
		for _, r := range got {
			if !r.IsValid() || r.Port() != 53 {
				t.Errorf("resolver %v", r)
			}
		}
		if err != nil {
			return
		}
		// Reading what was read and written again gives the same result.
		var again strings.Builder
		for _, r := range got {
			fmt.Fprintln(&again, "nameserver", r.Addr())
		}
		reread, err := probe.ParseResolvConf(strings.NewReader(again.String()))
		if diff := cmp.Diff(got, reread, equatable); diff != "" || err != nil {
			t.Errorf("read again (-want +got):\n%s%v", diff, err)
		}
	})
}

func TestChooseResolvers(t *testing.T) {
	tests := []struct {
		name     string
		adapters []probe.Adapter
		want     []netip.AddrPort
	}{
		{name: "no adapters"},
		{
			name: "adapters that are down have no say",
			adapters: []probe.Adapter{
				{Gateway: true, Metric: 1, Servers: addrs("192.0.2.1")},
				{Up: true, Gateway: true, Metric: 50, Servers: addrs("192.0.2.2")},
			},
			want: resolvers("192.0.2.2:53"),
		},
		{
			name: "those with a gateway first, then by metric, then as listed",
			adapters: []probe.Adapter{
				{Up: true, Metric: 5, Servers: addrs("192.0.2.1")},
				{Up: true, Gateway: true, Metric: 50, Servers: addrs("192.0.2.2")},
				{Up: true, Gateway: true, Metric: 25, Servers: addrs("192.0.2.3", "192.0.2.4")},
				{Up: true, Gateway: true, Metric: 25, Servers: addrs("192.0.2.5")},
			},
			want: resolvers("192.0.2.3:53", "192.0.2.4:53", "192.0.2.5:53", "192.0.2.2:53", "192.0.2.1:53"),
		},
		{
			name: "each once",
			adapters: []probe.Adapter{
				{Up: true, Gateway: true, Metric: 1, Servers: addrs("192.0.2.1", "192.0.2.2")},
				{Up: true, Gateway: true, Metric: 2, Servers: addrs("192.0.2.2", "192.0.2.1")},
			},
			want: resolvers("192.0.2.1:53", "192.0.2.2:53"),
		},
		{
			name:     "placeholders and nothing else",
			adapters: []probe.Adapter{{Up: true, Gateway: true, Servers: addrs("fec0:0:0:ffff::1", "fec0:0:0:ffff::2%1", "fec0:0:0:ffff::3")}},
		},
		{
			name:     "a router by its link-local address",
			adapters: []probe.Adapter{{Up: true, Gateway: true, Servers: addrs("fe80::1%12", "fec0:0:0:ffff::1")}},
			want:     resolvers("[fe80::1%12]:53"),
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, probe.ChooseResolvers(tt.adapters), equatable); diff != "" {
				t.Errorf("resolvers (-want +got):\n%s", diff)
			}
		})
	}
}

// A network's nil lists are those of this machine.
func ExampleNetwork_Load() {
	n, err := probe.Network{HostsFile: map[string][]netip.Addr{}}.Load()
	if err != nil {
		fmt.Println(err)
	}
	other := 0
	for _, r := range n.Resolvers { // such as 192.0.2.53:53
		if r.Port() != 53 {
			other++
		}
	}
	fmt.Println(other, "at other ports than 53")
	fmt.Println(len(n.HostsFile), "names in the hosts file, as it was set to none")
	// Output:
	// 0 at other ports than 53
	// 0 names in the hosts file, as it was set to none
}
