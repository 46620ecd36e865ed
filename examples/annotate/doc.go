// Annotate explains what the log of a proxy or firewall shows of Windows
// provisioning: each host's documented service, the phase that uses it, and
// whether the scenario requires it; the required hosts that were denied or never
// requested; and the names that no rule covers.
//
// Usage:
//
//	annotate [flags] [file]
//
// It reads the log from a file, or from standard input if there is no file or it
// is "-". Logs of any size need little memory. The command contacts nothing.
//
// Flags for the log:
//
//	-log format
//		The format of the log: squid (its native log), clf (the Common or the
//		Combined Log Format), w3c (the extended format of IIS, WinGate, Forefront
//		TMG and Windows Firewall), har (an HTTP archive), hosts (one host, address
//		or URL a line), dnsmasq (also Pi-hole), unbound, bind, zeek (ssl, dns and
//		http logs), or auto (the default), which detects it from the first lines.
//		Also adguard-home, azure-firewall, fortigate, paloalto-traffic,
//		paloalto-url, umbrella-dns and zscaler-web, which were made from the
//		vendors' documents and never compared with a real log.
//	-layout file
//		A description of the log's fields, for other logs of CSV, JSON lines or
//		key=value: which field has the host, the time and so on, and which words
//		mean denied. See traffic.Layout; the directory endpoints/traffic/layouts
//		has examples.
//
// Lines may come in syslog, and the log may be compressed by gzip or zstd.
//
// Flags for the scope:
//
//	-scenario name
//		What was provisioned: autopilot (the default), hybrid-join,
//		self-deploying, pre-provisioning, device-preparation,
//		device-association or autopatch.
//	-cloud name
//		The cloud of the tenant: worldwide (the default), gcc-high, dod or china.
//	-tenant names
//		The tenant's name, as in contoso, a verified domain, as in contoso.com, or
//		several of these, separated by commas. With it, the tenant's own hosts
//		are distinguished from those of other tenants.
//	-region name
//		Where the tenant's data is stored. Without it, no region's hosts are
//		reported as missing.
//	-tpm vendor
//		The devices' TPM vendor: intel, amd, qualcomm or discrete.
//	-windows generation
//		The devices' Windows version: 10 or 11. Without it, the hosts of both
//		count.
//	-features list
//		The features that the tenant uses, separated by commas, or none. A host
//		that only a feature needs is required if the feature is listed, and not
//		needed otherwise. Without the flag it is conditional.
//	-catalog file
//		Use the endpoints in this file instead of the built-in ones.
//
// Flags for the result:
//
//	-format name
//		The form of the report: text (the default), json, or html, a page with a
//		picture of the timeline. Package traffic documents the JSON.
//	-o file
//		Write to a file instead of standard output.
//
// # Exit status
//
// The exit status is 0 if the log shows requests that the scenario requires and
// none of them was denied or failed in the end. It is 1 if one was denied, or
// failed and did not succeed later. It is 2 if the log cannot tell: it has no
// such request, does not show how those to a host ended (as a list of hosts never
// does), or has denials for addresses that may be required; or if it could not be
// read: a bad flag, a file that cannot be opened, an unknown format, or an error
// in the middle, which is reported together with everything before it; or if it
// has more than one malformed line for ten requests. Malformed lines are counted.
// Missing hosts do not change it: a log shows what devices requested, not what
// would have been denied.
package main
