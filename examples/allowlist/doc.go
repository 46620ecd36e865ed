// Allowlist writes the hosts that a network must allow for Windows provisioning,
// in the format of a firewall or a proxy.
//
// Usage:
//
//	allowlist -dialect name [flags]
//
// The dialects are formats:
//
//	hosts
//		One host a line, as in the documents.
//	csv
//		A table with services, ports, needs, exemptions and sources.
//	squid
//		Access lists to include in squid.conf.
//	pac
//		A proxy auto-configuration file that sends the hosts direct.
//	nft
//		nftables sets of the address ranges that Microsoft publishes.
//	edl
//		The external dynamic list, or threat feed, that enterprise firewalls
//		fetch: one name a line, exact or *.x.
//
// Flags for the scope:
//
//	-scenario name
//		What is provisioned: autopilot (the default), hybrid-join,
//		self-deploying, pre-provisioning, device-preparation,
//		device-association or autopatch.
//	-cloud name
//		The cloud of the tenant: worldwide (the default), gcc-high, dod or china.
//	-tenant names
//		The tenant's name, as in contoso, a verified domain, as in contoso.com, or
//		several of these, separated by commas. Without it, names that contain
//		the tenant's name are reported as gaps.
//	-region name
//		Where the tenant's data is stored. Without it, the hosts of all regions
//		are in the list.
//	-tpm vendor
//		The devices' TPM vendor: intel, amd, qualcomm or discrete. Without it,
//		the hosts of all vendors are in the list.
//	-windows generation
//		The devices' Windows version: 10 or 11. Without it, the hosts of both
//		are in the list.
//	-features list
//		The features that the tenant uses, separated by commas, or none. Hosts
//		that only other features need are omitted. Without the flag, the hosts
//		of all features are in the list.
//	-catalog file
//		Use the endpoints in this file instead of the built-in ones.
//
// Flags for the output:
//
//	-proxy list
//		The proxies to which a PAC file sends everything else, in order and
//		separated by commas: as in proxy.contoso.com:3128, or URLs with the
//		scheme http, https, socks4 or socks5. Without it, the file decides
//		nothing for other hosts.
//	-no-comments
//		Omit comments from hosts and edl, for programs without comment support.
//	-o file
//		Write to a file. Only a complete list replaces an existing file.
//
// The list goes to standard output. Gaps that it cannot express, such as a
// wildcard that the dialect does not support, go to standard error with the
// reason, and into the comments of the list. The command contacts nothing.
//
// # Exit status
//
// The exit status is 0 if the list was written, even with gaps, and 2 if not,
// for example because of a bad flag or file.
package main
