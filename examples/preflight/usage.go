package main

// usage is what -h prints.
const usage = `Preflight tells whether Windows Autopilot, device preparation or Autopatch will
work on the network that this machine is on, and if not, what stops it.

Usage: preflight [flags]

What is to work:

  -scenario NAME       autopilot (the default), hybrid-join, self-deploying,
                       pre-provisioning, device-preparation,
                       device-association, autopatch
  -cloud NAME          worldwide (the default), gcc-high, dod, china
  -tenant NAME         the tenant's name, as in contoso, or a verified domain,
                       as in contoso.com, or both and further domains,
                       separated by commas; without it, names that hold it are
                       not tested
  -ad-domain DOMAIN    with -scenario hybrid-join, the Active Directory domain
                       that devices join, as in corp.contoso.com; without it, no
                       domain controller is looked for
  -region NAME         where the tenant's data lives: north-america, europe,
                       asia-pacific, india, australia, east-asia, switzerland,
                       americas, eu-data-boundary; without it, one name for
                       each region is tested
  -tpm MAKER           of the devices' TPMs: intel, amd, qualcomm, discrete
  -windows GENERATION  on the devices: 10, 11; by default what either needs is
                       tested
  -features LIST       what the tenant uses, separated by commas: office-apps,
                       store-apps, win32-apps, scripts, compliance-health,
                       remote-help, seamless-sso, skip-domain-check
  -policy NAME         what a failure means: documented (the default) reads the
                       documents strictly, field as practice has it
  -catalog FILE        endpoints from a file instead of the built-in ones

How to measure:

  -resolver HOST:PORT  ask this DNS server, as in 10.0.0.53:53 or [fd00::53]:53,
                       instead of those of the machine; may be repeated, or a
                       list separated by commas
  -proxy URL           send web traffic through this proxy, as in
                       http://proxy.example:3128 or socks5://proxy.example:1080;
                       or "environment" for that of HTTP_PROXY and its like,
                       or "system" for that of the machine as a whole; by
                       default everything goes direct
  -roots FILE          trust the certificates of this PEM file as well
  -public-roots FILE   take the certificates of this PEM file for the public
                       authorities, instead of Mozilla's
  -timeout TIME        for one check: 10s, or 6s with -simulate
  -deadline TIME       for the run: 2m; what it cuts off counts as not run
  -concurrency N       how many checks at once: 128
  -all-addresses       try every address of a host, not only as many as it takes

What to do with the result:

  -format NAME         text (the default), json
  -o FILE              write the report to a file instead of standard output
  -fail-on VERDICT     the mildest verdict with exit status 1: blocked (the
                       default), degraded
  -list                print the plan and every host in it, and contact none
  -simulate FAULT      measure a simulated internet with this fault, or with
                       several, separated by commas; "-simulate list" names them
  -h                   print this text

Exit status: 0 ready or degraded; 1 blocked, or degraded with -fail-on degraded;
2 unproven, or nothing could be checked, as with a bad flag or a bad file.
`
