package probe_test

import (
	"crypto/x509"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"golang.org/x/crypto/x509roots/fallback/bundle"

	"github.com/netready/netready/probe"
	"github.com/netready/netready/probe/probetest"
)

// found returns the vendor found where a sign looks.
func found(s probe.Sign, text string) string {
	switch s.Where {
	case "issuer":
		return probe.IssuerVendor(text)
	case "header":
		return probe.AnswerVendor(http.Header{s.Field: {text}}, "", "")
	case "location":
		return probe.AnswerVendor(nil, text, "")
	case "body":
		return probe.AnswerVendor(nil, "", text)
	}
	return ""
}

func TestSigns(t *testing.T) {
	if len(probe.Signs()) == 0 {
		t.Fatal("no signs")
	}
	seen := map[probe.Sign]bool{}
	for _, s := range probe.Signs() {
		t.Run(s.Vendor+" by "+s.Where, func(t *testing.T) {
			if got := found(s, s.Example); got != s.Vendor {
				t.Errorf("%q is by %q", s.Example, got)
			}
			if got := found(s, strings.ToUpper(s.Example)); got != s.Vendor {
				t.Errorf("%q in capitals is by %q", s.Example, got)
			}
			if len(s.Value) < len("squid") {
				t.Errorf("%q is found everywhere", s.Value)
			}
			if !strings.HasPrefix(s.Source, "https://") && !strings.HasPrefix(s.Source, "http://") {
				t.Errorf("the source %q is no document", s.Source)
			}
			if s.Where == "header" != (s.Field != "") || s.Field != http.CanonicalHeaderKey(s.Field) {
				t.Errorf("found in %s with field %q", s.Where, s.Field)
			}
			without := strings.ReplaceAll(strings.ToLower(s.Example), strings.ToLower(s.Value), "")
			if got := found(s, without); got == s.Vendor && !others(s, without) {
				t.Errorf("%q is by %q, without the sign", without, got)
			}
			key := probe.Sign{Where: s.Where, Field: s.Field, Value: strings.ToLower(s.Value)}
			if seen[key] {
				t.Errorf("%q is there twice", s.Value)
			}
			seen[key] = true
		})
	}
}

// others reports whether a text has another sign of the same vendor.
func others(s probe.Sign, text string) bool {
	return slices.ContainsFunc(probe.Signs(), func(o probe.Sign) bool {
		return o != s && o.Vendor == s.Vendor && o.Where == s.Where && strings.Contains(text, strings.ToLower(o.Value))
	})
}

// Responses of Windows' services and their CDNs name no vendor.
func TestGenuineAnswersHaveNoVendor(t *testing.T) {
	headers := []http.Header{
		{"Server": {"Microsoft-IIS/10.0"}, "X-Powered-By": {"ASP.NET"}, "Content-Type": {"text/html; charset=utf-8"}},
		{"Server": {"Microsoft-HTTPAPI/2.0"}},
		{"Server": {"Windows-Azure-Blob/1.0 Microsoft-HTTPAPI/2.0"}, "X-Ms-Version": {"2009-09-19"}},
		{"Server": {"Kestrel"}, "X-Azure-Ref": {"20261121T093000Z-15f"}, "X-Cache": {"CONFIG_NOCACHE"}},
		{"X-Azure-Ref": {"20261121T093000Z"}, "X-Cache": {"TCP_HIT"}, "X-Msedge-Ref": {"Ref A: 0 Ref B: FRA31 Ref C: 2026-11-21T09:30:00Z"}},
		{"Server": {"AkamaiGHost"}, "X-Cache": {"TCP_MEM_HIT from a2-16-0-1.deploy.akamaitechnologies.com (AkamaiGHost/11.5.3)"}},
		{"Server": {"ECAcc (frc/4C8E)"}, "X-Cache": {"HIT"}},
		{"Server": {"ECS (frb/67D5)"}, "Via": {"1.1 varnish, 1.1 varnish"}},
		{"Server": {"CloudFront"}, "Via": {"1.1 27a40883692bd2d0fc9f21eedec9bbce.cloudfront.net (CloudFront)"}},
		{"Server": {"cloudflare"}, "Via": {"1.1 google"}},
		{"Server": {"Apache"}, "Via": {"HTTP/1.1 m_proxy_fra1"}},
		{"Server": {"nginx/1.25.3"}},
		{"Server": {"Apache/2.4.58 (Unix)"}},
	}
	for _, h := range headers {
		if got := probe.AnswerVendor(h, "", ""); got != "" {
			t.Errorf("%v is by %s", h, got)
		}
	}
	for _, location := range []string{
		"", "https://login.microsoftonline.com/common/oauth2/authorize?client_id=x&redirect_uri=https%3a%2f%2fportal.azure.com%2f",
		"https://www.office.com/login?es=UnauthClick", "https://endpoint.microsoft.com/", "https://go.microsoft.com/fwlink/?LinkId=234567",
		"https://www.microsoft.com/", "http://portal.example/login", "https://account.live.com/",
	} {
		if got := probe.AnswerVendor(nil, location, ""); got != "" {
			t.Errorf("%s is by %s", location, got)
		}
	}
	for _, body := range []string{
		"", "Microsoft Connect Test", "Microsoft NCSI", "<html><head><title>Object moved</title></head><body>",
		"<!DOCTYPE HTML PUBLIC \"-//W3C//DTD HTML 4.01//EN\"\"http://www.w3.org/TR/html4/strict.dtd\"><HTML><HEAD><TITLE>Not Found</TITLE>",
		"<?xml version=\"1.0\" encoding=\"utf-8\"?><Error><Code>ResourceNotFound</Code>", "<HTML><HEAD><TITLE>Access Denied</TITLE></HEAD><BODY><H1>Access Denied</H1>",
		"Our services aren't available right now", "<h2>We are blocked by the firewall of squidward</h2>",
	} {
		if got := probe.AnswerVendor(nil, "", body); got != "" {
			t.Errorf("%q is by %s", body, got)
		}
	}
}

// Well-known CAs, and those that companies may run, name no vendor.
func TestAuthoritiesHaveNoVendor(t *testing.T) {
	issuers := []string{
		"CN=Microsoft Azure RSA TLS Issuing CA 03,O=Microsoft Corporation,C=US",
		"CN=Microsoft TLS G2 ECC CA OCSP 02,O=Microsoft Corporation,C=US",
		"CN=Microsoft ECC Product Root Certificate Authority 2018,O=Microsoft Corporation,L=Redmond,ST=Washington,C=US",
		"CN=DigiCert SHA2 Secure Server CA,O=DigiCert Inc,C=US", "CN=DigiCert Global G2 TLS RSA SHA256 2020 CA1,O=DigiCert Inc,C=US",
		"CN=GlobalSign RSA OV SSL CA 2018,O=GlobalSign nv-sa,C=BE", "CN=Cloudflare Inc ECC CA-3,O=Cloudflare\\, Inc.,C=US",
		"CN=Amazon RSA 2048 M02,O=Amazon,C=US", "CN=R11,O=Let's Encrypt,C=US",
		"CN=Contoso Unified Root CA,O=Contoso", "CN=San Francisco Issuing CA 01,O=Contoso", "CN=Forti CA,O=Contoso", "CN=Example Web Gateway Issuing CA 01,O=Example Web Gateway",
	}
	for _, c := range append(probe.MicrosoftRoots(), probe.WindowsRoots()...) {
		issuers = append(issuers, c.Subject.String())
	}
	for root := range bundle.Roots() {
		c, err := x509.ParseCertificate(root.Certificate)
		if err != nil {
			t.Fatal(err)
		}
		issuers = append(issuers, c.Subject.String())
	}
	if len(issuers) < 100 {
		t.Errorf("only %d issuers", len(issuers))
	}
	for _, issuer := range issuers {
		if got := probe.IssuerVendor(issuer); got != "" {
			t.Errorf("%s is of %s", issuer, got)
		}
	}
}

// The vendor named in each situation. A vendor never changes the result.
func TestVendor(t *testing.T) {
	type vendors struct{ TLS, HTTP, Proxy string }
	inspect := func(organization string, more ...probetest.Fault) []probetest.Fault {
		return append(more, probetest.Inspect{Organization: organization})
	}
	filter := probetest.Page{Status: 403, Header: http.Header{"Server": {"Zscaler/6.2"}}, Body: "<title>Internet Security by Zscaler</title>"}
	tests := []struct {
		situation
		want vendors
	}{
		{situation{name: "a genuine host", prober: secure, target: httpsTarget}, vendors{}},
		{situation{name: "a genuine host that answers like a filter", faults: fault(filter), prober: secure, target: httpsTarget}, vendors{}},
		{situation{name: "a genuine host that answers like a filter, without its intermediate", faults: fault(probetest.At{Host: host, Fault: filter}, probetest.LeafOnly), prober: secure, target: httpsTarget}, vendors{}},
		{situation{name: "a genuine host whose certificate has expired", faults: fault(filter, probetest.Expired), prober: secure, target: httpsTarget, code: probe.TLSExpired}, vendors{}},
		{situation{name: "inspection by a known product", faults: inspect("Fortinet"), prober: secure, target: httpsTarget, code: probe.TLSInspected}, vendors{TLS: "Fortinet"}},
		{situation{name: "inspection by an unknown product", faults: inspect("Contoso"), prober: secure, target: httpsTarget, code: probe.TLSInspected}, vendors{}},
		{situation{name: "a product that the machine does not know", faults: fault(probetest.Inspect{Organization: "Zscaler Inc.", Unknown: true}), prober: secure, target: httpsTarget, code: probe.TLSUntrusted}, vendors{TLS: "Zscaler"}},
		{situation{name: "a filter behind inspection", faults: inspect("Sophos", filter), prober: secure, target: httpsTarget, code: probe.TLSInspected}, vendors{TLS: "Sophos", HTTP: "Zscaler"}},
		{situation{name: "a filter with a certificate of its own", faults: fault(filter, probetest.WrongName), prober: secure, target: httpsTarget, code: probe.TLSNameMismatch}, vendors{HTTP: "Zscaler"}},
		{situation{name: "a filter", faults: fault(filter), prober: plain, target: httpTarget}, vendors{HTTP: "Zscaler"}},
		{situation{name: "a filter like Squid", faults: fault(probetest.BlockPage{}), prober: plain, target: httpTarget, code: probe.HTTPBlockPage}, vendors{HTTP: "Squid"}},
		{situation{name: "a portal", faults: fault(probetest.Portal{Location: "http://192.0.2.1:1000/fgtauth?01"}), prober: plain, target: httpTarget}, vendors{HTTP: "Fortinet"}},
		{situation{name: "an unknown portal", faults: fault(probetest.Portal{}), prober: plain, target: httpTarget}, vendors{}},
		{situation{name: "a plain web server", prober: plain, target: httpTarget}, vendors{}},
		{situation{name: "NCSI and a portal", faults: fault(probetest.Portal{Location: "https://n1.network-auth.com/splash/"}), prober: ncsi, target: webTarget, code: probe.HTTPCaptivePortal}, vendors{HTTP: "Cisco Meraki"}},
		{situation{name: "a proxy that denies a tunnel", machine: proxied, faults: fault(probetest.ProxyDeny{}), prober: secure, target: httpsTarget, code: probe.ProxyDenied}, vendors{Proxy: "Squid"}},
		{situation{name: "a proxy that denies", machine: proxied, faults: fault(probetest.ProxyDeny{}), prober: plain, target: httpTarget, code: probe.ProxyDenied}, vendors{HTTP: "Squid", Proxy: "Squid"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				o := test.observe(t.Context(), test.internet())
				var got vendors
				if o.TLS != nil {
					got.TLS = o.TLS.Vendor
				}
				if o.HTTP != nil {
					got.HTTP = o.HTTP.Vendor
				}
				if o.Proxy != nil {
					got.Proxy = o.Proxy.Vendor
				}
				if got != test.want || o.Code() != test.code {
					t.Errorf("%+v and %v, want %+v and %q", got, o.Error, test.want, test.code)
				}
			})
		})
	}
}
