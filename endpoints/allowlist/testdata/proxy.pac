// Sends the hosts that Windows provisioning needs direct, bypassing the proxy.
// Scope: autopilot, worldwide, tenant contoso
// Catalog: version 2026-01-02.1, checked against its sources on 2026-01-02
// Hosts: 18
//
// Gaps that this list cannot express: 5
//   $wpad (web) on tcp/443 https: is specific to this network
//   192.0.2.7 (other) on icmp ping, tcp/400-500 own: is not web traffic; allow it in the firewall
//   enroll.{domain} (web) on tcp/443 https: needs a verified domain of the tenant
//   mail.contoso.com (other) on tcp/25 smtp: is not web traffic; allow it in the firewall
//   time.contoso.com (other) on udp/123 ntp: is not web traffic; allow it in the firewall
//
// shared.contoso.com: a proxy that adds tenant restriction headers no longer sees it.

var netreadyNames = {
	"192.0.2.7": true,
	"2001:db8::7": true,
	"a.cdn.example": true,
	"cdn.example": true,
	"contoso-my.other.example": true,
	"contoso.files.example": true,
	"legacy.contoso.com": true,
	"login.contoso.com": true,
	"mail.contoso.com": true,
	"shared.contoso.com": true
};
var netreadyPatterns = [
	"*.b.cdn.example",
	"*.cdn.example",
	"*.files.example"
];
var netreadyExpressions = [
	/^([^.]+\.)+deep[^.]*\.example$/,
	/^_ldap\.contoso\.com$/,
	/^in\.[^.]+\.example$/,
	/^payload[^.]*\.blob\.example$/
];

// netreadyDirect tells whether a host is one of these.
function netreadyDirect(host) {
	var i;
	host = host.toLowerCase().replace(/^\[|\]$|\.$/g, "");
	if (Object.prototype.hasOwnProperty.call(netreadyNames, host)) {
		return true;
	}
	for (i = 0; i < netreadyPatterns.length; i++) {
		if (shExpMatch(host, netreadyPatterns[i])) {
			return true;
		}
	}
	for (i = 0; i < netreadyExpressions.length; i++) {
		if (netreadyExpressions[i].test(host)) {
			return true;
		}
	}
	return false;
}

function FindProxyForURL(url, host) {
	return netreadyDirect(host) ? "DIRECT" : "PROXY proxy.contoso.com:3128; SOCKS5 [2001:db8::1]:1080; SOCKS [2001:db8::1]:1080";
}
