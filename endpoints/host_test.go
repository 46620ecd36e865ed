package endpoints_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/netready/netready/endpoints"
)

func TestParseHost(t *testing.T) {
	long := strings.Repeat("a", 63)
	tests := []struct {
		name, in, want string
		kind           endpoints.HostKind
	}{
		{"a name", "login.live.com", "login.live.com", endpoints.Exact},
		{"capitals and a trailing dot", "Login.LIVE.com.", "login.live.com", endpoints.Exact},
		{"one label", "wpad", "wpad", endpoints.Exact},
		{"a digit at the front", "3.tlu.dl.delivery.mp.microsoft.com", "3.tlu.dl.delivery.mp.microsoft.com", endpoints.Exact},
		{"an underscore", "_ldap._tcp.contoso.com", "_ldap._tcp.contoso.com", endpoints.Exact},
		{"an international name as A-labels", "xn--bcher-kva.example", "xn--bcher-kva.example", endpoints.Exact},
		{"an IPv4 address", "192.0.2.7", "192.0.2.7", endpoints.Exact},
		{"an IPv6 address", "2001:DB8:0::7", "2001:db8::7", endpoints.Exact},
		{"labels as long as they may be", long + "." + long + "." + long, long + "." + long + "." + long, endpoints.Exact},
		{"all below a suffix", "*.Manage.microsoft.com", "*.manage.microsoft.com", endpoints.Suffix},
		{"all below a top-level domain", "*.microsoft", "*.microsoft", endpoints.Suffix},
		{"a wildcard at the end of a label", "payloadprod*.blob.core.windows.net", "payloadprod*.blob.core.windows.net", endpoints.Glob},
		{"a wildcard at the front of a label", "*cdn.onenote.net", "*cdn.onenote.net", endpoints.Glob},
		{"a wildcard in the middle", "watson.*.microsoft.com", "watson.*.microsoft.com", endpoints.Glob},
		{"two wildcards", "*.kv*.example.com", "*.kv*.example.com", endpoints.Glob},
		{"a tenant's name", "{tenant}.sharepoint.com", "{tenant}.sharepoint.com", endpoints.Tenant},
		{"a tenant's name with more", "{Tenant}-my.sharepoint.com", "{tenant}-my.sharepoint.com", endpoints.Tenant},
		{"a tenant's name in the middle", "autodiscover.{tenant}.onmicrosoft.com", "autodiscover.{tenant}.onmicrosoft.com", endpoints.Tenant},
		{"a verified domain", "enterpriseenrollment.{domain}", "enterpriseenrollment.{domain}", endpoints.Tenant},
		{"a placeholder", "$domain-controller-kerberos", "$domain-controller-kerberos", endpoints.Placeholder},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h, err := endpoints.ParseHost(tt.in)
			if err != nil || h.String() != tt.want || h.Kind() != tt.kind || h.IsZero() {
				t.Errorf("ParseHost(%q) = %q, %v, %v, want %q, %v", tt.in, h, h.Kind(), err, tt.want, tt.kind)
			}
			if again, err := endpoints.ParseHost(h.String()); err != nil || again != h {
				t.Errorf("ParseHost(%q) = %q, %v, want the same again", h, again, err)
			}
		})
	}
}

func TestParseHostRefuses(t *testing.T) {
	tests := []struct{ name, in string }{
		{"nothing", ""},
		{"a dot", "."},
		{"two trailing dots", "a.example.."},
		{"an empty label", "a..example"},
		{"a leading dot", ".example"},
		{"white space", "a b.example"},
		{"a line break", "a.example\n"},
		{"a scheme", "https://a.example"},
		{"a path", "a.example/x"},
		{"a port", "a.example:443"},
		{"an address in brackets", "[2001:db8::7]"},
		{"an address with a zone", "fe80::1%eth0"},
		{"an address out of range", "192.0.2.256"},
		{"an address cut short", "192.0.2"},
		{"a number", "443"},
		{"a letter outside ASCII", "bücher.example"},
		{"a letter that becomes ASCII in lower case", "\u212Aelvin.example"},
		{"a hyphen at the front", "-a.example"},
		{"a hyphen at the end", "a-.example"},
		{"a label too long", strings.Repeat("a", 64) + ".example"},
		{"a name too long", strings.Repeat("a.", 127) + "example"},
		{"a wildcard alone", "*"},
		{"a wildcard in the last label", "example.*"},
		{"too many wildcards", "*a*.b*.c*.d*.example"},
		{"a lone dollar", "$"},
		{"a placeholder with spaces", "$domain controller"},
		{"a blank alone", "{tenant}"},
		{"a blank in the last label", "a.{tenant}"},
		{"a domain first", "{domain}"},
		{"a domain before the end", "a.{domain}.example"},
		{"an unknown blank", "{user}.example"},
		{"an open brace", "{tenant.example"},
		{"a blank behind letters", "a{tenant}.example"},
		{"two blanks", "{tenant}.{domain}"},
		{"a blank and a wildcard", "{tenant}*.example"},
		{"not UTF-8", "a\xff.example"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h, err := endpoints.ParseHost(tt.in)
			bad, ok := errors.AsType[*endpoints.Error](err)
			if !ok || bad.Value != tt.in || bad.Field != "host" || bad.Reason == "" || bad.Code != endpoints.BadValue {
				t.Errorf("ParseHost(%q) = %q, %v, want an Error", tt.in, h, err)
			}
			if !h.IsZero() {
				t.Errorf("ParseHost(%q) = %q, want the zero Host", tt.in, h)
			}
		})
	}
}

func TestHostMatch(t *testing.T) {
	tests := []struct {
		name, host, in string
		want           bool
	}{
		{"the name itself", "manage.microsoft.com", "manage.microsoft.com", true},
		{"in other letters, with a dot", "manage.microsoft.com", "MANAGE.Microsoft.com.", true},
		{"a name below an exact one", "manage.microsoft.com", "r.manage.microsoft.com", false},
		{"an address", "192.0.2.7", "192.0.2.7", true},
		{"an address written in another way", "2001:db8::7", "2001:0DB8:0::7", true},
		{"an address with a zone", "2001:db8::7", "2001:db8::7%1", false},
		{"a name below a suffix", "*.manage.microsoft.com", "r.manage.microsoft.com", true},
		{"two levels below a suffix", "*.manage.microsoft.com", "fef.msua01.manage.microsoft.com", true},
		{"the suffix itself", "*.manage.microsoft.com", "manage.microsoft.com", false},
		{"the suffix with a dot before it", "*.manage.microsoft.com", ".manage.microsoft.com", false},
		{"an empty label below a suffix", "*.manage.microsoft.com", "a..manage.microsoft.com", false},
		{"a name that ends alike", "*.manage.microsoft.com", "evilmanage.microsoft.com", false},
		{"a name that goes on", "*.manage.microsoft.com", "r.manage.microsoft.com.example", false},
		{"a wildcard in a label", "payloadprod*.blob.core.windows.net", "payloadprod123.blob.core.windows.net", true},
		{"no character for the wildcard", "payloadprod*.blob.core.windows.net", "payloadprod.blob.core.windows.net", true},
		{"a dot for the wildcard", "payloadprod*.blob.core.windows.net", "payloadprod.eu.blob.core.windows.net", false},
		{"another beginning", "payloadprod*.blob.core.windows.net", "xpayloadprod1.blob.core.windows.net", false},
		{"a wildcard between letters", "amsu*lmsas.blob.core.windows.net", "amsua0101lmsas.blob.core.windows.net", true},
		{"letters that would overlap", "aba*aba.example", "ababa.example", false},
		{"two wildcards in a label", "a*b*c.example", "axbxbxc.example", true},
		{"two wildcards without the middle", "a*b*c.example", "axxc.example", false},
		{"a wildcard at the front", "*cdn.onenote.net", "site-cdn.onenote.net", true},
		{"a wildcard at the front, for nothing", "*cdn.onenote.net", "cdn.onenote.net", true},
		{"a wildcard at the front, for a label", "*cdn.onenote.net", "site.cdn.onenote.net", false},
		{"a label in the middle", "autodiscover.*.onmicrosoft.com", "autodiscover.contoso.onmicrosoft.com", true},
		{"two labels in the middle", "autodiscover.*.onmicrosoft.com", "autodiscover.contoso.mail.onmicrosoft.com", false},
		{"no label in the middle", "autodiscover.*.onmicrosoft.com", "autodiscover.onmicrosoft.com", false},
		{"a leading wildcard and another, one label", "*.kv*.example.com", "a.kv1.example.com", true},
		{"a leading wildcard and another, two labels", "*.kv*.example.com", "a.b.kv1.example.com", true},
		{"a leading wildcard and another, no label", "*.kv*.example.com", "kv1.example.com", false},
		{"a tenant", "{tenant}-my.sharepoint.com", "contoso-my.sharepoint.com", true},
		{"no tenant", "{tenant}-my.sharepoint.com", "-my.sharepoint.com", false},
		{"a label that begins with a hyphen", "{tenant}.example", "-.example", false},
		{"a label that ends with a hyphen", "*.manage.microsoft.com", "r-.manage.microsoft.com", false},
		{"a number at the end", "enterpriseenrollment.{domain}", "enterpriseenrollment.contoso.1", false},
		{"a tenant with a dot", "{tenant}-my.sharepoint.com", "a.b-my.sharepoint.com", false},
		{"a tenant in the middle", "autodiscover.{tenant}.onmicrosoft.com", "autodiscover.contoso.onmicrosoft.com", true},
		{"a domain", "enterpriseenrollment.{domain}", "enterpriseenrollment.eu.contoso.com", true},
		{"a domain of one label", "enterpriseenrollment.{domain}", "enterpriseenrollment.local", false},
		{"a placeholder", "$resolver", "$resolver", false},
		{"the pattern itself", "*.manage.microsoft.com", "*.manage.microsoft.com", false},
		{"nothing", "*.manage.microsoft.com", "", false},
		{"a name with a port", "*.manage.microsoft.com", "r.manage.microsoft.com:443", false},
		{"a name too long", "*.example", strings.Repeat("a.", 127) + "example", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := mustHost(t, tt.host).Match(tt.in); got != tt.want {
				t.Errorf("%s: Match(%q) = %v, want %v", tt.host, tt.in, got, tt.want)
			}
		})
	}
	var zero endpoints.Host
	if zero.Match("") || zero.Match("example.com") || !zero.IsZero() || zero.Kind() != 0 || zero.Kind().String() != "none" {
		t.Error("the zero Host matches, or is not none")
	}
}

func TestHostExpand(t *testing.T) {
	tests := []struct {
		name, host, tenant, want string
	}{
		{"a name", "{tenant}.sharepoint.com", "contoso", "contoso.sharepoint.com"},
		{"a name in capitals", "{tenant}-my.sharepoint.com", "Contoso", "contoso-my.sharepoint.com"},
		{"a name in the middle", "autodiscover.{tenant}.onmicrosoft.com", "contoso", "autodiscover.contoso.onmicrosoft.com"},
		{"an initial domain gives the name", "{tenant}.sharepoint.com", "contoso.onmicrosoft.com", "contoso.sharepoint.com"},
		{"an initial domain of 21Vianet", "{tenant}.sharepoint.cn", "contoso.partner.onmschina.cn", "contoso.sharepoint.cn"},
		{"a verified domain", "enterpriseenrollment.{domain}", "contoso.com", "enterpriseenrollment.contoso.com"},
		{"a verified domain below another", "enterpriseenrollment.{domain}", "eu.contoso.com.", "enterpriseenrollment.eu.contoso.com"},
		{"a domain does not tell the name", "{tenant}.sharepoint.com", "contoso.com", ""},
		{"a name does not tell the domain", "enterpriseenrollment.{domain}", "contoso", ""},
		{"nothing can be created below an initial domain", "enterpriseenrollment.{domain}", "contoso.onmicrosoft.com", ""},
		{"a domain below an initial one", "enterpriseenrollment.{domain}", "mail.contoso.onmicrosoft.com", "enterpriseenrollment.mail.contoso.onmicrosoft.com"},
		{"no tenant", "{tenant}.sharepoint.com", "", ""},
		{"an address", "enterpriseenrollment.{domain}", "192.0.2.7", ""},
		{"a pattern", "enterpriseenrollment.{domain}", "*.contoso.com", ""},
		{"a URL", "{tenant}.sharepoint.com", "https://contoso", ""},
		{"a name too long for a label", "{tenant}-my.sharepoint.com", strings.Repeat("a", 62), ""},
		{"no blank to fill", "login.live.com", "contoso", "login.live.com"},
		{"no blank and no tenant", "*.sharepoint.com", "", "*.sharepoint.com"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := mustHost(t, tt.host)
			got, ok := h.Expand(tt.tenant)
			if got.String() != tt.want || ok != (tt.want != "") {
				t.Fatalf("%s: Expand(%q) = %q, %v, want %q", tt.host, tt.tenant, got, ok, tt.want)
			}
			if ok && h.Kind() == endpoints.Tenant && !h.Match(got.String()) {
				t.Errorf("%s does not match %s, which it expands to", h, got)
			}
		})
	}
}

func FuzzParseHost(f *testing.F) {
	for _, seed := range []string{
		"login.live.com", "*.manage.microsoft.com", "payloadprod*.blob.core.windows.net", "autodiscover.*.onmicrosoft.com",
		"{tenant}-my.sharepoint.com", "enterpriseenrollment.{domain}", "$resolver", "2001:db8::7", "192.0.2.7.", "a..b", "*.*.x",
	} {
		f.Add(seed, "a.manage.microsoft.com")
	}
	f.Fuzz(func(t *testing.T, pattern, name string) {
		h, err := endpoints.ParseHost(pattern)
		if (err != nil) != h.IsZero() {
			t.Fatalf("ParseHost(%q) = %q, %v", pattern, h, err)
		}
		if err != nil {
			if code(err) != endpoints.BadValue {
				t.Fatalf("ParseHost(%q): error without a code: %v", pattern, err)
			}
			return
		}
		if again, err := endpoints.ParseHost(h.String()); err != nil || again != h {
			t.Fatalf("ParseHost(%q) = %q, but ParseHost(%q) = %q, %v", pattern, h, h, again, err)
		}
		if h.Kind() == endpoints.Exact != h.Match(h.String()) {
			t.Fatalf("%v host %q matches itself: %v", h.Kind(), h, h.Match(h.String()))
		}
		if h.Match(name) {
			exact, err := endpoints.ParseHost(name)
			if err != nil || exact.Kind() != endpoints.Exact {
				t.Fatalf("%q matches %q, which is no exact host: %v", h, name, err)
			}
		}
		if filled, ok := h.Expand("contoso"); ok && h.Kind() == endpoints.Tenant && !h.Match(filled.String()) {
			t.Fatalf("%q does not match %q, which it expands to", h, filled)
		}
	})
}
