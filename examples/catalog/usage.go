package main

// usage is what -h prints.
const usage = `Catalog reads catalogues of the endpoints that Windows provisioning needs.

Usage:

  catalog validate FILE...              say what is wrong with files, or that
                                        nothing is
  catalog format FILE                   write a file in the built-in one's form
  catalog show [flags]                  list the endpoints, by service
  catalog match [flags] HOST[:PORT]...  list the endpoints that cover names
  catalog diff [flags] OLD [NEW]        list what differs, and what it means

A file "-" is standard input. Without NEW, OLD is compared with the catalogue of
-catalog.

Flags of show and diff; match takes -catalog, -scenario, -cloud and -format:

  -catalog FILE        a catalogue instead of the built-in one
  -scenario NAME       autopilot, hybrid-join, self-deploying,
                       pre-provisioning, device-preparation,
                       device-association, autopatch
  -cloud NAME          worldwide (the default, but for diff: all), gcc-high,
                       dod, china
  -region NAME         north-america, europe, asia-pacific, india, australia,
                       east-asia, switzerland, americas, eu-data-boundary
  -tpm MAKER           intel, amd, qualcomm, discrete
  -windows GENERATION  10, 11
  -features LIST       office-apps, store-apps, win32-apps, scripts,
                       compliance-health, remote-help, seamless-sso,
                       skip-domain-check; separated by commas
  -service LIST        only these services, separated by commas
  -all                 names that are no longer current, too
  -format NAME         text (the default), json
  -h                   print this text

Exit status: 0 valid, covered, no difference, or shown; 1 not valid or not in
its form, not covered, different, or nothing to show; 2 it could not be done, as
with a bad flag or a file that is no catalogue.
`
