package main

// usage is what -h prints.
const usage = `Preflight tells whether Windows Autopilot, device preparation or Autopatch will
work on the network that this machine is on, and if not, what stops it.

Usage: preflight [flags]

Flags that most runs need:

  -scenario NAME       autopilot (the default), hybrid-join, self-deploying,
                       pre-provisioning, device-preparation,
                       device-association, autopatch
  -tenant NAMES        the tenant's name, as in contoso, a verified domain, as
                       in contoso.com, or several of these, separated by
                       commas; without it, tenant-specific names are skipped
  -proxy URL           send web traffic through this proxy, as in
                       http://proxy.example:3128 or socks5://proxy.example:1080;
                       or "environment" for HTTP_PROXY and related variables,
                       or "system" for this machine's setting; by
                       default, everything goes direct
  -format NAME         text (the default); markdown, for a ticket; html, a page
                       to mail; json, the whole report; brief, that without
                       observations; line, the outcome on one line; junit, for
                       CI servers; openmetrics, for monitoring
  -o FILE              write the report to a file instead of standard output
  -list                print the plan and all its hosts; contact nothing
  -simulate FAULT      measure a simulated internet with this fault, or
                       several, separated by commas; "-simulate list" names them
  -h                   print this text

What else to say about the devices and the tenant:

  -cloud NAME          worldwide (the default), gcc-high, dod, china
  -ad-domain DOMAIN    with -scenario hybrid-join, the Active Directory domain
                       that devices join, as in corp.contoso.com; without it,
                       domain controllers are not tested
  -region NAME         where the tenant's data is stored: north-america, europe,
                       asia-pacific, india, australia, east-asia, switzerland,
                       americas, eu-data-boundary; without it, one name for
                       each region is tested
  -tpm VENDOR          the TPM vendor: intel, amd, qualcomm, discrete
  -windows GENERATION  on the devices: 10, 11; by default, the needs of both are
                       tested
  -features LIST       what the tenant uses, separated by commas: office-apps,
                       store-apps, win32-apps, scripts, compliance-health,
                       remote-help, seamless-sso, skip-domain-check, mail; or
                       none
  -device FILE         what you know about the devices and licenses, as JSON:
                       {"edition": "pro", "build": "26100.3323",
                       "service_plans": ["ID", ...], "other_mdm": false};
                       omitted facts are not checked; if it has neither edition
                       nor build, those of this machine are used (on Windows)

How else to measure:

  -resolver HOST:PORT  ask this DNS server, as in 10.0.0.53:53 or [fd00::53]:53,
                       instead of those of the machine; may be repeated, or a
                       list separated by commas
  -roots FILE          also trust the certificates in this PEM file
  -public-roots FILE   use the certificates in this PEM file as public roots
                       instead of Mozilla's
  -timeout TIME        limit for one check: 10s, or 6s with -simulate
  -deadline TIME       limit for the run: 2m; checks cut off count as not run
  -concurrency N       number of checks answered at once: 512
  -all-addresses       try every address of a host, not only until one works
  -catalog FILE        endpoints from a file instead of the built-in ones

How else to judge and report:

  -policy NAME         what a failure means: documented (the default) reads the
                       documents strictly, field follows practical experience
  -baseline FILE       the report of a network that works, such as a mobile
                       hotspot, as -format json or -field writes it: hosts that
                       fail alike there are not held against this network
  -fail-on VERDICT     exit with status 1 from this verdict on: blocked (the
                       default), degraded
  -untested            list the endpoints that no request can test, instead of
                       counting them
  -field FILE          also write what this network showed, without anything
                       private, to a file to give to others or to -baseline;
                       shown on standard error first; not if blocked or unproven
  -version             print the versions of the program and its catalog

Saved reports and repeated runs:

  -from FILE           judge a report that -format json wrote again, with the
                       scope, policy, catalog, device and baseline flags given
                       here; contact nothing
  -diff BEFORE AFTER   say what changed between two reports in JSON, as text or
                       json; contact nothing
  -watch TIME          measure again this long after each run, until
                       interrupted, and print what changed; with -format line,
                       a line for each run

Exit status: 0 ready or degraded; 1 blocked, or degraded with -fail-on degraded;
2 unproven, or nothing could be checked, as with a bad flag or a bad file. With
-diff: 0 nothing got worse; 1 something did; 2 nothing could be compared. With
-watch, the status is that of the last run.
`
