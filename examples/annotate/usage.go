package main

// usage is what -h prints.
const usage = `Annotate explains what the log of a proxy or firewall shows of Windows
provisioning: each host's service, the phase that uses it, and whether the
scenario requires it; the required hosts that were denied or never requested;
and the names that no rule covers.

Usage: annotate [flags] [FILE]

It reads the log from FILE, or from standard input if there is no FILE or it is
"-". It contacts nothing.

Log:

  -log FORMAT          auto (the default), detected from the first lines;
                       squid (its native log), clf (Common or Combined Log
                       Format), w3c (extended format of IIS, WinGate, Forefront
                       TMG, Windows Firewall), har (HTTP archive), hosts (one
                       host, address or URL a line), dnsmasq (also Pi-hole),
                       unbound, bind, zeek (ssl, dns and http logs);
                       adguard-home, azure-firewall, fortigate,
                       paloalto-traffic, paloalto-url, umbrella-dns,
                       zscaler-web (these were made from documents and never
                       compared with a real log)
  -layout FILE         a description of the log's fields instead: CSV, JSON
                       lines or key=value

The lines may come in syslog, and the log may be compressed by gzip or zstd.

Scope:

  -scenario NAME       autopilot (the default), hybrid-join, self-deploying,
                       pre-provisioning, device-preparation,
                       device-association, autopatch
  -cloud NAME          worldwide (the default), gcc-high, dod, china
  -tenant NAMES        the tenant's name, as in contoso, a verified domain, as
                       in contoso.com, or several of these, separated by
                       commas; distinguishes the tenant's own hosts from those
                       of other tenants
  -region NAME         where the tenant's data is stored: north-america, europe,
                       asia-pacific, india, australia, east-asia, switzerland,
                       americas, eu-data-boundary; without it, no region's
                       hosts are reported as missing
  -tpm VENDOR          the TPM vendor: intel, amd, qualcomm, discrete
  -windows GENERATION  on the devices: 10, 11; without it, both
  -features LIST       what the tenant uses, separated by commas: office-apps,
                       store-apps, win32-apps, scripts, compliance-health,
                       remote-help, seamless-sso, skip-domain-check, mail; or
                       none; without it, what only some of them need is
                       conditional
  -catalog FILE        endpoints from a file instead of the built-in ones

Result:

  -format NAME         text (the default), json, html (a page with a picture of
                       the timeline, which needs nothing else)
  -o FILE              write to a file instead of standard output
  -version             print the versions of the program and its catalog
  -h                   print this text

A host marked decisive decides alone: without it, its service does not work.

Exit status: 0 the log shows requests that the scenario requires, and none was
denied or failed in the end; 1 some were; 2 the log cannot tell, or could not be
read (a bad flag or file, no requests).
`
