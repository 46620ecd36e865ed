// Allowlist writes what a network has to let through for Windows provisioning,
// in the language of a firewall or a proxy.
//
// Usage:
//
//	allowlist -dialect name [flags]
//
// The dialects are:
//
//	hosts
//		One host a line, as documents write it.
//	csv
//		A table with services, ports, needs, exemptions and sources.
//	squid
//		Access lists, to be included in squid.conf.
//	pac
//		A proxy auto-configuration file that sends the hosts direct.
//	nft
//		nftables sets of the address ranges that Microsoft publishes.
//	edl
//		The external dynamic list, or threat feed, that enterprise firewalls
//		fetch: one name a line, exact or *.x.
//
// The flags that say for what the network is opened are:
//
//	-scenario name
//		What is provisioned: autopilot (the default), hybrid-join,
//		self-deploying, pre-provisioning, device-preparation,
//		device-association or autopatch.
//	-cloud name
//		The cloud of the tenant: worldwide (the default), gcc-high, dod or china.
//	-tenant names
//		The tenant's name, as in contoso, or a verified domain, as in
//		contoso.com, or both, separated by commas. It may be given more than
//		once. Without it, names that hold it are reported as missing.
//	-region name
//		Where the tenant's data lives. Without it, the hosts of all regions
//		are in the list.
//	-tpm maker
//		The maker of the devices' TPMs: intel, amd, qualcomm or discrete.
//		Without it, the hosts of all makers are in the list.
//	-windows generation
//		The generation of Windows on the devices: 10 or 11. Without it, the hosts
//		of both are in the list.
//	-features list
//		What the tenant uses, separated by commas. Without it, what any feature
//		needs is in the list; with it, what only others need is not. The word
//		none stands for no features.
//	-catalog file
//		Endpoints from a file instead of the built-in ones.
//
// The flags that say how to write it are:
//
//	-proxy list
//		In a PAC file, where everything else goes: proxies as in
//		proxy.contoso.com:3128, or URLs with the scheme http, https, socks4 or
//		socks5, separated by commas, in the order in which to try them. Without
//		it, the file says nothing of other hosts.
//	-no-comments
//		Leave the comments out of hosts and edl, for programs that know none.
//	-o file
//		Write to a file, which is only replaced by a complete one.
//
// The list goes to standard output. What it cannot say, such as a wildcard that
// the dialect has not, goes to standard error, with the reason, and into the
// comments of the list. Nothing is contacted.
//
// # Exit status
//
// The exit status is 0 if the list was written, even if there is something
// that it cannot say, and 2 if it was not, as with a bad flag or a bad file.
package main
