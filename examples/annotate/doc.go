// Annotate tells what a proxy or a firewall saw of Windows provisioning: which
// documented service each host of its log belongs to, in which phase that is
// used, and whether the scenario requires it; what was required and denied or
// never asked for; and which names no rule covers.
//
// Usage:
//
//	annotate [flags] [file]
//
// It reads the log from a file, or from standard input without one or if it is
// "-". A log of any size is read in little memory. Nothing is contacted.
//
// The flags that say what the log is are:
//
//	-log format
//		The format of the log: squid (its native log), clf (the Common or the
//		Combined Log Format), w3c (the extended format of IIS, WinGate, Forefront
//		TMG), har (an HTTP archive), hosts (one host, address or URL a line), or
//		auto (the default), which finds it by the first lines.
//
// The flags that say by which rules it is read are:
//
//	-scenario name
//		What was provisioned: autopilot (the default), hybrid-join,
//		self-deploying, pre-provisioning, device-preparation,
//		device-association or autopatch.
//	-cloud name
//		The cloud of the tenant: worldwide (the default), gcc-high, dod or china.
//	-tenant name
//		The tenant's name, as in contoso, or a verified domain, as in
//		contoso.com. With it, the tenant's own hosts are told from those of others.
//	-region name
//		Where the tenant's data lives. Without it, the hosts of no region are
//		reported as missing.
//	-tpm maker
//		The maker of the devices' TPMs: intel, amd, qualcomm or discrete.
//	-features list
//		What the tenant uses, separated by commas. What only a feature needs
//		counts as required if it is listed.
//	-catalog file
//		Endpoints from a file instead of the built-in ones.
//
// The flag that says what to do with the result is:
//
//	-format name
//		The form of the report: text (the default) or json. The JSON document is
//		that of the package traffic, and so are its promises.
//
// # Exit status
//
// The exit status is 0 if no denied request for what the scenario requires was
// seen, 1 if some were, and 2 if the log could not be read: a bad flag, a file
// that cannot be opened, a format that is not known, not one request in it, or
// an error in the middle, which is reported together with what was read until
// then. Lines that are not understood are counted and do not change the
// status. Nor do required hosts that are missing: a log shows what devices
// asked for, and not what they would have been refused. A list of hosts, which
// does not tell what was denied, gives 0, and the report says so.
package main
