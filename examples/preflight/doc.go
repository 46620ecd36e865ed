// Preflight tells whether Windows provisioning will finish on the network that
// this machine is on, and if not, what stops it and what has to change.
//
// Usage:
//
//	preflight [flags]
//
// It plans the checks from what Microsoft documents for a scenario, measures
// them as a device would, and writes a report: the verdict, the causes of what
// fails with a remedy for each, and how each service fares.
//
// The flags that say what is to work on the network are:
//
//	-scenario name
//		What is provisioned: autopilot (the default), hybrid-join,
//		self-deploying, pre-provisioning, device-preparation,
//		device-association or autopatch.
//	-cloud name
//		The cloud of the tenant: worldwide (the default), gcc-high, dod or china.
//	-tenant name
//		The tenant's name, as in contoso, or a verified domain, as in
//		contoso.com, or both and further domains, separated by commas.
//		Without it, names that hold it are not tested.
//	-ad-domain domain
//		With -scenario hybrid-join, the Active Directory domain that devices
//		join, as in corp.contoso.com. Its domain controllers are found by their
//		SRV records, and connected to. Without it, none is looked for.
//	-region name
//		Where the tenant's data lives. Without it, one name for each region is
//		tested.
//	-tpm maker
//		The maker of the devices' TPMs: intel, amd, qualcomm or discrete.
//	-windows generation
//		The generation of Windows on the devices: 10 or 11. By default what
//		either needs is tested.
//	-features list
//		What the tenant uses, separated by commas. What only a feature needs
//		counts as needed if it is listed.
//	-policy name
//		What a failure means: documented (the default) reads the documents
//		strictly, field as practice has it.
//	-catalog file
//		Endpoints from a file instead of the built-in ones.
//
// The flags that say how to measure are:
//
//	-resolver address:port
//		Ask this DNS server instead of those of the machine. It may be given
//		more than once, or as a list separated by commas.
//	-proxy URL
//		Send web traffic through this proxy, as in http://proxy.example:3128 or
//		socks5://proxy.example:1080. The word environment stands for the proxy
//		of HTTP_PROXY, HTTPS_PROXY and NO_PROXY, and system for that of the
//		machine as a whole, which is WinHTTP's on Windows. By default everything
//		goes direct.
//	-roots file
//		Trust the certificates of this PEM file as well, as the devices do.
//	-public-roots file
//		Take the certificates of this PEM file for the public authorities,
//		instead of Mozilla's.
//	-timeout duration
//		Give each check this long: 10s by default, 6s with -simulate.
//	-deadline duration
//		Give the run this long: 2m by default. What is cut off counts as
//		not run, never as failed.
//	-concurrency n
//		Make this many checks at once: 128 by default.
//	-all-addresses
//		Try every address of a host, not only as many as it takes.
//
// The flags that say what to do with the result are:
//
//	-format name
//		The form of the report: text (the default) or json.
//	-o file
//		Write the report to a file, which is only replaced by a complete one.
//	-fail-on verdict
//		The mildest verdict with exit status 1: blocked (the default) or
//		degraded.
//	-list
//		Print the plan and every host in it, and contact none.
//	-simulate fault
//		Measure a simulated internet with this fault, or with several,
//		separated by commas. "-simulate list" names them. Nothing is contacted.
//
// The report goes to standard output. Progress goes to standard error, and only
// if that is a terminal. An interrupt ends the run: the report is of what was
// measured until then.
//
// # Exit status
//
// The exit status is 0 if the verdict is ready or degraded, 1 if it is blocked
// (or degraded, with -fail-on degraded), and 2 if it is unproven or if nothing
// could be checked, as with a bad flag or a bad file. In that last case nothing
// was contacted, unless only the report could not be written.
package main
