package main

// usage is what -h prints.
const usage = `Catalog reads catalogs of the endpoints that Windows provisioning needs.

Usage:

  catalog validate FILE...              check catalog files
  catalog format FILE                   write a catalog in canonical form
  catalog show [flags]                  list the endpoints, by service
  catalog match [flags] WHAT...         list the endpoints that cover a name, a
                                        name with a port or a URL, and the
                                        published ranges that contain an address
  catalog diff [flags] OLD [NEW]        list differences and their effect
  catalog drift [flags] [FILE...]       list differences from what Microsoft
                                        publishes

A file "-" is standard input. Without NEW, OLD is compared with the catalog
given by -catalog. Without FILE, drift queries the Microsoft 365 endpoint
service; a FILE is an extract of a document, or a folder of extracts.

Flags of show and diff; match and drift take -catalog, -scenario, -cloud and
-format:

  -catalog FILE        a catalog instead of the built-in one
  -scenario NAME       autopilot, hybrid-join, self-deploying,
                       pre-provisioning, device-preparation,
                       device-association, autopatch
  -cloud NAME          worldwide (the default; for diff and drift: all),
                       gcc-high, dod, china
  -region NAME         north-america, europe, asia-pacific, india, australia,
                       east-asia, switzerland, americas, eu-data-boundary
  -tpm VENDOR          intel, amd, qualcomm, discrete
  -windows GENERATION  10, 11
  -features LIST       office-apps, store-apps, win32-apps, scripts,
                       compliance-health, remote-help, seamless-sso,
                       skip-domain-check, mail; separated by commas; or none
  -service LIST        only these services, separated by commas
  -all                 include names that are no longer current
  -source TEXT         show: only those with this source, given by its key or
                       part of its title
  -older-than AGE      show: only those whose newest source is older than this
                       age at the catalog's date (90d, 6m, 1y) or than this date
                       (2025-11-30)
  -status LIST         show: current, legacy, retired, deprecated, unknown
  -known LIST          show: only those with a port that is known to answer
                       (confirmed), known not to (contradicted), or unknown
  -format NAME         text (the default), json
  -version             print the versions of the program and its catalog
  -h                   print this text

A decisive endpoint ("core" in JSON) decides alone: if it fails, its service
does not work.

Exit status: 0 valid, covered, no difference, or shown; 1 not valid, not in
canonical form, not covered, different, or nothing to show; 2 the command failed
because of a bad flag, an invalid file or a service that does not answer.
`
