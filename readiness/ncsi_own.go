package readiness

import (
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"strings"

	"github.com/netready/netready/internal/plain"
	"github.com/netready/netready/probe"
)

// machineSettings returns the settings of the machine; see [probe.Network].
func machineSettings(n probe.Network) map[string]string {
	// Settings that cannot be read are not told, and change nothing else.
	read, _ := probe.Network{Resolvers: []netip.AddrPort{}, SearchDomains: []string{}, HostsFile: map[string][]netip.Addr{}, Settings: n.Settings}.Load()
	return read.Settings
}

// notProbing returns the setting by which a machine makes no active probe, as
// in "NoActiveProbe is 1", or "".
func notProbing(settings map[string]string) string {
	for _, off := range []struct{ name, value string }{{"EnableActiveProbing", "0"}, {"NoActiveProbe", "1"}} {
		if settings[off.name] == off.value {
			return off.name + " is " + off.value
		}
	}
	return ""
}

// ownServers returns the servers that a machine's own settings add to a check.
func ownServers(settings map[string]string, t probe.Target) []string {
	name := "ActiveWebProbeHost"
	if t.Port == dnsPort {
		name = "ActiveDnsProbeHost"
	}
	if t.Protocol != probe.NCSI || notProbing(settings) != "" {
		return nil
	}
	var out []string
	for _, family := range []string{"", "V6"} {
		host := strings.ToLower(strings.TrimSuffix(settings[name+family], "."))
		if host != "" && !slices.Contains([]string{ncsiHost, ncsiIPv6Host, "dns.msftncsi.com"}, host) {
			out = append(out, host)
		}
	}
	return out
}

// ownNote says how this machine tests internet access otherwise than a new
// device.
func (j *judgment) ownNote() []string {
	const others = " and only Microsoft's servers count in this report."
	settings := make(map[string]string)
	var hosts []string
	failed := make(map[string]probe.Code) // a host needs to answer over one family
	for _, o := range j.obs {
		if o.NCSI == nil {
			continue
		}
		maps.Copy(settings, o.NCSI.Settings)
		for _, a := range o.NCSI.Own {
			if old, known := failed[a.Host]; !known || old != "" {
				failed[a.Host] = a.Code
			}
			hosts = append(hosts, a.Host)
		}
	}
	if len(settings) == 0 {
		return nil
	}
	if off := notProbing(settings); off != "" {
		return []string{"This machine decides without a probe whether there is internet access (" + off + "). " +
			"Devices without this setting, such as new ones, probe Microsoft's servers," + others}
	}
	var set []string
	for _, name := range slices.Sorted(maps.Keys(settings)) {
		set = append(set, fmt.Sprintf("%s = %s", name, plain.Cut(settings[name], 100)))
	}
	note := "This machine has its own settings for testing internet access: " + strings.Join(set, ", ") + ". "
	for _, host := range unique(hosts) {
		if failed[host] == "" {
			note += host + " gave the expected answer. "
		} else {
			note += fmt.Sprintf("%s did not give the expected answer (%s). ", host, failed[host])
		}
	}
	return []string{note + "Devices without these settings, such as new ones, probe Microsoft's servers," + others}
}
