package main

// usage is what -h prints.
const usage = `Allowlist writes what a network must allow for Windows Autopilot, device
preparation or Autopatch, in the format of a firewall or a proxy.

Usage: allowlist -dialect NAME [flags]

  -dialect NAME        hosts: one host a line, as in the documents
                       csv: a table with ports, needs, exemptions and sources
                       squid: access lists to include in squid.conf
                       pac: a proxy auto-configuration file that sends the
                       hosts direct
                       nft: nftables sets of published address ranges
                       edl: the external dynamic list of enterprise firewalls

Scope:

  -scenario NAME       autopilot (the default), hybrid-join, self-deploying,
                       pre-provisioning, device-preparation,
                       device-association, autopatch
  -cloud NAME          worldwide (the default), gcc-high, dod, china
  -tenant NAMES        the tenant's name, as in contoso, a verified domain, as
                       in contoso.com, or several of these, separated by
                       commas; without it, tenant-specific names are gaps
  -region NAME         where the tenant's data is stored: north-america, europe,
                       asia-pacific, india, australia, east-asia, switzerland,
                       americas, eu-data-boundary; without it, all regions
  -tpm VENDOR          the TPM vendor: intel, amd, qualcomm, discrete;
                       without it, all vendors
  -windows GENERATION  10, 11; without it, both
  -features LIST       what the tenant uses, separated by commas: office-apps,
                       store-apps, win32-apps, scripts, compliance-health,
                       remote-help, seamless-sso, skip-domain-check, mail; or
                       none; without it, what any of them needs is in the list
  -catalog FILE        endpoints from a file instead of the built-in ones

Output:

  -proxy LIST          the proxies to which a PAC file sends everything else,
                       as in proxy.contoso.com:3128 or socks5://10.0.0.1:1080,
                       separated by commas
  -no-comments         omit comments from hosts and edl
  -o FILE              write to a file instead of standard output
  -version             print the versions of the program and its catalog
  -h                   print this text

Gaps that the list cannot express go to standard error, with the reason.

Exit status: 0 the list was written; 2 it was not (a bad flag or file).
`
