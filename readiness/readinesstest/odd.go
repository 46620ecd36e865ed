package readinesstest

import (
	"net/netip"
	"strings"

	"github.com/netready/netready/probe/probetest"
)

// chains returns the known CNAME chains of names, from public captures of 2024
// to 2026. The last name of each is a host.
func chains() map[string][]string {
	return map[string][]string{
		"client.wns.windows.com":                      {"wns.notify.trafficmanager.net"},
		"cs.dds.microsoft.com":                        {"dgsdeviceregistrationsatm.trafficmanager.net", "mr-b02.tm-azurefd.net"},
		"ctldl.windowsupdate.com":                     {"ctldl.windowsupdate.com.delivery.microsoft.com"},
		"enterpriseenrollment-s.manage.microsoft.com": {"manage-pe.trafficmanager.net", "azurefd-t54-prod.trafficmanager.net"},
		"enterpriseregistration.windows.net":          {"na.privatelink.msidentity.com", "prdf.aadg.msidentity.com", "www.tm.f.prd.aadg.trafficmanager.net"},
		"graph.microsoft.com":                         {"ags.privatelink.msidentity.com", "www.tm.prd.ags.trafficmanager.net"},
		"login.live.com":                              {"login.msa.msidentity.com", "www.tm.lg.prod.aadmsa.trafficmanager.net", "prdv4a.aadg.msidentity.com", "www.tm.v4.a.prd.aadg.trafficmanager.net"},
		"login.microsoftonline.com":                   {"login.mso.msidentity.com", "ak.privatelink.msidentity.com", "www.tm.a.prd.aadg.trafficmanager.net"},
		"ocsp.digicert.com":                           {"ocsp.edge.digicert.com"},
		"settings-win.data.microsoft.com":             {"atm-settingsfe-prod-geo2.trafficmanager.net"},
		"slscr.update.microsoft.com":                  {"glb.sls.prod.dcat.dsp.trafficmanager.net"},
		"v10.events.data.microsoft.com":               {"win-global-asimov-leafs-events-data.trafficmanager.net"},
		"watson.events.data.microsoft.com":            {"blobcollectorcommon.trafficmanager.net"},
		"ztd.dds.microsoft.com":                       {"aps.trafficmanager.net", "autopilotservice-prod-eus.cloudapp.azure.com"},
	}
}

// A center is a data center with an address of its own. Data centers renew
// certificates independently, so a name's addresses may have different issuers.
type center struct {
	addrs []netip.Addr
	quirk probetest.Fault // the issuer, or nil for the usual one
}

// centers returns the data centers of the last names of chains, as captures of
// 2026 show them for login.microsoftonline.com: two issuers, and addresses of
// both families.
func centers() map[string][]center {
	at := func(addrs ...string) []netip.Addr {
		var out []netip.Addr
		for _, a := range addrs {
			out = append(out, netip.MustParseAddr(a))
		}
		return out
	}
	return map[string][]center{
		"www.tm.a.prd.aadg.trafficmanager.net": {
			{at("203.0.113.201", "2001:db8:0:1::201"), nil},
			{at("203.0.113.202", "2001:db8:0:1::202"), probetest.CrossSigned},
		},
	}
}

// ipv4Only returns the names for which public captures of 2024 to 2026 show no
// IPv6 address.
func ipv4Only() []string {
	return []string{"activation-v2.sls.microsoft.com", "login.live.com", "ztd.dds.microsoft.com"}
}

// An issuer is the CA that signs some hosts' certificates.
type issuer struct {
	host  string // or a pattern
	quirk probetest.Fault
}

// issuers returns the issuers of hosts that do not use the common public CA,
// from chains seen in 2025 and 2026. The first match wins.
func issuers() []issuer {
	return []issuer{
		// Seen with a public chain, unlike others of their domains.
		{"catalog.sf.dl.delivery.mp.microsoft.com", nil},
		{"displaycatalog.mp.microsoft.com", nil},
		{"kv801.prod.do.dsp.mp.microsoft.com", nil},
		{"msedge.sf.dl.delivery.mp.microsoft.com", nil},

		// Microsoft Root Certificate Authority 2011, by Microsoft Update Secure
		// Server CA 2.1 and Microsoft Secure Server CA 2011.
		{"*.update.microsoft.com", probetest.WindowsRoot},
		{"*.delivery.mp.microsoft.com", probetest.WindowsRoot},
		{"*.do.dsp.mp.microsoft.com", probetest.WindowsRoot},
		{"*.trafficshaping.dsp.mp.microsoft.com", probetest.WindowsRoot},
		{"*.events.data.microsoft.com", probetest.WindowsRoot},
		{"settings-win.data.microsoft.com", probetest.WindowsRoot},

		// Microsoft TLS RSA and ECC Root G2. Some front ends leave the
		// cross-signed certificate out.
		{"www.microsoft.com", probetest.CrossSignMissing},
		{"cs.dds.microsoft.com", probetest.CrossSignMissing},
		{"*.manage.microsoft.com", probetest.CrossSigned},
		{"manage.microsoft.com", probetest.CrossSigned},
		{"enterpriseregistration.windows.net", probetest.CrossSigned},
	}
}

// covers reports whether a name, or a pattern as in [probetest.At], covers a
// host.
func covers(pattern, host string) bool {
	if suffix, ok := strings.CutPrefix(pattern, "*"); ok {
		return strings.HasSuffix(host, suffix)
	}
	return pattern == host
}
