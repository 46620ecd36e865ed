package main

// usage is what -h prints.
const usage = `Annotate tells what a proxy or a firewall saw of Windows provisioning: to which
service each host of its log belongs, in which phase it is used, and whether the
scenario requires it; what was required and denied or never asked for; and which
names no rule covers.

Usage: annotate [flags] [FILE]

It reads the log from FILE, or from standard input without one or if it is "-".
Nothing is contacted.

What the log is:

  -log FORMAT          auto (the default), which finds it by the first lines;
                       squid (its native log), clf (Common or Combined Log
                       Format), w3c (extended format of IIS, WinGate, Forefront
                       TMG), har (HTTP archive), hosts (one host, address or URL
                       a line)

By which rules it is read:

  -scenario NAME       autopilot (the default), hybrid-join, self-deploying,
                       pre-provisioning, device-preparation,
                       device-association, autopatch
  -cloud NAME          worldwide (the default), gcc-high, dod, china
  -tenant NAME         the tenant's name, as in contoso, or a verified domain,
                       as in contoso.com; with it, the tenant's own hosts are
                       told from those of others
  -region NAME         where the tenant's data lives: north-america, europe,
                       asia-pacific, india, australia, east-asia, switzerland,
                       americas, eu-data-boundary; without it, the hosts of no
                       region are reported as missing
  -tpm MAKER           of the devices' TPMs: intel, amd, qualcomm, discrete
  -features LIST       what the tenant uses, separated by commas: office-apps,
                       store-apps, win32-apps, scripts, compliance-health,
                       remote-help, seamless-sso, skip-domain-check
  -catalog FILE        endpoints from a file instead of the built-in ones

What to do with the result:

  -format NAME         text (the default), json
  -h                   print this text

Exit status: 0 no denied request for what the scenario requires was seen; 1 some
were; 2 the log could not be read, as with a bad flag, a bad file, or no request
in it.
`
