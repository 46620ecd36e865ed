// Preflight tells whether Windows provisioning will finish on the network of
// this machine. If not, it says what stops it and what to change.
//
// Usage:
//
//	preflight [flags]
//
// It plans the checks from what Microsoft documents for a scenario, measures
// them as a device would, and writes a report: the verdict, the causes of
// failures with their remedies, and the state of each service.
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
//		several of these, separated by commas. Without it, tenant-specific names
//		are not tested.
//	-ad-domain domain
//		With -scenario hybrid-join, the Active Directory domain that devices
//		join, as in corp.contoso.com. The checks find its domain controllers by
//		their SRV records and connect to them. Without it, domain controllers
//		are not tested.
//	-region name
//		Where the tenant's data is stored. Without it, one name for each region
//		is tested.
//	-tpm vendor
//		The devices' TPM vendor: intel, amd, qualcomm or discrete.
//	-windows generation
//		The devices' Windows version: 10 or 11. By default, the needs of both
//		are tested.
//	-features list
//		The features that the tenant uses, separated by commas, or none. Hosts
//		that only a feature needs are needed if it is listed.
//	-device file
//		What you know about the devices and licenses, as JSON in UTF-8:
//		{"edition": "pro", "build": "26100.3323", "service_plans": ["id"],
//		"other_mdm": false}. Editions are pro, pro-education, pro-workstations,
//		enterprise, enterprise-ltsc, education, iot-enterprise, home and other. The
//		ids are those of the service plans (servicePlanId) that are assigned to a
//		user and enabled; an empty list means that there are none. What the file
//		leaves out is not checked. If it names neither edition nor build, they are read
//		from this machine if it runs Windows; a note says so.
//	-baseline file
//		The report of a network that works, such as a mobile hotspot, in JSON or
//		as -field writes it. Hosts that fail alike there are not held against
//		this network. It has to be ready or degraded, and complete.
//	-policy name
//		What a failure means: documented (the default) reads the documents
//		strictly, field follows practical experience.
//	-catalog file
//		Use the endpoints in this file instead of the built-in ones.
//
// Flags for measuring:
//
//	-resolver address:port
//		Use this DNS server instead of the machine's. Repeat the flag or
//		separate several by commas.
//	-proxy URL
//		Send web traffic through this proxy, as in http://proxy.example:3128 or
//		socks5://proxy.example:1080. The word environment means the proxy in
//		HTTP_PROXY, HTTPS_PROXY and NO_PROXY, and system the machine-wide one,
//		which is WinHTTP's on Windows. By default everything goes direct.
//	-roots file
//		Also trust the certificates in this PEM file, as the devices do.
//	-public-roots file
//		Use the certificates in this PEM file as public roots
//		instead of Mozilla's.
//	-timeout duration
//		Limit each check to this time: 10s by default, 6s with -simulate.
//	-deadline duration
//		Limit the run to this time: 2m by default. Checks cut off count as not
//		run, never as failed.
//	-concurrency n
//		Let this many checks be answered at once: 512 by default. Checks that
//		only wait do not count.
//	-all-addresses
//		Try every address of a host, not only until one works.
//
// Flags for the result:
//
//	-format name
//		The form of the report: text (the default), markdown for a ticket, html
//		for a page to mail, json for the whole report, brief for that without
//		observations, line for the outcome on one line, junit for CI servers, or
//		openmetrics for monitoring.
//	-o file
//		Write the report to a file. Only a complete report replaces an existing
//		file.
//	-field file
//		Also write what this network showed, if it is ready or degraded, to a
//		file that can be given to others or to -baseline: without addresses,
//		resolvers, proxies, tenants, domains and texts of your own. It is
//		printed on standard error first.
//	-untested
//		List the endpoints that no request can test, instead of counting them.
//	-fail-on verdict
//		The mildest verdict with exit status 1: blocked (the default) or
//		degraded.
//	-list
//		Print the plan and all its hosts; contact nothing.
//	-from file
//		Judge a report that -format json wrote again, under the scope, policy,
//		catalog, device facts and baseline that the other flags give. What they
//		do not give is as in the report. Nothing is contacted.
//	-diff before after
//		Say what changed between two reports in JSON, as text or json. Nothing
//		is contacted.
//	-watch duration
//		Measure again this long after each run, until interrupted: 10s to 24h.
//		Print the first report, then what changed since the run before, which
//		checks flap, and which are down. With -format line, print a line for
//		each run.
//	-simulate fault
//		Measure a simulated internet with this fault, or with several,
//		separated by commas. "-simulate list" names them. Nothing real is
//		contacted.
//
// With -version, preflight prints the versions of itself and of its catalog.
//
// The report goes to standard output, in color if that is a terminal and the
// variable NO_COLOR is not set. Progress goes to standard error, and only if
// that is a terminal. An interrupt ends the run; the report then covers what
// was measured before.
//
// # Exit status
//
// The exit status is 0 if the verdict is ready or degraded, 1 if it is blocked
// (or degraded, with -fail-on degraded), and 2 if it is unproven or the command
// failed, for example because of a bad flag or file. A command that fails has
// contacted nothing, unless it failed to write the report. With -diff it is 0 if
// no check regressed with consequences, and 1 if one did. With -watch it is that
// of the last complete run.
package main
