package probe_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/windows"
	"golang.org/x/sys/windows/registry"

	"github.com/netready/netready/probe"
)

// writeRegistry writes values under a key of the user's own, and returns its path.
func writeRegistry(t *testing.T, name string, values map[string]any) string {
	t.Helper()
	path := `Software\netready-test-` + name
	key, _, err := registry.CreateKey(registry.CURRENT_USER, path, registry.ALL_ACCESS)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := errors.Join(key.Close(), registry.DeleteKey(registry.CURRENT_USER, path)); err != nil {
			t.Error(err)
		}
	})
	for name, v := range values {
		switch v := v.(type) {
		case string:
			err = key.SetStringValue(name, v)
		case []byte:
			err = key.SetBinaryValue(name, v)
		case uint32:
			err = key.SetDWordValue(name, v)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return path
}

const noSuchKey = `Software\netready-test-none`

func TestRegistryProxy(t *testing.T) {
	tests := []struct {
		name, path, want string
		err              bool
	}{
		{"a proxy", writeRegistry(t, "proxy", map[string]any{"WinHttpSettings": winHTTPValue(0x28, winDirect|winProxy, "proxy.contoso.com:8080", "<local>")}), "http://proxy.contoso.com:8080", false},
		{"none set", writeRegistry(t, "direct", map[string]any{"WinHttpSettings": winHTTPValue(0x28, winDirect, "", "")}), "", false},
		{"no value", writeRegistry(t, "empty", nil), "", false},
		{"no key", noSuchKey, "", false},
		{"another type", writeRegistry(t, "type", map[string]any{"WinHttpSettings": uint32(1)}), "", true},
		{"nonsense", writeRegistry(t, "nonsense", map[string]any{"WinHttpSettings": []byte{1, 2}}), "", true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			choose, err := probe.RegistryProxy(tt.path)
			if (err != nil) != tt.err {
				t.Fatalf("error %v", err)
			}
			got := ""
			if choose != nil {
				u, err := choose(probe.Target{Protocol: probe.HTTPS, Host: "login.live.com", Port: 443})
				if err != nil || u == nil {
					t.Fatalf("%v, error %v", u, err)
				}
				got = u.String()
			}
			if got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}

func TestRegistrySearchDomains(t *testing.T) {
	tcpip := writeRegistry(t, "tcpip", map[string]any{"Domain": "corp.contoso.com", "SearchList": "contoso.com,corp.contoso.com"})
	policy := writeRegistry(t, "policy", map[string]any{"SearchList": "policy.contoso.com"})
	got, err := probe.RegistrySearchDomains(tcpip, policy, "lan.contoso.com")
	want := []string{"corp.contoso.com", "lan.contoso.com", "policy.contoso.com", "contoso.com"}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("error %v (-want +got):\n%s", err, diff)
	}
	if got, err := probe.RegistrySearchDomains(noSuchKey, noSuchKey); len(got) != 0 || err != nil {
		t.Errorf("no keys: %v, error %v", got, err)
	}
	wrong := writeRegistry(t, "wrong", map[string]any{"SearchList": uint32(7)})
	if _, err := probe.RegistrySearchDomains(tcpip, wrong); !errors.Is(err, registry.ErrUnexpectedType) || errors.Is(err, windows.ERROR_FILE_NOT_FOUND) {
		t.Errorf("another type: error %v", err)
	}
}

func TestRegistrySettings(t *testing.T) {
	all := map[string]any{
		"ActiveWebProbeHost": "ncsi.contoso.com", "ActiveWebProbePath": "up.txt", "ActiveWebProbeContent": "Contoso",
		"ActiveWebProbeHostV6": "ncsi6.contoso.com", "ActiveWebProbePathV6": "up6.txt", "ActiveWebProbeContentV6": "Contoso 6",
		"ActiveDnsProbeHost": "dns.contoso.com", "ActiveDnsProbeContent": "10.1.1.1",
		"ActiveDnsProbeHostV6": "dns6.contoso.com", "ActiveDnsProbeContentV6": "fd00::1",
	}
	want := make(map[string]string)
	for name, v := range all {
		want[name], _ = v.(string)
	}
	want["EnableActiveProbing"], want["NoActiveProbe"] = "0", "1"
	all["EnableActiveProbing"], all["MinimumInternetHopCount"] = uint32(0), uint32(3)
	service := writeRegistry(t, "ncsi", all)
	policy := writeRegistry(t, "ncsi-policy", map[string]any{"NoActiveProbe": uint32(1), "ActiveWebProbeHost": "elsewhere.contoso.com"})
	tests := []struct {
		name, service, policy string
		want                  map[string]string
		err                   error
	}{
		{"all values", service, policy, want, nil},
		{"no keys", noSuchKey, noSuchKey, map[string]string{}, nil},
		{"a policy alone", noSuchKey, policy, map[string]string{"NoActiveProbe": "1"}, nil},
		{"a value of another type", writeRegistry(t, "ncsi-type", map[string]any{"ActiveWebProbeHost": uint32(1), "ActiveWebProbePath": "up.txt"}), policy, map[string]string{"ActiveWebProbePath": "up.txt", "NoActiveProbe": "1"}, registry.ErrUnexpectedType},
		{"a number in words", writeRegistry(t, "ncsi-words", map[string]any{"EnableActiveProbing": "no"}), noSuchKey, map[string]string{}, registry.ErrUnexpectedType},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := probe.RegistrySettings(tt.service, tt.policy)
			if diff := cmp.Diff(tt.want, got); diff != "" || !errors.Is(err, tt.err) {
				t.Errorf("error %v (-want +got):\n%s", err, diff)
			}
		})
	}
}

func TestRegistryProxySettings(t *testing.T) {
	forAll := writeRegistry(t, "for-all", map[string]any{"ProxySettingsPerUser": uint32(0)})
	forEach := writeRegistry(t, "for-each", map[string]any{"ProxySettingsPerUser": uint32(1)})
	both := map[string]any{"ProxyServer": "proxy.contoso.com:8080", "ProxyEnable": uint32(1), "AutoConfigURL": "http://contoso.com/proxy.pac"}
	users := writeRegistry(t, "users", both)
	unused := writeRegistry(t, "unused", map[string]any{"ProxyServer": "proxy.contoso.com:8080", "ProxyEnable": uint32(0)})
	noWPAD := writeRegistry(t, "wpad", nil)
	writeRegistry(t, `wpad\WinHttp`, map[string]any{"DisableWpad": uint32(1)})
	service := writeRegistry(t, "service", map[string]any{"Start": uint32(4)})
	tests := []struct {
		name, policy, users, service string
		want                         map[string]string
		err                          error
	}{
		{"nothing", noSuchKey, noSuchKey, noSuchKey, map[string]string{}, nil},
		{"a proxy of all users", forAll, users, noSuchKey, map[string]string{"ProxyServer": "proxy.contoso.com:8080", "AutoConfigURL": "http://contoso.com/proxy.pac"}, nil},
		{"one that is switched off", forAll, unused, noSuchKey, map[string]string{}, nil},
		{"each user's own", forEach, users, noSuchKey, map[string]string{}, nil},
		{"no policy", noSuchKey, users, noSuchKey, map[string]string{}, nil},
		{"no WPAD", noSuchKey, noWPAD, noSuchKey, map[string]string{"DisableWpad": "1"}, nil},
		{"a disabled service", noSuchKey, noSuchKey, service, map[string]string{"WinHttpAutoProxySvc": "4"}, nil},
		{"a policy in words", writeRegistry(t, "policy-words", map[string]any{"ProxySettingsPerUser": "no"}), users, service, map[string]string{"WinHttpAutoProxySvc": "4"}, registry.ErrUnexpectedType},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := probe.RegistryProxySettings(tt.policy, tt.users, tt.service)
			if diff := cmp.Diff(tt.want, got); diff != "" || !errors.Is(err, tt.err) {
				t.Errorf("error %v (-want +got):\n%s", err, diff)
			}
		})
	}
}
