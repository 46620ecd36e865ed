package probe

import (
	"cmp"
	"context"
	"errors"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"time"
)

// The machine's settings for NCSI, by their names in the registry. Those with
// an address family have a second name, which ends in settingV6.
const (
	settingWebHost    = "ActiveWebProbeHost"
	settingWebPath    = "ActiveWebProbePath"
	settingWebContent = "ActiveWebProbeContent"
	settingDNSHost    = "ActiveDnsProbeHost"
	settingDNSContent = "ActiveDnsProbeContent"
	settingV6         = "V6"

	settingActive   = "EnableActiveProbing"
	settingNoActive = "NoActiveProbe"
)

// ncsiDefaults returns the settings for NCSI of a machine on which nobody has
// changed them.
func ncsiDefaults() map[string]string {
	return map[string]string{
		settingWebHost: ncsiWebHost, settingWebHost + settingV6: ncsiWebHostV6,
		settingWebPath: ncsiWebPath, settingWebPath + settingV6: ncsiWebPath,
		settingWebContent: ncsiContent, settingWebContent + settingV6: ncsiContent,
		settingDNSHost: ncsiDNSHost, settingDNSHost + settingV6: ncsiDNSHost,
		settingDNSContent: ncsiDNSAddr().String(), settingDNSContent + settingV6: ncsiDNSAddrV6().String(),
		settingActive: "1", settingNoActive: "0",
	}
}

func ncsiDNSAddr() netip.Addr { return netip.AddrFrom4([4]byte{131, 107, 255, 255}) }

func ncsiDNSAddrV6() netip.Addr {
	return netip.AddrFrom16([16]byte{0xfd, 0x3e, 0x4f, 0x5a, 0x5b, 0x81, 15: 1})
}

// An ncsiOwn is how this machine's settings for NCSI differ from the defaults.
type ncsiOwn map[string]string

// ownNCSI returns the machine's own settings for the probe whose names begin
// with the prefix, and those that turn probing off. It returns nil if there are
// none.
func (n Network) ownNCSI(prefix string) ncsiOwn {
	set := n.machineSettings()
	var own ncsiOwn
	for name, usual := range ncsiDefaults() {
		value := set[name]
		if value == "" || sameSetting(name, value, usual) || strings.HasPrefix(name, "Active") && !strings.HasPrefix(name, prefix) {
			continue
		}
		if own == nil {
			own = make(ncsiOwn)
		}
		own[name] = value
	}
	return own
}

// sameSetting compares the values of a setting as names, paths or addresses may
// be spelled.
func sameSetting(name, a, b string) bool {
	switch {
	case strings.HasPrefix(name, settingWebContent):
		return a == b
	case strings.HasPrefix(name, settingWebPath):
		return strings.TrimPrefix(a, "/") == strings.TrimPrefix(b, "/")
	}
	x, errX := netip.ParseAddr(a)
	y, errY := netip.ParseAddr(b)
	return hostKey(a) == hostKey(b) || errX == nil && errY == nil && x == y
}

// off reports whether the machine makes no active probe.
func (own ncsiOwn) off() bool { return own[settingActive] == "0" || own[settingNoActive] == "1" }

// value returns a setting, or its default.
func (own ncsiOwn) value(name string) string { return cmp.Or(own[name], ncsiDefaults()[name]) }

// begin starts the probes that the machine's own settings ask for. The function
// that it returns waits a while for their results, or not at all if there will be
// another attempt, and must be called. These probes share nothing with others, so
// that what fails them changes no result.
func (own ncsiOwn) begin(ctx context.Context, n Network, probe func(context.Context, Network) []NCSIAnswer) (wait func(again bool) []NCSIAnswer) {
	if len(own) == 0 || own.off() {
		return func(bool) []NCSIAnswer { return nil }
	}
	n.shared = new(shared)
	inner, cancel := context.WithCancelCause(ctx)
	done := make(chan []NCSIAnswer, 1)
	go func() { done <- probe(inner, n) }()
	return func(again bool) []NCSIAnswer {
		defer cancel(nil)
		patience := ncsiLaggard
		if again {
			patience = 0
		}
		timer := time.NewTimer(patience)
		defer timer.Stop()
		select {
		case answers := <-done:
			return answers
		case <-timer.C:
			cancel(errOwnLate)
			return <-done
		}
	}
}

var errOwnLate = errors.New("the probe of the machine's own settings took too long")

// web probes the machine's own web servers. direct is that of the target.
func (own ncsiOwn) web(ctx context.Context, n Network, direct bool) []NCSIAnswer {
	return own.families(func(family string, keep func(netip.Addr) bool) *NCSIAnswer {
		path := strings.TrimPrefix(own.value(settingWebPath+family), "/")
		t := Target{Protocol: HTTP, Host: own.value(settingWebHost + family), Port: 80, Path: "/" + path, Direct: direct}
		proxy, err := n.proxyFor(t)
		switch {
		case err != nil:
			return &NCSIAnswer{Host: t.Host, Code: err.Code}
		case proxy != nil && family == settingV6:
			return nil // through a proxy, Windows makes one request
		case proxy != nil:
			keep = nil
		}
		f := n.ncsiFamily(ctx, t, own.value(settingWebContent+family), keep)
		if errors.Is(context.Cause(ctx), errOwnLate) {
			f.timedOut()
		}
		switch a := f.answer; {
		case a.Code != HTTPCaptivePortal:
		case a.Status/100 == 2:
			a.Code = HTTPBodyMismatch // nobody knows what this server should say
		case a.Status/100 == 3:
			a.Code = HTTPStatus
		}
		return f.answer
	}, settingWebHost, settingWebPath, settingWebContent)
}

// dns looks up the machine's own names.
func (own ncsiOwn) dns(ctx context.Context, n Network) []NCSIAnswer {
	return own.families(func(family string, keep func(netip.Addr) bool) *NCSIAnswer {
		a := &NCSIAnswer{Host: own.value(settingDNSHost + family)}
		want, invalid := netip.ParseAddr(own.value(settingDNSContent + family))
		if invalid != nil || checkHost(a.Host) != nil {
			a.Code = NotTestable
			return a
		}
		addrs, err := n.addresses(ctx, Target{Host: a.Host}, keep, new(Observation))
		for _, addr := range addrs {
			a.Addresses = append(a.Addresses, addr.Addr())
		}
		switch {
		case err != nil && errors.Is(context.Cause(ctx), errOwnLate):
			a.Code = DNSTimeout
		case err != nil:
			a.Code = err.Code
		case !slices.Contains(a.Addresses, want):
			a.Code = NCSIDNSMismatch
		}
		return a
	}, settingDNSHost, settingDNSContent)
}

// families calls probe at once for each family in which one of the settings is
// the machine's own, and returns the results, that of IPv4 first.
func (own ncsiOwn) families(probe func(family string, keep func(netip.Addr) bool) *NCSIAnswer, settings ...string) []NCSIAnswer {
	var results [2]*NCSIAnswer
	var probes sync.WaitGroup
	for i, family := range []string{"", settingV6} {
		keep := []func(netip.Addr) bool{netip.Addr.Is4, netip.Addr.Is6}[i]
		if slices.ContainsFunc(settings, func(name string) bool { return own[name+family] != "" }) {
			probes.Go(func() { results[i] = probe(family, keep) })
		}
	}
	probes.Wait()
	var out []NCSIAnswer
	for _, a := range results {
		if a != nil {
			out = append(out, *a)
		}
	}
	return out
}
